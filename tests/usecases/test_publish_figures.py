"""Somebody who keeps every figure ever published learns nothing about fewer than five people."""

from datetime import timedelta
from itertools import combinations
from random import Random
from uuid import UUID

import pytest

from app.learning.cohort_figures import SMALLEST_GROUP, Figure, hardest_first, sum_of_figures
from app.learning.cohorts import Cohort, cohort_day
from app.learning.course import Course
from app.learning.people import Learner
from app.learning.reviews import Grade, Review
from app.storage import cohort_figures, reviews
from app.usecases.begin_as_guest import begin_as_guest
from app.usecases.create_cohort import create_cohort
from app.usecases.invite_instructor import invite_instructor
from app.usecases.join_cohort import join_cohort, leave_cohort
from app.usecases.publish_figures import publish_figures
from app.usecases.record_reviews import record_reviews
from app.usecases.show_subject_matter import show_subject_matter
from tests.conftest import MONDAY, Clock

CARD = "band-afstand"
# What each person adds to the figure of the card: (returned, remembered).
Parts = dict[int, tuple[int, int]]


@pytest.fixture
def cohort(db_url: str, small_course: Course, clock: Clock) -> Cohort:
    invite_instructor("docent@voorbeeld.nl", clock())
    today = cohort_day(clock())
    return create_cohort(
        small_course, "docent@voorbeeld.nl", name="B", institution="", starts_on=today, weeks=2
    )


class Scene:
    def __init__(self, course: Course, cohort: Cohort, clock: Clock, seed: int = 1) -> None:
        self.course, self.cohort, self.clock = course, cohort, clock
        self.random = Random(seed)
        self.members: list[Learner] = []

    def enter(self) -> Learner:
        learner = begin_as_guest("Europe/Amsterdam", self.clock())
        self.come_back(learner)
        return learner

    def come_back(self, learner: Learner) -> None:
        join_cohort(self.cohort, learner, f"Naam {learner.id}", cohort_day(self.clock()))
        self.members.append(learner)

    def leave(self, learner: Learner) -> None:
        leave_cohort(self.cohort, learner, cohort_day(self.clock()))
        self.members.remove(learner)

    def answer(self, learner: Learner, grade: Grade = Grade.GOOD) -> None:
        id_ = UUID(int=self.random.getrandbits(128), version=4)
        now = self.clock()
        event = Review(id_, CARD, grade, now, learner.day_at(now), 4000)
        record_reviews(self.course, learner, [event], now)

    def publish(self) -> Figure | None:
        publish_figures(self.clock())
        published = cohort_figures.published_figures(self.cohort.id)
        return published.get(cohort_figures.about_card(CARD))

    def parts(self) -> Parts:
        found = {each.id: reviews.memory_of(each.id, CARD) for each in self.members}
        return {
            learner_id: (memory.returned, memory.remembered)
            for learner_id, memory in found.items()
            if memory and memory.returned
        }


def test_four_people_make_no_figure_and_five_do(
    cohort: Cohort, small_course: Course, clock: Clock
) -> None:
    scene = Scene(small_course, cohort, clock)
    people = [scene.enter() for _ in range(5)]
    for _ in range(2):
        for learner in people[:4]:
            scene.answer(learner)
        clock.forward(days=1)
    assert scene.publish() is None
    for _ in range(2):
        scene.answer(people[4])
        clock.forward(days=1)
    figure = scene.publish()
    assert figure is not None and (figure.people, figure.part, figure.whole) == (5, 5, 5)


def test_a_newcomer_is_not_the_difference_of_two_days(
    cohort: Cohort, small_course: Course, clock: Clock
) -> None:
    scene = Scene(small_course, cohort, clock)
    people = [scene.enter() for _ in range(6)]
    for _ in range(2):
        for learner in people[:5]:
            scene.answer(learner)
        clock.forward(days=1)
    first = scene.publish()
    for _ in range(3):
        scene.answer(people[5], Grade.AGAIN)
        clock.forward(days=1)
        assert scene.publish() == first
    scene.leave(people[0])
    clock.forward(days=1)
    assert scene.publish() == first


