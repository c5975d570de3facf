"""The docent's list and the learner's own page say the same, whatever was done."""

from datetime import timedelta
from random import Random

import pytest

from app.learning.cohorts import Activity, Cohort, cohort_day, lessons_done, standing_of
from app.learning.course import Course
from app.learning.people import Learner, Track
from app.learning.week_plan import Break
from app.storage import cohorts, learners, reviews
from app.usecases.change_cohort import change_week_plan
from app.usecases.change_preferences import change_preferences
from app.usecases.create_cohort import create_cohort
from app.usecases.invite_instructor import invite_instructor
from app.usecases.join_cohort import join_cohort, leave_cohort
from app.usecases.merge_guest import merge_guest
from app.usecases.record_reviews import record_reviews
from app.usecases.show_cohort import keep_lesson_counts, show_cohort
from app.usecases.undo_review import undo_review
from tests.conftest import Clock
from tests.logs import random_log

DOCENT = "docent@voorbeeld.nl"


@pytest.fixture
def cohort(db_url: str, small_course: Course, clock: Clock) -> Cohort:
    invite_instructor(DOCENT, clock())
    today = cohort_day(clock())
    return create_cohort(small_course, DOCENT, name="B", institution="", starts_on=today, weeks=2)


@pytest.mark.parametrize("seed", range(4))
def test_the_label_of_the_docent_is_that_of_the_learner_and_that_of_the_whole_log(
    seed: int, anna: Learner, bram: Learner, cohort: Cohort, small_course: Course, clock: Clock
) -> None:
    random = Random(seed)
    people = (anna, bram)
    for learner in people:
        join_cohort(cohort, learner, f"Naam {learner.id}", cohort_day(clock()))
    for _ in range(12):
        clock.forward(days=random.randrange(5))
        learner = random.choice(people)
        log = random_log(random, learner, clock(), list(small_course.cards), random.randrange(6))
        record_reviews(small_course, learner, log, clock())
        if log and random.random() < 0.5:
            undo_review(learner, random.choice(log).id, clock())
        if random.random() < 0.3:
            keep_lesson_counts(small_course)
        if random.random() < 0.2:
            change_preferences(
                learner,
                track=random.choice(list(Track)),
                buttons=2,
                zone_name=learner.zone_name,
                now=clock(),
            )
        today = cohort_day(clock())
        seen = show_cohort(small_course, cohort, today)
        for one in seen.members:
            own = show_cohort(small_course, cohort, today, one.member.learner_id)
            assert list(own.members) == [one]
            assert one.standing == _from_the_log(small_course, cohort, one.member.learner_id, clock)


def _from_the_log(course: Course, cohort: Cohort, learner_id: int, clock: Clock):  # type: ignore[no-untyped-def]
    """The standing without any count that was kept."""
    learner = learners.learner_of(learner_id)
    assert learner is not None
    log = reviews.all_reviews(learner_id)
    done = lessons_done(course, learner.track, {event.card for event in log})
    activity = Activity(max((event.day for event in log), default=None), done)
    return standing_of(cohorts.plan_of(cohort), activity, cohort_day(clock()))


def test_lessons_are_counted_once_while_nothing_changes(
    anna: Learner, cohort: Cohort, small_course: Course, clock: Clock
) -> None:
    join_cohort(cohort, anna, "Anna", cohort_day(clock()))
    assert keep_lesson_counts(small_course) == 1
    assert keep_lesson_counts(small_course) == 0
    clock.forward(days=2)
    log = random_log(Random(1), anna, clock(), list(small_course.cards), 3)
    record_reviews(small_course, anna, log, clock())
    assert keep_lesson_counts(small_course) == 1


def test_a_guest_who_signs_in_stays_in_the_cohort(
    anna: Learner, bram: Learner, cohort: Cohort, small_course: Course, clock: Clock
) -> None:
    today = cohort_day(clock())
    join_cohort(cohort, anna, "Anna", today)
    assert learners.give_account(bram.id, "bram@voorbeeld.nl", "a hash")
    account = learners.learner_of(bram.id)
    assert account is not None
    merge_guest(anna, account)
    (one,) = show_cohort(small_course, cohort, today).members
    assert (one.member.learner_id, one.member.name) == (bram.id, "Anna")


def test_a_break_holds_for_somebody_while_all_their_cohorts_have_it(
    anna: Learner, bram: Learner, cohort: Cohort, small_course: Course, clock: Clock
) -> None:
    today = cohort_day(clock())
    until = today + timedelta(days=6)
    change_week_plan(cohort, today, {}, [Break(today, until)])
    join_cohort(cohort, anna, "Anna", today)
    assert cohorts.break_until(anna.id, until) == until
    assert cohorts.break_until(anna.id, until + timedelta(days=1)) is None
    assert cohorts.break_until(bram.id, today) is None
    other = create_cohort(small_course, DOCENT, name="C", institution="", starts_on=today, weeks=1)
    join_cohort(other, anna, "Anna", today)
    assert cohorts.break_until(anna.id, today) is None
    change_week_plan(other, today, {}, [Break(today, today)])
    assert cohorts.break_until(anna.id, today) == today
    leave_cohort(other, anna, today)
    assert cohorts.break_until(anna.id, today) == until
