"""What holds of a card after everything that was done with it, undone and done again."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import pytest

from app.learning.course import Course
from app.learning.own_cards import (
    FOR_GOOD,
    NO_WORDS,
    CardChange,
    ChangeKind,
    OwnCard,
    Words,
    are_outdated,
    author_words,
    changes_nothing,
    fold_changes,
    follows,
    is_aside,
    is_hidden,
    is_sister,
    planned,
    steps_of,
    undo_id,
)
from app.learning.reviews import Grade, Review, redo_id
from app.learning.scheduling import fold

TODAY = date(2026, 3, 2)
TOMORROW = TODAY + timedelta(days=1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
OWN = Words("mijn vraag", "mijn antwoord", "", "de vraag", "het antwoord")


def change(kind: ChangeKind, number: int, **given: object) -> CardChange:
    until = TOMORROW if kind is ChangeKind.BURY else None
    made = CardChange(UUID(int=number), "a", kind, NOON + timedelta(seconds=number), until)
    return replace(made, **given)  # type: ignore[arg-type]


def undo(of: CardChange, number: int) -> CardChange:
    return change(ChangeKind.UNDO, number, id=undo_id(of.id), undoes=of.id)


def redo(of: CardChange, number: int) -> CardChange:
    return replace(of, id=redo_id(of.id), changed_at=NOON + timedelta(seconds=number))


def test_the_last_of_putting_away_and_taking_back_holds() -> None:
    aside, bury, back = (
        change(kind, number)
        for number, kind in enumerate((ChangeKind.ASIDE, ChangeKind.BURY, ChangeKind.BACK))
    )
    assert fold_changes([]) is None
    assert fold_changes([aside]) == OwnCard("a", FOR_GOOD)
    assert fold_changes([aside, bury]) == OwnCard("a", TOMORROW)
    assert fold_changes([aside, bury, back]) == OwnCard("a")


def test_a_buried_card_is_back_the_next_day_and_one_put_aside_never_by_itself() -> None:
    buried, aside = OwnCard("a", TOMORROW), OwnCard("a", FOR_GOOD)
    assert is_hidden(buried, TODAY) and not is_hidden(buried, TOMORROW) and not is_aside(buried)
    assert is_hidden(aside, date(9999, 12, 30)) and is_aside(aside)
    assert not is_hidden(None, TODAY) and not is_hidden(OwnCard("a"), TODAY)


def test_words_and_putting_away_leave_each_other_alone() -> None:
    words, aside = change(ChangeKind.WORDS, 1, words=OWN), change(ChangeKind.ASIDE, 2)
    assert fold_changes([words, aside]) == OwnCard("a", FOR_GOOD, OWN)
    assert fold_changes([words, aside, undo(aside, 3)]) == OwnCard("a", None, OWN)
    assert fold_changes([words, aside, undo(words, 3)]) == OwnCard("a", FOR_GOOD)


def test_several_steps_are_undone_and_done_again_one_after_the_other() -> None:
    first, second = change(ChangeKind.WORDS, 1, words=OWN), change(ChangeKind.ASIDE, 2)
    log = [first, second]
    log += [undo(second, 3), undo(first, 4)]
    assert steps_of(log).done == ()
    assert steps_of(log).undone == (second, first)
    assert fold_changes(log) is None
    log += [redo(first, 5), redo(second, 6)]
    assert steps_of(log).undone == ()
    assert fold_changes(log) == OwnCard("a", FOR_GOOD, OWN)


def test_something_new_takes_the_place_of_what_could_be_done_again() -> None:
    aside = change(ChangeKind.ASIDE, 1)
    log = [aside, undo(aside, 2), change(ChangeKind.BURY, 3)]
    assert steps_of(log).undone == ()
    assert fold_changes(log) == OwnCard("a", TOMORROW)


@pytest.mark.parametrize("seed", range(30))
def test_undoing_everything_and_doing_it_again_holds_the_same(seed: int) -> None:
    chance, log = Random(seed), list[CardChange]()
    kinds = [ChangeKind.ASIDE, ChangeKind.BURY, ChangeKind.BACK, ChangeKind.WORDS]
    for number in range(chance.randint(1, 8)):
        kind = chance.choice(kinds)
        words = replace(OWN, front=str(number)) if kind is ChangeKind.WORDS else NO_WORDS
        log.append(change(kind, number, words=words))
    held, clock = fold_changes(log), len(log)
    while done := steps_of(log).done:
        log.append(undo(done[-1], clock := clock + 1))
    assert fold_changes(log) is None
    while undone := steps_of(log).undone:
        log.append(redo(undone[-1], clock := clock + 1))
    assert fold_changes(chance.sample(log, len(log))) == held


def test_undoing_what_is_not_there_changes_nothing() -> None:
    aside = change(ChangeKind.ASIDE, 1)
    assert fold_changes([aside, undo(change(ChangeKind.BURY, 9), 2)]) == OwnCard("a", FOR_GOOD)


def test_what_falls_on_one_moment_keeps_its_order() -> None:
    first = change(ChangeKind.ASIDE, 1)
    second = follows([first], change(ChangeKind.BACK, 0, changed_at=first.changed_at))
    assert second.changed_at > first.changed_at
    assert fold_changes([second, first]) == OwnCard("a")


def test_doing_what_holds_already_is_no_change() -> None:
    assert changes_nothing(None, change(ChangeKind.BACK, 1))
    assert changes_nothing(OwnCard("a", FOR_GOOD), change(ChangeKind.ASIDE, 1))
    assert not changes_nothing(OwnCard("a", FOR_GOOD), change(ChangeKind.BURY, 1))
    assert changes_nothing(None, change(ChangeKind.WORDS, 1))
    assert not changes_nothing(None, change(ChangeKind.WORDS, 1, words=OWN))


def test_a_hidden_card_is_planned_on_the_day_it_is_back() -> None:
    memory = fold([Review(UUID(int=1), "a", Grade.GOOD, NOON, TODAY, 1)], 1)
    assert memory
    assert planned(memory, None) is planned(memory, OwnCard("a", TODAY)) is memory
    assert planned(memory, OwnCard("a", FOR_GOOD)).due_on == FOR_GOOD


def test_words_are_outdated_when_the_author_changes_the_card(small_course: Course) -> None:
    card = small_course.cards["band-lena"]
    words = Words("mijn vraag", "", "", *author_words(card))
    assert not are_outdated(words, card)
    assert are_outdated(words, replace(card, answer="Iets anders."))
    assert are_outdated(words, replace(card, situation="Een ander verhaal."))
    assert not are_outdated(Words(note="los van de tekst"), card)


def test_the_version_of_a_card_changes_with_any_of_its_texts(small_course: Course) -> None:
    card = small_course.cards["band-keuze"]
    others = [
        replace(card, question="?"),
        replace(card, answer="!"),
        replace(card, explanation=""),
        replace(card, hint="h"),
        replace(card, situation="s"),
        replace(card, options=card.options[:1]),
    ]
    assert len({card.version, *(other.version for other in others)}) == 7
    assert replace(card, references=("x",)).version == card.version


def test_sisters_share_a_concept(small_course: Course) -> None:
    assert is_sister(small_course, "band-afstand", "band-lena")
    assert is_sister(small_course, "los-vaster", "band-verschil")
    assert not is_sister(small_course, "los-vaster", "band-lena")
    assert is_sister(small_course, "los-vaster", "los-vaster")
    assert not is_sister(small_course, "los-vaster", None)
    assert not is_sister(small_course, "los-vaster", "verdwenen")