@pytest.mark.parametrize("seed", range(4))
def test_whoever_compares_every_two_dates_learns_about_no_fewer_than_five(
    seed: int, cohort: Cohort, small_course: Course, clock: Clock
) -> None:
    scene = Scene(small_course, cohort, clock, seed)
    random = scene.random
    gone: list[Learner] = []
    seen: list[tuple[Figure, Parts]] = []
    for _ in range(60):
        clock.forward(days=1)
        if len(scene.members) < 9 and random.random() < 0.4:
            scene.enter()
        if gone and random.random() < 0.2:
            scene.come_back(gone.pop())
        if len(scene.members) > 3 and random.random() < 0.15:
            gone.append(random.choice(scene.members))
            scene.leave(gone[-1])
        for learner in scene.members:
            if random.random() < 0.3:
                scene.answer(learner, random.choice(list(Grade)))
        figure = scene.publish()
        # A second look on the same day shows what the first one showed.
        for learner in scene.members[:2]:
            scene.answer(learner, random.choice(list(Grade)))
        assert scene.publish() == figure
        if figure and (not seen or seen[-1][0] != figure):
            now = scene.parts()
            assert figure.people >= SMALLEST_GROUP
            seen.append((figure, now))
    assert len(seen) > 2
    for (_, before), (_, after) in combinations(seen, 2):
        changed = {
            each for each in before.keys() | after.keys() if before.get(each) != after.get(each)
        }
        assert len(changed) >= SMALLEST_GROUP


def test_a_concept_is_the_sum_of_what_is_shown_beside_it(
    cohort: Cohort, small_course: Course, clock: Clock
) -> None:
    """So a hidden card is not found by subtracting."""
    scene = Scene(small_course, cohort, clock)
    people = [scene.enter() for _ in range(6)]
    for _ in range(3):
        for learner in people:
            scene.answer(learner)
        clock.forward(days=1)
    scene.publish()
    (shown,) = show_subject_matter(small_course, cohort).concepts
    assert shown.figure.whole == sum(figure.whole for _, figure in shown.cards)
    assert shown.figure.part == sum(figure.part for _, figure in shown.cards)


def test_a_week_is_published_once_when_it_is_over_and_never_changes(
    cohort: Cohort, small_course: Course, clock: Clock
) -> None:
    scene = Scene(small_course, cohort, clock)
    people = [scene.enter() for _ in range(6)]
    for _ in range(2):
        for learner in people[:5]:
            scene.answer(learner)
        clock.forward(days=1)
    scene.publish()
    assert show_subject_matter(small_course, cohort).weeks == []
    clock.forward(days=7)
    scene.publish()
    ((monday, figure),) = show_subject_matter(small_course, cohort).weeks
    assert (monday, figure.people, figure.whole) == (MONDAY.date(), 5, 5)
    # A phone that was offline brings its answers of that week late.
    late = people[5]
    for days in (9, 8):
        moment = clock() - timedelta(days=days)
        id_ = UUID(int=scene.random.getrandbits(128), version=4)
        event = Review(id_, CARD, Grade.AGAIN, moment, late.day_at(moment), 4000)
        record_reviews(small_course, late, [event], clock())
    clock.forward(days=1)
    scene.publish()
    assert show_subject_matter(small_course, cohort).weeks == [(monday, figure)]


def test_the_interval_is_wilsons_and_few_answers_do_not_lead_the_list() -> None:
    day = MONDAY.date()
    # Newcombe (1998), Statistics in Medicine 17, 857-872: 81 of 263.
    low, high = Figure("x", 5, 81, 263, day).interval
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    few, many = Figure("few", 5, 3, 5, day), Figure("many", 40, 300, 450, day)
    assert [each.about for each in hardest_first([few, many])] == ["many", "few"]
    assert many.is_hard and not few.is_hard
    assert sum_of_figures("none", []) is None
