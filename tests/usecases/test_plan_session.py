"""Today's plan and the next card, read from a real database."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from app.learning.course import Course
from app.learning.people import Learner, Track
from app.learning.queue import Reason
from app.learning.reviews import Grade, Review
from app.storage import reviews, tables
from app.usecases.plan_session import cards_within, next_card, plan_session
from app.usecases.rebuild_memory import rebuild_memory
from app.usecases.record_reviews import record_reviews
from app.usecases.undo_review import undo_review
from tests.conftest import Clock

LESSON = "hoofdstuk1/eerste-les"
CONTRAST = "los-of-vast"
CARDS = ["band-afstand", "band-engels", "band-lena", "band-verschil"]


def answer(
    course: Course, learner: Learner, clock: Clock, card: str, grade: Grade = Grade.GOOD
) -> None:
    clock.forward(seconds=10)
    event = Review(uuid4(), card, grade, clock(), learner.day_at(clock()), 4000)
    record_reviews(course, learner, [event], clock(), [LESSON])


def asked(course: Course, learner: Learner, clock: Clock, **more: object) -> str | None:
    found = next_card(course, learner, learner.day_at(clock()), [LESSON], **more)  # type: ignore[arg-type]
    return None if found is None else found.card


def test_cards_of_a_lesson_are_offered_from_the_moment_it_was_opened(
    small_course: Course, anna: Learner, clock: Clock
) -> None:
    today = anna.day_at(clock())
    assert next_card(small_course, anna, today) is None
    assert plan_session(small_course, anna, today).reason is Reason.NOTHING_LEARNED
    assert asked(small_course, anna, clock) == "band-afstand"
    plan = plan_session(small_course, anna, today, [LESSON])
    assert (plan.cards, plan.reason) == (4, Reason.CARDS_DUE)


def test_due_cards_come_first_longest_due_first_then_new_ones_then_those_missed(
    small_course: Course, anna: Learner, clock: Clock
) -> None:
    answer(small_course, anna, clock, "band-lena")
    clock.forward(days=1)
    answer(small_course, anna, clock, "band-engels")
    clock.forward(days=5)
    order = []
    while card := asked(small_course, anna, clock):
        order.append(card)
        grade = Grade.AGAIN if order.count(card) == 1 and card == "band-lena" else Grade.GOOD
        answer(small_course, anna, clock, card, grade)
    assert order == ["band-lena", "band-engels", "band-afstand", "band-verschil", "band-lena"]


def test_a_difference_is_asked_the_day_after_both_concepts_were_remembered(
    small_course: Course, anna: Learner, clock: Clock
) -> None:
    anna = replace(anna, track=Track.VERDIEPING)
    opened = [LESSON, "hoofdstuk1/tweede-les"]

    def offered() -> bool:
        today = anna.day_at(clock())
        stack = {item.card for item in cards_within(small_course, anna, today, today, opened)}
        others = [card for card in small_course.cards if card != CONTRAST]
        found = next_card(small_course, anna, today, opened, others)
        assert (CONTRAST in stack) == (found is not None)
        assert plan_session(small_course, anna, today, opened).cards == len(stack)
        return CONTRAST in stack

    assert not offered()
    answer(small_course, anna, clock, "band-afstand")
    answer(small_course, anna, clock, "los-vaster", Grade.AGAIN)
    clock.forward(days=1)
    assert not offered()
    answer(small_course, anna, clock, "los-vaster")
    assert offered()
    answer(small_course, anna, clock, "band-lena")
    assert offered()


def test_two_concepts_that_were_begun_today_are_told_apart_tomorrow(
    small_course: Course, anna: Learner, clock: Clock
) -> None:
    anna = replace(anna, track=Track.VERDIEPING)
    for card in ("band-afstand", "los-vaster"):
        answer(small_course, anna, clock, card)
    skipped = [card for card in small_course.cards if card != CONTRAST]
    assert asked(small_course, anna, clock, skipped=skipped) is None
    clock.forward(days=1)
    assert asked(small_course, anna, clock, skipped=skipped) == CONTRAST


def test_what_was_ever_remembered_is_read_as_it_was_folded(
    small_course: Course, anna: Learner, clock: Clock
) -> None:
    for card, grades in {
        "band-afstand": [Grade.AGAIN],
        "band-engels": [Grade.AGAIN, Grade.HARD],
        "band-lena": [Grade.GOOD, Grade.AGAIN],
        "band-keuze": [Grade.EASY],
    }.items():
        for grade in grades:
            answer(small_course, anna, clock, card, grade)
    folded = reviews.memories_of(anna.id)
    assert reviews.remembered(anna.id) == {card: m.was_remembered for card, m in folded.items()}
    assert [*reviews.remembered(anna.id).values()].count(True) == 3


def test_what_was_missed_is_asked_in_time_where_more_is_due_than_the_sitting_holds(
    small_course: Course, anna: Learner, clock: Clock
) -> None:
    for card in CARDS:
        answer(small_course, anna, clock, card)
    clock.forward(days=30)
    answer(small_course, anna, clock, "band-afstand", Grade.AGAIN)
    assert asked(small_course, anna, clock, left=2) == "band-engels"
    assert asked(small_course, anna, clock, left=1) == "band-afstand"


def test_a_skipped_card_is_passed_over_also_when_it_was_missed(
    small_course: Course, anna: Learner, clock: Clock
) -> None:
    for card in CARDS:
        answer(small_course, anna, clock, card)
    clock.forward(days=30)
    assert asked(small_course, anna, clock, skipped=CARDS[:3]) == "band-verschil"
    answer(small_course, anna, clock, "band-afstand", Grade.AGAIN)
    assert asked(small_course, anna, clock, skipped=CARDS[1:]) == "band-afstand"
    assert asked(small_course, anna, clock, skipped=CARDS) is None


def test_cards_of_the_other_track_and_cards_that_left_the_course_are_not_asked(
    small_course: Course, anna: Learner, clock: Clock
) -> None:
    answer(small_course, anna, clock, "band-keuze")
    answer(small_course, anna, clock, "band-afstand")
    tables.Memory.update(card="verdwenen").where(tables.Memory.card == "band-afstand").execute()
    clock.forward(days=30)
    today = anna.day_at(clock())
    assert next_card(small_course, anna, today, [], CARDS) is None
    assert [item.card for item in cards_within(small_course, anna, today, today)] == CARDS
    other = replace(anna, track=Track.VERDIEPING)
    found = next_card(small_course, other, today)
    assert found is not None
    assert found.card == "band-keuze"


def test_after_two_months_away_there_are_twelve_cards_and_the_rest_is_spread(
    small_course: Course, anna: Learner, clock: Clock
) -> None:
    day = anna.day_at(clock())
    answer(small_course, anna, clock, "band-afstand")
    memory = reviews.memories_of(anna.id)["band-afstand"]
    many = dict.fromkeys([f"kaart-{number}" for number in range(40)])
    course = replace(
        small_course,
        cards={
            **small_course.cards,
            **{name: replace(small_course.cards["band-afstand"], id=name) for name in many},
        },
    )
    reviews.save_memories(anna.id, [replace(memory, card=name) for name in many])
    plan = plan_session(course, anna, day + timedelta(days=60))
    assert (plan.cards, plan.later, plan.reason) == (12, 29 + 3, Reason.WELCOME_BACK)
    assert plan.days_for_later == 3


def test_an_answer_that_was_taken_back_begins_no_card_today(
    small_course: Course, anna: Learner, clock: Clock
) -> None:
    answer(small_course, anna, clock, "band-afstand")
    clock.forward(days=1)
    today = anna.day_at(clock())
    answer(small_course, anna, clock, "band-afstand")
    undo_review(anna, reviews.all_reviews(anna.id)[-1].id, clock())
    assert reviews.cards_begun_on(anna.id, today) == set()
    answer(small_course, anna, clock, "band-engels")
    assert reviews.cards_begun_on(anna.id, today) == {"band-engels"}


def test_todays_session_takes_as_many_queries_for_300_cards_with_5000_reviews_as_for_one(
    small_course: Course,
    anna: Learner,
    clock: Clock,
    count_queries: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    def queries_of_a_session() -> int:
        with count_queries() as queries:
            plan_session(course, anna, anna.day_at(clock()), [LESSON])
            next_card(course, anna, anna.day_at(clock()), [LESSON])
        return len(queries)

    made = {f"kaart-{n}": small_course.cards["band-afstand"] for n in range(300)}
    course = replace(small_course, cards={**small_course.cards, **made})
    answer(course, anna, clock, "band-afstand")
    clock.forward(days=30)
    few = queries_of_a_session()
    start = clock()
    log = [
        Review(uuid4(), card, Grade.GOOD, moment, anna.day_at(moment), 4000)
        for card in made
        for moment in (start + timedelta(days=9 * turn) for turn in range(17))
    ]
    reviews.add_reviews(anna.id, log)
    rebuild_memory(anna)
    clock.forward(days=400)
    assert queries_of_a_session() == few == 7


def test_finding_the_next_card_reads_what_was_missed_today_and_one_row_of_the_rest(
    small_course: Course,
    anna: Learner,
    clock: Clock,
    count_queries: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    answer(small_course, anna, clock, "band-afstand")
    clock.forward(days=30)
    with count_queries() as queries:
        assert asked(small_course, anna, clock) == "band-afstand"
    missed_today, first_due = queries
    assert "last_at >= " in missed_today
    assert "LIMIT" in first_due
