"""Simulated learners behave like people, and the same seed makes the same people."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from app.learning.course import Course
from app.learning.people import Learner, Track
from app.learning.reviews import Grade
from app.learning.scheduling import Memory, remember
from app.learning.simulation import Habits, Sitting, leave_unfinished, simulate, some_habits

DAYS = [date(2026, 2, 1) + timedelta(days=n) for n in range(60)]
ANNA = Learner(
    1, None, 7, datetime(2026, 2, 1, tzinfo=UTC), "Europe/Amsterdam", Track.KERN, 2, True
)
HABITS = Habits(ability=1.0, attendance=0.8, reach=1.0, pace=8.0, hour=20)


def sittings(course: Course, habits: Habits = HABITS, seed: int = 1) -> list[Sitting]:
    return list(simulate(course, ANNA, habits, DAYS, Random(seed)))


def test_the_same_seed_makes_the_same_grades_and_another_seed_others(small_course: Course) -> None:
    assert sittings(small_course) == sittings(small_course)
    assert sittings(small_course) != sittings(small_course, seed=2)


def test_a_card_is_answered_only_after_its_lesson_was_opened_and_when_it_is_due(
    small_course: Course,
) -> None:
    opened: list[str] = []
    memories: dict[str, Memory] = {}
    for sitting in sittings(small_course):
        opened += sitting.opened
        offered = small_course.cards_of_lessons(opened, Track.KERN)
        new = set()
        for review in sitting.reviews:
            memory = memories.get(review.card)
            assert review.card in offered
            assert memory is None or memory.due_on <= review.day
            if memory is None:
                new.add(review.card)
            memories[review.card] = remember(memory, review, ANNA.spacing)
        assert len(new) <= ANNA.rhythm.new_a_day
        assert not any(memory.is_forgotten for memory in memories.values())
    assert opened == ["hoofdstuk1/eerste-les", "hoofdstuk1/tweede-les"]


def test_every_answer_lies_on_its_own_day_and_after_the_one_before(small_course: Course) -> None:
    reviews = [review for sitting in sittings(small_course) for review in sitting.reviews]
    assert [review.day for review in reviews] == [ANNA.day_at(r.reviewed_at) for r in reviews]
    moments = [review.reviewed_at for review in reviews]
    assert moments == sorted(moments) and len({review.id for review in reviews}) == len(reviews)


def test_whoever_is_less_able_forgets_more(small_course: Course) -> None:
    def missed(ability: float) -> float:
        habits = Habits(ability, attendance=1.0, reach=1.0, pace=8.0, hour=20)
        grades = [
            review.grade
            for seed in range(20)
            for sitting in sittings(small_course, habits, seed)
            for review in sitting.reviews
        ]
        return grades.count(Grade.AGAIN) / len(grades)

    assert missed(0.5) < missed(1.0) < missed(3.0)


def test_a_sitting_left_unfinished_ends_at_a_card_that_was_forgotten(small_course: Course) -> None:
    whole = sittings(small_course)
    left = leave_unfinished(whole)
    assert left[:-1] == whole[:-1]
    assert left[-1].reviews[-1].grade is Grade.AGAIN
    assert left[-1].reviews[:-1] == whole[-1].reviews[:-1]


@pytest.mark.parametrize("seed", range(5))
def test_everybody_studies_on_the_first_day(small_course: Course, seed: int) -> None:
    habits = some_habits(Random(seed))
    assert sittings(small_course, habits, seed)[0].reviews[0].day == DAYS[0]
