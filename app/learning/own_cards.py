"""What a learner makes of a card besides answering it: put aside, buried, in words of their own.

Like reviews these are events. What holds now is a fold of those that were not undone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import TypeVar
from uuid import UUID, uuid5

from app.learning.course import Card, Course
from app.learning.reviews import redo_id
from app.learning.scheduling import CardDays, Memory

M = TypeVar("M", Memory, CardDays)

# The day until which a card is hidden that was put aside.
FOR_GOOD = date.max

# Characters of each text: some pages of a notebook, and nothing a page cannot show.
LONGEST_TEXT = 4000

_MICROSECOND = timedelta(microseconds=1)


class ChangeKind(Enum):
    """What was done with a card; the values are stored."""

    ASIDE = "aside"
    BURY = "bury"
    BACK = "back"
    WORDS = "words"
    UNDO = "undo"


PUT_AWAY = (ChangeKind.ASIDE, ChangeKind.BURY)


@dataclass(frozen=True, slots=True)
class Words:
    """Own words for the front and the back of a card, and a note; empty where there are none.

    `author_front` and `author_back` are the author's texts beside which they were written.
    """

    front: str = ""
    back: str = ""
    note: str = ""
    author_front: str = ""
    author_back: str = ""

    @property
    def are_there(self) -> bool:
        return bool(self.front or self.back or self.note)

    @property
    def are_for_card(self) -> bool:
        """Whether they say the card itself in other words; a note alone does not."""
        return bool(self.front or self.back)

    @property
    def are_too_long(self) -> bool:
        """Whether one of the texts is longer than LONGEST_TEXT."""
        texts = (self.front, self.back, self.note, self.author_front, self.author_back)
        return any(len(text) > LONGEST_TEXT for text in texts)


NO_WORDS = Words()


@dataclass(frozen=True, slots=True)
class SealedWords:
    """Own words as the database has them: who can read them needs the data key of that id.

    The author's texts are open, so that a change of theirs is seen without a key. They are empty
    beside a note alone.
    """

    key: UUID
    text: bytes
    author_front: str = ""
    author_back: str = ""

    @property
    def are_for_card(self) -> bool:
        """As of `Words`."""
        return bool(self.author_front or self.author_back)


# Opened words by card and by what they are sealed as there: at another card that opens nothing.
OpenedWords = Mapping[tuple[str, SealedWords], Words]


@dataclass(frozen=True, slots=True)
class CardChange:
    """One event. `until` is the day on which a buried card is back, `undoes` the id of an event.

    `words` are None where own words were taken away, and for every other kind.
    """

    id: UUID
    card: str
    kind: ChangeKind
    changed_at: datetime
    until: date | None = None
    words: SealedWords | None = None
    undoes: UUID | None = None

    @property
    def hides(self) -> bool:
        """Whether the card is put away by it."""
        return self.kind in PUT_AWAY


@dataclass(frozen=True, slots=True)
class PlainChange:
    """A change as its learner reads it: `words` are open, and those of `event` are taken out."""

    event: CardChange
    words: Words = NO_WORDS


@dataclass(frozen=True, slots=True)
class OwnCard:
    """What holds of a card for one learner: a fold of its changes.

    It is not asked before `hidden_until`, which is FOR_GOOD for a card that was put aside.
    """

    card: str
    hidden_until: date | None = None
    words: SealedWords | None = None


@dataclass(frozen=True, slots=True)
class Steps:
    """The changes that count, and those that were undone and can be done again; latest last."""

    done: tuple[CardChange, ...] = ()
    undone: tuple[CardChange, ...] = ()


def undo_id(event: UUID) -> UUID:
    """What the event is called that undoes another: undoing twice is undoing once."""
    return uuid5(event, "undo")


def steps_of(changes: Iterable[CardChange]) -> Steps:
    """What was done with one card and what was undone, by the rule of every editor: something new
    takes the place of what could have been done again."""
    done: list[CardChange] = []
    undone: list[CardChange] = []
    for change in sorted(changes, key=lambda change: (change.changed_at, change.id.int)):
        if change.kind is not ChangeKind.UNDO:
            is_redo = bool(undone) and change.id == redo_id(undone[-1].id)
            undone = undone[:-1] if is_redo else []
            done.append(change)
            continue
        undone += [event for event in done if event.id == change.undoes]
        done = [event for event in done if event.id != change.undoes]
    return Steps(tuple(done), tuple(undone))


def fold_changes(changes: Iterable[CardChange]) -> OwnCard | None:
    """What all changes of one card come to; None where nothing is left of them."""
    own = None
    for change in steps_of(changes).done:
        own = own or OwnCard(change.card)
        if change.kind is ChangeKind.WORDS:
            own = replace(own, words=change.words)
        else:
            own = replace(own, hidden_until=_hidden_until(change))
    return own


def follows(changes: Sequence[CardChange], change: CardChange) -> CardChange:
    """`change` as the last of `changes`, also where two fall on one moment."""
    last = max((event.changed_at for event in changes), default=None)
    if last is None or change.changed_at > last:
        return change
    return replace(change, changed_at=last + _MICROSECOND)


def changes_nothing(own: OwnCard | None, change: CardChange) -> bool:
    """Whether `change` is what holds already."""
    if change.kind is ChangeKind.WORDS:
        return change.words == (own.words if own else None)
    return _hidden_until(change) == (own.hidden_until if own else None)


def is_hidden(own: OwnCard | None, day: date) -> bool:
    """Whether the card is not asked on `day`, because it was put aside or buried."""
    return own is not None and own.hidden_until is not None and day < own.hidden_until


def hidden_on(day: date, own: Mapping[str, OwnCard]) -> set[str]:
    """The cards that are not asked on `day`."""
    return {card for card, made in own.items() if is_hidden(made, day)}


def is_aside(own: OwnCard | None) -> bool:
    """Whether the card was put aside, until the learner takes it back."""
    return own is not None and own.hidden_until == FOR_GOOD


def planned(memory: M, own: OwnCard | None) -> M:
    """The memory as a plan of days sees it: a hidden card is asked on the day it is back."""
    if own is None or own.hidden_until is None or own.hidden_until <= memory.due_on:
        return memory
    return memory.returning_on(own.hidden_until)


def author_words(card: Card) -> tuple[str, str]:
    """The author's front and back of a card, as plain texts to write beside."""
    front = "\n\n".join(filter(None, [card.situation, card.question]))
    back = "\n\n".join(filter(None, [card.answer, card.explanation]))
    return front, back


def are_outdated(words: Words | SealedWords, card: Card) -> bool:
    """Whether the author has changed the card since these words were written for it."""
    return words.are_for_card and (words.author_front, words.author_back) != author_words(card)


def is_sister(course: Course, card: str, other: str | None) -> bool:
    """Whether two cards are about one concept, so that one gives the other away, or are the same."""
    if card == other:
        return True
    first, second = course.cards.get(card), course.cards.get(other or "")
    return bool(first and second and not set(first.concepts).isdisjoint(second.concepts))


def _hidden_until(change: CardChange) -> date | None:
    return FOR_GOOD if change.kind is ChangeKind.ASIDE else change.until
