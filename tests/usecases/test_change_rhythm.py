"""Choices about time move due days at once, back again when they are changed back, and for ever
in step with the log."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest

from app.learning.course import Course
from app.learning.people import Learner
from app.learning.reviews import Grade, Review
from app.learning.rhythm import Rhythm
from app.learning.scheduling import Memory
from app.storage import learners, reviews
from app.usecases.change_rhythm import change_rhythm
from app.usecases.check_data import check_data
from app.usecases.rebuild_memory import rebuild_memory
from app.usecases.record_reviews import record_reviews
from app.usecases.undo_review import undo_review
from tests.conftest import Clock

CARDS = ["band-afstand", "band-engels", "band-lena", "band-verschil", "band-keuze"]


@pytest.fixture
def with_past(small_course: Course, anna: Learner, clock: Clock) -> dict[str, Memory]:
    """What Anna remembers after five weeks, in which she answered now and then."""
    random = Random(5)
    for number in range(60):
        clock.forward(hours=random.choice([0, 1, 20, 30]))
        card, grade = random.choice(CARDS), random.choices(list(Grade), [1, 1, 7, 1])[0]
        answer(small_course, anna, clock, card, grade, number)
    return reviews.memories_of(anna.id)


def answer(
    course: Course, learner: Learner, clock: Clock, card: str, grade: Grade, number: int
) -> Review:
    clock.forward(seconds=10)
    day = learner.day_at(clock())
    event = Review(UUID(int=number + 1), card, grade, clock(), day, 4000)
    assert record_reviews(course, learner, [event], clock()).accepted == [event.id]
    return event


def test_another_retention_moves_days_and_changing_back_gives_each_its_day_again(
    anna: Learner, with_past: dict[str, Memory]
) -> None:
    change_rhythm(anna, Rhythm(retention=75))
    moved = reviews.memories_of(anna.id)
    assert moved != with_past
    assert {
        card: replace(memory, due_on=with_past[card].due_on) for card, memory in moved.items()
    } == with_past
    assert all(memory.due_on >= with_past[card].due_on for card, memory in moved.items())
    change_rhythm(anna, Rhythm())
    assert reviews.memories_of(anna.id) == with_past


@pytest.mark.parametrize(
    "chosen",
    [{"retention": 97}, {"easy_days": frozenset({0, 2, 5})}, {"exam_retention": 80}, {"exam": 20}],
)
def test_what_was_chosen_stays_equal_to_the_log(
    small_course: Course,
    anna: Learner,
    clock: Clock,
    with_past: dict[str, Memory],
    chosen: dict[str, object],
) -> None:
    if "exam" in chosen:
        chosen = {"exam_on": anna.day_at(clock()) + timedelta(days=20)}
    rhythm = Rhythm(**chosen)  # type: ignore[arg-type]
    change_rhythm(anna, rhythm)
    assert list(check_data()) == []
    present = learners.learner_of(anna.id)
    assert present is not None
    assert present.rhythm == rhythm
    for number in range(100, 110):
        clock.forward(days=2)
        event = answer(small_course, present, clock, CARDS[number % 5], Grade.GOOD, number)
    undo_review(present, event.id, clock())
    kept = reviews.memories_of(anna.id)
    assert list(check_data()) == []
    rebuild_memory(anna)  # as somebody who was read before the change
    assert reviews.memories_of(anna.id) == kept


def test_a_grade_that_was_under_way_while_the_settings_changed_holds_to_the_settings(
    small_course: Course, anna: Learner, clock: Clock, with_past: dict[str, Memory]
) -> None:
    """The session was read, then the settings changed, then the grade was written."""
    change_rhythm(anna, Rhythm(retention=70))
    clock.forward(days=30)
    event = answer(small_course, anna, clock, "band-afstand", Grade.GOOD, 200)
    answer(small_course, anna, clock, "band-keuze", Grade.EASY, 201)
    assert list(check_data()) == []
    undo_review(anna, event.id, clock())
    assert list(check_data()) == []


def test_a_pause_and_fewer_new_cards_leave_every_memory_alone(
    anna: Learner,
    clock: Clock,
    with_past: dict[str, Memory],
    count_queries: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    later = anna.day_at(clock()) + timedelta(days=9)
    with count_queries() as queries:
        change_rhythm(anna, Rhythm(new_a_day=2, paused_until=later))
    assert not [sql for sql in queries if "memory" in sql]
    assert reviews.memories_of(anna.id) == with_past


def test_the_choices_of_one_are_not_those_of_another(
    anna: Learner, bram: Learner, with_past: dict[str, Memory]
) -> None:
    change_rhythm(bram, Rhythm(retention=75, easy_days=frozenset({6})))
    present = learners.learner_of(anna.id)
    assert present is not None
    assert present.rhythm == Rhythm()
    assert reviews.memories_of(anna.id) == with_past
