"""An instructor with the same people in two cohorts learns nothing about fewer than five of them."""

from itertools import combinations
from random import Random

import pytest

from app.learning.cohort_figures import SMALLEST_GROUP, Figure
from app.learning.cohorts import Cohort, cohort_day
from app.learning.course import Course
from app.learning.people import Learner
from app.learning.reviews import Grade
from app.storage import cohort_figures, learners, reviews
from app.storage.database import db
from app.usecases.create_cohort import create_cohort
from app.usecases.delete_cohort import delete_cohort
from app.usecases.merge_guest import merge_guest
from app.usecases.publish_figures import publish_figures
from app.usecases.report_card import report_card
from app.usecases.show_subject_matter import show_subject_matter
from tests.conftest import Clock
from tests.usecases.test_publish_figures import CARD, Parts, Scene

DOCENT = "docent@voorbeeld.nl"


@pytest.fixture
def scenes(db_url: str, small_course: Course, clock: Clock) -> tuple[Scene, Scene]:
    first, second = (
        Scene(small_course, a_cohort(small_course, clock, name), clock, seed)
        for seed, name in enumerate(("A", "B"), start=1)
    )
    return first, second


def a_cohort(course: Course, clock: Clock, name: str) -> Cohort:
    today = cohort_day(clock())
    return create_cohort(course, DOCENT, name=name, institution="", starts_on=today, weeks=2)


def published(scene: Scene) -> dict[str, Figure]:
    publish_figures(scene.clock())
    return cohort_figures.published_figures(scene.cohort.id)


def answer_twice(scene: Scene, people: list[Learner], grade: Grade = Grade.GOOD) -> None:
    for _ in range(2):
        for learner in people:
            scene.answer(learner, grade)
        scene.clock.forward(days=1)


def test_who_is_in_both_is_counted_in_the_first_alone(scenes: tuple[Scene, Scene]) -> None:
    """The attack: five people in both, and one in the second alone."""
    first, second = scenes
    both = [first.enter() for _ in range(5)]
    for learner in both:
        second.come_back(learner)
    alone = second.enter()
    answer_twice(first, both)
    answer_twice(second, [alone], Grade.AGAIN)
    first.clock.forward(days=7)
    assert {figure.people for figure in published(first).values()} == {5}
    assert published(second) == {}


def test_figures_that_were_kept_tell_nothing_after_their_cohort_was_deleted(
    scenes: tuple[Scene, Scene], small_course: Course, clock: Clock
) -> None:
    first, _ = scenes
    people = [first.enter() for _ in range(5)]
    answer_twice(first, people)
    clock.forward(days=7)
    assert published(first)
    delete_cohort(first.cohort, DOCENT, clock())
    later = Scene(small_course, a_cohort(small_course, clock, "C"), clock)
    for learner in people:
        later.come_back(learner)
    newcomer = later.enter()
    answer_twice(later, [newcomer])
    clock.forward(days=7)
    # Its plan may lie in the past; what was done before joining is in no week of it.
    assert published(later) == {}
    answer_twice(later, people)
    assert cohort_figures.about_card(CARD) in published(later)


@pytest.mark.parametrize("seed", range(3))
def test_whoever_keeps_the_figures_of_both_learns_about_no_fewer_than_five(
    seed: int, scenes: tuple[Scene, Scene], clock: Clock
) -> None:
    random = Random(seed)
    seen: list[tuple[Figure, Parts]] = []
    for _ in range(40):
        clock.forward(days=1)
        for scene, other in (scenes, scenes[::-1]):
            if len(scene.members) < 9 and random.random() < 0.5:
                scene.enter()
            elif other.members and random.random() < 0.3:
                learner = random.choice(other.members)
                if learner not in scene.members:
                    scene.come_back(learner)
            if len(scene.members) > 4 and random.random() < 0.1:
                scene.leave(random.choice(scene.members))
        for learner in {each.id: each for scene in scenes for each in scene.members}.values():
            if random.random() < 0.3:
                scenes[0].answer(learner, random.choice(list(Grade)))
        for scene in scenes:
            figure = published(scene).get(cohort_figures.about_card(CARD))
            if figure and figure.published_on == cohort_day(clock()):
                parts = counted_parts(scene)
                assert figure.people == len(parts) >= SMALLEST_GROUP
                assert figure.whole == sum(returned for returned, _ in parts.values())
                seen.append((figure, parts))
    assert len(seen) > 2
    for (_, one), (_, other_one) in combinations(seen, 2):
        differ = {
            each for each in one.keys() | other_one.keys() if one.get(each) != other_one.get(each)
        }
        assert len(differ) >= SMALLEST_GROUP


def counted_parts(scene: Scene) -> Parts:
    """What each member adds whom the rule counts here."""
    counted = counted_in(scene)
    return {each: part for each, part in scene.parts().items() if each in counted}


def counted_in(scene: Scene) -> set[int]:
    rows = db.execute_sql(
        f"SELECT learner_id FROM cohort_member WHERE cohort_id = '{scene.cohort.id}' "
        "AND is_counted AND left_on IS NULL"
    ).fetchall()
    return {row[0] for row in rows}


def test_a_guest_who_signs_in_is_still_counted_once(
    scenes: tuple[Scene, Scene], clock: Clock
) -> None:
    first, second = scenes
    account, guest = first.enter(), second.enter()
    assert learners.give_account(account.id, "anna@voorbeeld.nl", "a hash")
    known = learners.learner_of(account.id)
    assert known is not None
    merge_guest(guest, known)
    assert counted_in(first) == {account.id} and counted_in(second) == set()
    assert reviews.memory_of(guest.id, CARD) is None


def test_reports_are_told_from_five_people_on_and_again_when_five_more_did(
    scenes: tuple[Scene, Scene], small_course: Course, clock: Clock
) -> None:
    scene, other = scenes
    card = small_course.cards[CARD]

    def reported() -> list[int]:
        clock.forward(days=1)
        publish_figures(clock())
        shown = show_subject_matter(small_course, scene.cohort).reported
        return [figure.people for _, figure in shown]

    def report(number: int) -> list[Learner]:
        clock.forward(days=2)
        people = [scene.enter() for _ in range(number)]
        for learner in people:
            report_card(learner, card, f"Dit klopt niet, vindt {learner.id}.", clock())
            report_card(learner, card, "En dit ook niet.", clock())
        return people

    known = report(4)
    assert reported() == []
    report(1)
    assert reported() == [5]
    report(4)
    for learner in known:
        report_card(learner, card, "Nog steeds niet.", clock())
    assert reported() == [5]
    report(1)
    assert reported() == [10]
    for learner in scene.members:
        other.come_back(learner)
    assert reported() == [10]
    assert show_subject_matter(small_course, other.cohort).reported == []
