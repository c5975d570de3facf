"""The demo: real reviews on the real path, the same for a seed, added once."""

from dataclasses import dataclass

import pytest

from app.learning.cohorts import Label, cohort_day
from app.learning.course import Course
from app.learning.people import Learner
from app.learning.progress import Recall, recall_of
from app.learning.reviews import Review
from app.mail.address import normal_address
from app.storage import cohorts, learners, lessons, reviews, tables
from app.usecases.check_data import check_data
from app.usecases.plan_session import plan_session
from app.usecases.seed_demo import DEMO_EMAIL, DEMO_PASSWORD, INSTRUCTOR_EMAIL, seed_demo
from app.usecases.show_cohort import show_cohort
from app.usecases.show_subject_matter import show_subject_matter
from app.usecases.sign_in import sign_in
from tests.conftest import MONDAY


@dataclass(frozen=True)
class Person:
    learner: Learner
    reviews: list[Review]
    opened: list[str]


def person(email: str = DEMO_EMAIL) -> Person:
    learner = learners.learner_with_email(email)
    assert learner is not None
    return Person(
        learner, reviews.all_reviews(learner.id), sorted(lessons.opened_lessons(learner.id))
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_demo_has_something_due_something_firm_and_something_forgotten(
    db_url: str, small_course: Course, seed: int
) -> None:
    seed_demo(small_course, MONDAY, seed=seed)
    demo = person().learner
    today = demo.day_at(MONDAY)
    recalls = {recall_of(memory, today) for memory in reviews.memories_of(demo.id).values()}
    assert {Recall.FIRM, Recall.GONE} <= recalls
    assert plan_session(small_course, demo, today).cards


def test_the_demo_signs_in_with_what_is_printed_and_the_others_not_at_all(
    db_url: str, small_course: Course
) -> None:
    seed_demo(small_course, MONDAY, others=2, seed=3)
    assert normal_address(DEMO_EMAIL) == DEMO_EMAIL
    signed_in = sign_in(DEMO_EMAIL, DEMO_PASSWORD, None, "127.0.0.1", MONDAY)
    assert signed_in is not None and signed_in.learner == person().learner
    for number in (1, 2):
        assert learners.account_with_email(f"nagebootst-3-{number}@haven.test") is None


def test_everybody_is_marked_as_simulated_and_the_log_agrees_with_the_memories(
    db_url: str, small_course: Course
) -> None:
    seeded = seed_demo(small_course, MONDAY, others=3)
    people = [learners.learner_of(learner_id) for learner_id in learners.learner_ids()]
    assert len(people) == seeded.learners == 5
    assert all(learner is not None and learner.simulated for learner in people)
    assert seeded.reviews == sum(len(reviews.all_reviews(i)) for i in learners.learner_ids())
    assert not list(check_data())


def test_no_review_lies_before_the_account_or_on_the_day_of_seeding(
    db_url: str, small_course: Course
) -> None:
    seed_demo(small_course, MONDAY, days=10)
    demo = person()
    days = {review.day for review in demo.reviews}
    assert min(days) == demo.learner.day_at(demo.learner.joined_at)
    assert max(days) < demo.learner.day_at(MONDAY)


def test_the_same_seed_makes_the_same_people(db_url: str, small_course: Course) -> None:
    def seeded(seed: int) -> list[tuple[int, list[Review], list[str]]]:
        tables.Learner.delete().execute()
        seed_demo(small_course, MONDAY, others=1, seed=seed)
        found = [person(), person(f"nagebootst-{seed}-1@haven.test")]
        return [(one.learner.seed, one.reviews, one.opened) for one in found]

    assert seeded(1) == seeded(1)
    assert seeded(1) != seeded(2)


def test_who_is_there_already_is_left_alone(db_url: str, small_course: Course) -> None:
    seed_demo(small_course, MONDAY, others=1)
    before = person()
    again = seed_demo(small_course, MONDAY, others=2)
    assert again.learners == 1
    assert person() == before


def test_the_demo_has_a_cohort_with_an_instructor_somebody_behind_and_somebody_idle(
    db_url: str, small_course: Course
) -> None:
    seed_demo(small_course, MONDAY, others=40, days=14)
    (cohort,) = cohorts.cohorts_of(INSTRUCTOR_EMAIL)
    shown = show_cohort(small_course, cohort, cohort_day(MONDAY))
    assert len(shown.members) == 41
    assert {Label.NOT_STARTED, Label.SILENT} <= {one.standing.label for one in shown.members}
    assert all("(nagebootst)" in one.member.name for one in shown.members)
    assert show_subject_matter(small_course, cohort).concepts
