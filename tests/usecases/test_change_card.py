"""Cards put aside, buried and in own words: everywhere the same, undone, done again, never lost."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest

from app.learning.course import Course
from app.learning.own_cards import ChangeKind, OwnCard, Words
from app.learning.people import Learner, Track
from app.learning.reviews import Grade, Review, redo_id
from app.storage import own_cards, reviews, tables
from app.usecases.change_card import change_card
from app.usecases.check_data import check_data
from app.usecases.list_own_cards import list_own_cards
from app.usecases.merge_guest import merge_guest
from app.usecases.plan_session import cards_within, next_card, plan_session
from app.usecases.rebuild_memory import rebuild_memory
from app.usecases.record_reviews import record_reviews
from app.usecases.show_card import show_card
from app.usecases.show_progress import show_progress
from app.usecases.undo_change import redo_change, undo_change
from tests.conftest import Clock

LESSON = "hoofdstuk1/eerste-les"
CARDS = ["band-afstand", "band-engels", "band-lena", "band-verschil"]
OWN = Words("mijn *vraag*", "mijn antwoord", "denk aan oma", "de vraag", "het antwoord")

MakeReview = Callable[..., Review]


def answer_all(course: Course, learner: Learner, clock: Clock, review: MakeReview) -> None:
    """Every card of the lesson was known, a month ago."""
    for card in CARDS:
        clock.forward(seconds=1)
        record_reviews(course, learner, [review(card)], clock(), [LESSON])
    clock.forward(days=30)


def asked(course: Course, learner: Learner, clock: Clock) -> list[str]:
    """The cards of a whole sitting from now on, each remembered."""
    found, skipped = [], list[str]()
    today = learner.day_at(clock())
    while item := next_card(course, learner, today, [LESSON], skipped):
        found.append(item.card)
        skipped.append(item.card)
    return found


def everywhere(course: Course, learner: Learner, clock: Clock) -> tuple[int, list[str], list[str]]:
    """The cards of today by its plan, in a sitting and in the stack of a phone."""
    today = learner.day_at(clock())
    stack = [item.card for item in cards_within(course, learner, today, today, [LESSON])]
    plan = plan_session(course, learner, today, [LESSON])
    return plan.cards + plan.later, asked(course, learner, clock), stack


@pytest.mark.parametrize("is_new", [True, False])
def test_a_card_put_aside_is_asked_nowhere_until_it_is_taken_back(
    is_new: bool, small_course: Course, anna: Learner, clock: Clock, review: MakeReview
) -> None:
    if not is_new:
        answer_all(small_course, anna, clock, review)
    assert everywhere(small_course, anna, clock) == (4, CARDS, CARDS)
    assert change_card(anna, "band-lena", ChangeKind.ASIDE, clock())
    left = [card for card in CARDS if card != "band-lena"]
    assert everywhere(small_course, anna, clock) == (3, left, left)
    clock.forward(days=400)
    assert everywhere(small_course, anna, clock) == (3, left, left)
    assert change_card(anna, "band-lena", ChangeKind.BACK, clock())
    assert everywhere(small_course, anna, clock) == (4, CARDS, CARDS)


@pytest.mark.parametrize("is_new", [True, False])
def test_a_buried_card_is_back_tomorrow(
    is_new: bool, small_course: Course, anna: Learner, clock: Clock, review: MakeReview
) -> None:
    if not is_new:
        answer_all(small_course, anna, clock, review)
    change_card(anna, "band-lena", ChangeKind.BURY, clock())
    left = [card for card in CARDS if card != "band-lena"]
    assert everywhere(small_course, anna, clock) == (3, left, left)
    today = anna.day_at(clock())
    stack = cards_within(small_course, anna, today, today + timedelta(days=1), [LESSON])
    assert {item.card for item in stack} == set(CARDS)
    clock.forward(days=1)
    assert everywhere(small_course, anna, clock) == (4, CARDS, CARDS)


def test_a_card_missed_and_put_away_does_not_come_back_in_the_sitting(
    small_course: Course, anna: Learner, clock: Clock, review: MakeReview
) -> None:
    record_reviews(small_course, anna, [review(grade=Grade.AGAIN)], clock())
    today = anna.day_at(clock())
    assert next_card(small_course, anna, today) is not None
    change_card(anna, "band-afstand", ChangeKind.BURY, clock())
    assert next_card(small_course, anna, today) is None
    assert plan_session(small_course, anna, today).cards == 0


def test_what_is_put_aside_is_counted_apart_in_the_progress(
    small_course: Course, anna: Learner, clock: Clock, review: MakeReview
) -> None:
    answer_all(small_course, anna, clock, review)
    today = anna.day_at(clock())
    change_card(anna, "band-lena", ChangeKind.ASIDE, clock())
    change_card(anna, "band-engels", ChangeKind.BURY, clock())
    shown = show_progress(small_course, anna, today)
    (paragraph,) = shown.paragraphs
    (band,) = [row for row in paragraph.concepts if row.concept == "band"]
    assert (shown.aside, band.cards) == (1, 3)
    assert [ahead.cards for ahead in shown.week[:2]] == [2, 1], "the buried card waits a day"


def test_own_words_come_along_with_the_card_without_a_question_of_their_own(
    small_course: Course, anna: Learner, clock: Clock, review: MakeReview
) -> None:
    change_card(anna, "band-afstand", ChangeKind.WORDS, clock(), OWN)
    own = OwnCard("band-afstand", None, OWN)
    today = anna.day_at(clock())
    found = next_card(small_course, anna, today, [LESSON])
    assert found and (found.card, found.memory, found.own) == ("band-afstand", None, own)
    record_reviews(small_course, anna, [review(grade=Grade.AGAIN)], clock())
    found = next_card(small_course, anna, today)
    assert found and found.memory and found.own == own
    clock.forward(days=3)
    found = next_card(small_course, anna, anna.day_at(clock()))
    assert found and found.memory and found.own == own


def test_each_change_is_undone_and_done_again_and_twice_is_once(
    anna: Learner, clock: Clock
) -> None:
    words = change_card(anna, "band-lena", ChangeKind.WORDS, clock(), OWN)
    aside = change_card(anna, "band-lena", ChangeKind.ASIDE, clock())
    assert words and aside
    held = own_cards.own_card_of(anna.id, "band-lena")
    for step in (aside, words):
        assert undo_change(anna, step.id, clock()) == undo_change(anna, step.id, clock())
    assert own_cards.own_card_of(anna.id, "band-lena") is None
    for step in (words, aside):
        again = redo_change(anna, step.id, clock())
        assert again == redo_change(anna, step.id, clock())
        assert again and again.id == redo_id(step.id)
    assert own_cards.own_card_of(anna.id, "band-lena") == held
    assert undo_change(anna, redo_id(aside.id), clock())
    assert own_cards.own_card_of(anna.id, "band-lena") == OwnCard("band-lena", None, OWN)
    assert len(own_cards.all_changes(anna.id)) == 7, "nothing is ever removed"


def test_what_was_not_undone_cannot_be_done_again(anna: Learner, clock: Clock) -> None:
    aside = change_card(anna, "band-lena", ChangeKind.ASIDE, clock())
    assert aside
    assert redo_change(anna, aside.id, clock()) is None
    assert redo_change(anna, uuid4(), clock()) is undo_change(anna, uuid4(), clock()) is None
    undo_change(anna, aside.id, clock())
    undoing = own_cards.all_changes(anna.id)[1 - own_cards.all_changes(anna.id).index(aside)]
    assert undo_change(anna, undoing.id, clock()) is redo_change(anna, undoing.id, clock()) is None


def test_pressing_twice_is_pressing_once(anna: Learner, clock: Clock) -> None:
    assert change_card(anna, "band-lena", ChangeKind.ASIDE, clock())
    assert change_card(anna, "band-lena", ChangeKind.ASIDE, clock()) is None
    assert change_card(anna, "band-lena", ChangeKind.BACK, clock())
    assert change_card(anna, "band-lena", ChangeKind.BACK, clock()) is None


def test_what_is_annas_is_none_of_brams(anna: Learner, bram: Learner, clock: Clock) -> None:
    aside = change_card(anna, "band-lena", ChangeKind.ASIDE, clock())
    assert aside
    assert undo_change(bram, aside.id, clock()) is None
    assert own_cards.own_cards_of(bram.id) == {}
    assert set(own_cards.own_cards_of(anna.id)) == {"band-lena"}


def test_undoing_the_only_answer_leaves_own_words_where_they_are(
    small_course: Course, anna: Learner, clock: Clock, review: MakeReview
) -> None:
    change_card(anna, "band-afstand", ChangeKind.WORDS, clock(), OWN)
    record_reviews(small_course, anna, [review()], clock())
    reviews.forget_card(anna.id, "band-afstand")
    own = own_cards.own_card_of(anna.id, "band-afstand")
    assert own and own.words == OWN


def test_what_is_kept_can_be_made_again_from_the_log(anna: Learner, clock: Clock) -> None:
    change_card(anna, "band-lena", ChangeKind.WORDS, clock(), OWN)
    change_card(anna, "band-afstand", ChangeKind.BURY, clock())
    undone = change_card(anna, "band-engels", ChangeKind.ASIDE, clock())
    assert undone and undo_change(anna, undone.id, clock())
    kept = own_cards.own_cards_of(anna.id)
    assert list(check_data()) == []
    tables.OwnCard.update(hidden_until=clock().date()).execute()
    tables.OwnCard.delete().where(tables.OwnCard.card == "band-lena").execute()
    told = [difference.what for difference in check_data()]
    assert told == [
        "own card 'band-afstand': not what its log says",
        "own card 'band-lena': not what its log says",
    ]
    rebuild_memory(anna)
    assert own_cards.own_cards_of(anna.id) == kept
    assert list(check_data()) == []


def test_a_guest_takes_along_what_was_made_of_cards(
    anna: Learner, bram: Learner, clock: Clock
) -> None:
    tables.Learner.update(email="bram@voorbeeld.nl").where(tables.Learner.id == bram.id).execute()
    first = change_card(anna, "band-lena", ChangeKind.WORDS, clock(), OWN)
    aside = change_card(anna, "band-engels", ChangeKind.ASIDE, clock())
    clock.forward(minutes=1)
    change_card(bram, "band-lena", ChangeKind.WORDS, clock(), replace(OWN, front="later"))
    assert first and aside and undo_change(anna, aside.id, clock())
    merge_guest(anna, bram)
    merged = own_cards.own_cards_of(bram.id)
    assert merged == {"band-lena": OwnCard("band-lena", None, replace(OWN, front="later"))}
    assert list(check_data()) == []


def test_the_list_of_own_cards_has_each_where_it_belongs(
    small_course: Course, anna: Learner, clock: Clock, review: MakeReview
) -> None:
    for _ in range(7):
        for grade in (Grade.GOOD, Grade.AGAIN):
            clock.forward(days=20)
            event = review("los-vaster", grade, reviewed_at=clock(), day=anna.day_at(clock()))
            record_reviews(small_course, anna, [event], clock())
    change_card(anna, "band-lena", ChangeKind.WORDS, clock(), OWN)
    change_card(anna, "band-afstand", ChangeKind.ASIDE, clock())
    change_card(anna, "band-engels", ChangeKind.BURY, clock())
    listed = list_own_cards(small_course, anna, anna.day_at(clock()))
    assert (listed.leeches, listed.aside, listed.buried) == (
        ["los-vaster"],
        ["band-afstand"],
        ["band-engels"],
    )
    assert listed.in_own_words == listed.changed == ["band-lena"]
    change_card(anna, "los-vaster", ChangeKind.ASIDE, clock())
    assert list_own_cards(small_course, anna, anna.day_at(clock())).leeches == []
    # What leaves the course leaves the list, and is kept.
    course = replace(small_course, cards={"band-lena": small_course.cards["band-lena"]})
    assert list_own_cards(course, anna, anna.day_at(clock())).aside == []


def test_a_sitting_never_asks_sisters_after_each_other_where_another_card_is_there(
    small_course: Course, anna: Learner, clock: Clock, review: MakeReview
) -> None:
    anna = replace(anna, track=Track.VERDIEPING)
    base = small_course.cards["band-afstand"]
    cards = {
        f"{concept}-{number}": replace(base, id=f"{concept}-{number}", concepts=(concept,))
        for concept in ("een", "twee", "drie")
        for number in range(4)
    }
    course = replace(small_course, cards={**small_course.cards, **cards})
    for card in cards:
        clock.forward(seconds=1)
        record_reviews(course, anna, [review(card, reviewed_at=clock())], clock())
    clock.forward(days=40)
    order, left = list[str](), len(cards)
    today = anna.day_at(clock())
    while item := next_card(course, anna, today, left=left, after=order[-1] if order else None):
        order.append(item.card)
        clock.forward(seconds=1)
        grade = Grade.AGAIN if len(order) in (2, 5) else Grade.GOOD
        event = review(item.card, grade, reviewed_at=clock(), day=today)
        record_reviews(course, anna, [event], clock())
        left -= grade is Grade.GOOD
    assert sorted(set(order)) == sorted(cards) and len(order) == len(cards) + 2
    pairs = [(a, b) for a, b in pairwise(order) if a[:3] == b[:3]]
    # Only where nothing else is left to ask.
    assert len(pairs) <= 2, order
    for _, second in pairs:
        place = order.index(second)
        assert {card[:3] for card in order[place:]} == {second[:3]}


def test_a_card_has_its_history_on_its_page_in_three_questions(
    small_course: Course,
    anna: Learner,
    clock: Clock,
    review: MakeReview,
    count_queries: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    record_reviews(small_course, anna, [review()], clock())
    change_card(anna, "band-afstand", ChangeKind.ASIDE, clock())
    with count_queries() as queries:
        shown = show_card(anna, "band-afstand", anna.day_at(clock()))
    assert len(queries) == 3
    assert shown.own and [step.kind for step in shown.steps.done] == [ChangeKind.ASIDE]
