"""Cards put aside, buried and in own words: everywhere the same, undone, done again, never lost."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pytest

from app.learning.course import Course
from app.learning.own_cards import FOR_GOOD, NO_WORDS, CardChange, ChangeKind, OwnCard, Words
from app.learning.people import Learner, Track
from app.learning.reviews import Grade, Review, redo_id
from app.secrets.sealing import Keyring, new_reflection_keys
from app.storage import keys, own_cards, reviews, tables
from app.storage.backups import restore_backup, write_backup
from app.storage.keys import Purpose
from app.usecases.change_card import change_card
from app.usecases.check_data import check_data
from app.usecases.empty_journal import empty_journal
from app.usecases.erase_learner import erase_learner
from app.usecases.list_own_cards import list_own_cards
from app.usecases.merge_guest import merge_guest
from app.usecases.missing_keys import MissingKeys, missing_keys
from app.usecases.plan_session import cards_within, next_card, plan_session
from app.usecases.read_words import read_words
from app.usecases.rebuild_memory import rebuild_memory
from app.usecases.record_reviews import record_reviews
from app.usecases.replay_deletions import replay_deletions
from app.usecases.show_card import show_card
from app.usecases.show_progress import show_progress
from app.usecases.undo_change import redo_change, undo_change
from app.usecases.write_reflection import write_reflection
from app.usecases.write_words import write_words
from tests.conftest import Clock

LESSON = "hoofdstuk1/eerste-les"
CARDS = ["band-afstand", "band-engels", "band-lena", "band-verschil"]
OWN = Words("mijn *vraag*", "mijn antwoord", "denk aan oma", "de vraag", "het antwoord")

MakeReview = Callable[..., Review]


class Pen:
    """Writes own words for a learner, and reads what there is."""

    def __init__(self, keyring: Keyring, clock: Clock) -> None:
        self.keyring, self.clock = keyring, clock

    def write(self, learner: Learner, card: str, words: Words = OWN) -> CardChange | None:
        return write_words(self.keyring, learner, card, words, self.clock())

    def words(self, learner: Learner) -> dict[str, Words]:
        return read_words(self.keyring, learner, own_cards.own_cards_of(learner.id).values())


@pytest.fixture
def pen(keyring: Keyring, clock: Clock) -> Pen:
    return Pen(keyring, clock)


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
    pen: Pen, small_course: Course, anna: Learner, clock: Clock, review: MakeReview
) -> None:
    assert pen.write(anna, "band-afstand")
    own = own_cards.own_card_of(anna.id, "band-afstand")
    assert own and own.words
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
    pen: Pen, anna: Learner, clock: Clock
) -> None:
    words = pen.write(anna, "band-lena")
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
    assert own_cards.own_card_of(anna.id, "band-lena") == OwnCard("band-lena", None, words.words)
    assert pen.words(anna) == {"band-lena": OWN}
    assert len(own_cards.all_changes(anna.id)) == 7, "nothing is ever removed"


def test_what_was_not_undone_cannot_be_done_again(anna: Learner, clock: Clock) -> None:
    aside = change_card(anna, "band-lena", ChangeKind.ASIDE, clock())
    assert aside
    assert redo_change(anna, aside.id, clock()) is None
    assert redo_change(anna, uuid4(), clock()) is undo_change(anna, uuid4(), clock()) is None
    undo_change(anna, aside.id, clock())
    undoing = own_cards.all_changes(anna.id)[1 - own_cards.all_changes(anna.id).index(aside)]
    assert undo_change(anna, undoing.id, clock()) is redo_change(anna, undoing.id, clock()) is None


def test_pressing_twice_is_pressing_once(pen: Pen, anna: Learner, clock: Clock) -> None:
    for words in (OWN, Words(note="alleen dit"), NO_WORDS):
        assert pen.write(anna, "band-lena", words)
        assert pen.write(anna, "band-lena", words) is None
        assert pen.words(anna).get("band-lena", NO_WORDS) == words
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
    pen: Pen, small_course: Course, anna: Learner, clock: Clock, review: MakeReview
) -> None:
    pen.write(anna, "band-afstand")
    record_reviews(small_course, anna, [review()], clock())
    reviews.forget_card(anna.id, "band-afstand")
    assert pen.words(anna) == {"band-afstand": OWN}


def test_what_is_kept_can_be_made_again_from_the_log(pen: Pen, anna: Learner, clock: Clock) -> None:
    pen.write(anna, "band-lena")
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
    # Neither needs a key: what is sealed is compared and copied as it is.
    rebuild_memory(anna)
    assert own_cards.own_cards_of(anna.id) == kept
    assert list(check_data()) == []
    tables.OwnCard.update(sealed=b"?").where(tables.OwnCard.card == "band-lena").execute()
    assert [difference.what for difference in check_data()] == told[1:]


def test_a_guest_takes_along_what_was_made_of_cards(
    pen: Pen, anna: Learner, bram: Learner, clock: Clock
) -> None:
    tables.Learner.update(email="bram@voorbeeld.nl").where(tables.Learner.id == bram.id).execute()
    first, guests = pen.write(anna, "band-lena"), pen.write(anna, "band-afstand")
    aside = change_card(anna, "band-engels", ChangeKind.ASIDE, clock())
    clock.forward(minutes=1)
    later = replace(OWN, front="later")
    pen.write(bram, "band-lena", later)
    assert first and guests and aside and undo_change(anna, aside.id, clock())
    merge_guest(anna, bram)
    # Each was sealed with a key of its own, and the guest's came along.
    assert len(keys.keys_of(bram.id, Purpose.CARDS)) == 2
    assert pen.words(bram) == {"band-lena": later, "band-afstand": OWN}
    assert list(check_data()) == []
    assert undo_change(bram, guests.id, clock()) and redo_change(bram, guests.id, clock())
    pen.write(bram, "band-engels", Words(note="Nu samen."))
    assert pen.words(bram)["band-engels"].note == "Nu samen."
    assert pen.words(bram)["band-afstand"] == OWN


def test_own_words_open_with_the_key_of_their_learner_at_their_card_and_nowhere_else(
    pen: Pen, anna: Learner, bram: Learner
) -> None:
    pen.write(anna, "band-lena")
    pen.write(bram, "band-engels", Words(note="van Bram"))
    # A row is moved behind our back, to somebody else or to another card.
    held = own_cards.own_card_of(anna.id, "band-lena")
    own_cards.save_own_card(bram.id, "band-lena", held)
    assert held and held.words
    own_cards.save_own_card(anna.id, "band-engels", replace(held, card="band-engels"))
    assert pen.words(bram) == {"band-engels": Words(note="van Bram")}
    assert pen.words(anna) == {"band-lena": OWN}
    assert read_words(Keyring.of_text(new_reflection_keys("test")), bram, []) == {}


def test_keys_are_asked_for_once_and_only_where_there_are_words(
    pen: Pen, anna: Learner, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    asked = list[int]()
    for words in (None, OWN, Words(note="x")):
        if words:
            pen.write(anna, "band-lena", words)
            pen.write(anna, "band-engels", words)
        change_card(anna, "band-afstand", ChangeKind.ASIDE, pen.clock())
        own = own_cards.own_cards_of(anna.id).values()
        with count_queries() as queries:
            read_words(pen.keyring, anna, own)
        asked.append(len(queries))
    assert asked == [0, 1, 1]


def test_emptying_the_journal_leaves_own_words_and_erasing_shreds_their_keys(
    pen: Pen, anna: Learner, clock: Clock, db_url: str, tmp_path: Path
) -> None:
    pen.write(anna, "band-lena")
    write_reflection(pen.keyring, anna, uuid4(), "dichtbij", clock().date(), "x", clock())
    empty_journal(pen.keyring, anna, clock())
    assert keys.keys_of(anna.id, Purpose.JOURNAL) == []
    assert pen.words(anna) == {"band-lena": OWN}
    assert missing_keys(pen.keyring) is None
    write_backup(db_url, tmp_path / "old.backup")
    erase_learner(anna, clock())
    assert keys.key_ids() == set()
    tables.Learner.delete().execute()
    restore_backup(db_url, tmp_path / "old.backup")
    assert pen.words(anna) == {}
    assert missing_keys(pen.keyring) == MissingKeys((), 1)
    replay_deletions()
    assert missing_keys(pen.keyring) is None
    assert tables.CardChange.select().count() == 0


def test_words_whose_key_was_shredded_are_wiped_from_a_restored_guest_and_the_rest_stays(
    pen: Pen, anna: Learner, bram: Learner, clock: Clock, db_url: str, tmp_path: Path
) -> None:
    tables.Learner.update(email="bram@voorbeeld.nl").where(tables.Learner.id == bram.id).execute()
    pen.write(anna, "band-lena")
    change_card(anna, "band-lena", ChangeKind.ASIDE, clock())
    write_backup(db_url, tmp_path / "old.backup")
    merge_guest(anna, bram)
    erase_learner(bram, clock())
    tables.Learner.delete().execute()
    restore_backup(db_url, tmp_path / "old.backup")
    assert missing_keys(pen.keyring) == MissingKeys((), 1)
    assert replay_deletions() == 3, "Bram, an event and what holds of the card"
    assert replay_deletions() == 0
    assert missing_keys(pen.keyring) is None
    assert own_cards.own_cards_of(anna.id) == {"band-lena": OwnCard("band-lena", FOR_GOOD)}
    assert list(check_data()) == []


def test_the_list_of_own_cards_has_each_where_it_belongs(
    pen: Pen, small_course: Course, anna: Learner, clock: Clock, review: MakeReview
) -> None:
    for _ in range(7):
        for grade in (Grade.GOOD, Grade.AGAIN):
            clock.forward(days=20)
            event = review("los-vaster", grade, reviewed_at=clock(), day=anna.day_at(clock()))
            record_reviews(small_course, anna, [event], clock())
    pen.write(anna, "band-lena")
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
