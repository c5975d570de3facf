"""What learners make of cards besides answering them, and what is folded from that.

Nobody but the learner reads this: no screen of authors or instructors may import it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.learning.own_cards import NO_WORDS, CardChange, ChangeKind, OwnCard, Words
from app.storage.database import Statement
from app.storage.fields import (
    from_day_number,
    from_microseconds,
    to_day_number,
    to_microseconds,
)

_TEXTS = "front, back, note, author_front, author_back"
_CHANGE_COLUMNS = f"id, card, kind, changed_at, until, undoes, {_TEXTS}"
_OWN_COLUMNS = f"card, hidden_until, {_TEXTS}"

# For statements about memories: what holds of their cards comes along in the same row, and a hidden
# card stays out, so that neither costs a grade a question of its own.
OWN_COLUMNS = ", ".join(f"own.{name}" for name in _OWN_COLUMNS.split(", "))
JOIN_OWN = (
    "LEFT JOIN own_card AS own ON own.learner_id = memory.learner_id AND own.card = memory.card"
)
IS_SHOWN = "(own.hidden_until IS NULL OR own.hidden_until <= ?)"

_ADD = Statement(
    f"INSERT INTO card_change (learner_id, {_CHANGE_COLUMNS}) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_CHANGES = f"SELECT {_CHANGE_COLUMNS} FROM card_change WHERE learner_id = ?"
_CHANGE = Statement(f"{_CHANGES} AND id = ?")
_CHANGES_OF_CARD = Statement(f"{_CHANGES} AND card = ?")
_ALL_CHANGES = Statement(_CHANGES)
_OWN_CARDS = Statement(f"SELECT {_OWN_COLUMNS} FROM own_card WHERE learner_id = ?")
_OWN_CARD = Statement(f"SELECT {_OWN_COLUMNS} FROM own_card WHERE learner_id = ? AND card = ?")
_SAVE = Statement(
    f"INSERT INTO own_card (learner_id, {_OWN_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (learner_id, card) DO UPDATE SET hidden_until = excluded.hidden_until, "
    "front = excluded.front, back = excluded.back, note = excluded.note, "
    "author_front = excluded.author_front, author_back = excluded.author_back"
)
_FORGET = Statement("DELETE FROM own_card WHERE learner_id = ? AND card = ?")
_FORGET_ALL = Statement("DELETE FROM own_card WHERE learner_id = ?")
_COPY = Statement(
    f"INSERT INTO card_change (learner_id, {_CHANGE_COLUMNS}) "
    f"SELECT CAST(? AS integer), {_CHANGE_COLUMNS} FROM card_change WHERE learner_id = ? "
    "ON CONFLICT DO NOTHING"
)


def add_change(learner_id: int, change: CardChange) -> None:
    """Write an event; one that the log holds already changes nothing."""
    _ADD.run(
        learner_id,
        change.id.hex,
        change.card,
        change.kind.value,
        to_microseconds(change.changed_at),
        _day_number(change.until),
        change.undoes.hex if change.undoes else None,
        *_texts(change.words),
    )


def change_of(learner_id: int, change_id: UUID) -> CardChange | None:
    """That event of this learner, undone or not."""
    row = _CHANGE.row(learner_id, change_id.hex)
    return None if row is None else _change(row)


def changes_of_card(learner_id: int, card: str) -> list[CardChange]:
    """All events of one card, in no particular order."""
    return [_change(row) for row in _CHANGES_OF_CARD.rows(learner_id, card)]


def all_changes(learner_id: int) -> list[CardChange]:
    """All events of a learner, in no particular order."""
    return [_change(row) for row in _ALL_CHANGES.rows(learner_id)]


def copy_changes(from_id: int, to_id: int) -> None:
    """Add the events of one learner to those of another."""
    _COPY.run(to_id, from_id)


def own_card_of(learner_id: int, card: str) -> OwnCard | None:
    row = _OWN_CARD.row(learner_id, card)
    return None if row is None else own_card_in(row)


def own_cards_of(learner_id: int) -> dict[str, OwnCard]:
    """Everything a learner made of cards, by card: a few of them, of most learners none."""
    return {row[0]: _own_card(row) for row in _OWN_CARDS.rows(learner_id)}


def save_own_card(learner_id: int, card: str, own: OwnCard | None) -> None:
    """Write what was folded of a card; the log can always make it again."""
    if own is None:
        _FORGET.run(learner_id, card)
    else:
        _SAVE.run(learner_id, card, _day_number(own.hidden_until), *_texts(own.words))


def replace_own_cards(learner_id: int, cards: Sequence[OwnCard]) -> None:
    """Drop all that was folded of a learner's cards and write these."""
    _FORGET_ALL.run(learner_id)
    for own in cards:
        save_own_card(learner_id, own.card, own)


def own_card_in(columns: Sequence[Any]) -> OwnCard | None:
    """What holds of the card in a row of OWN_COLUMNS; None where the join found nothing."""
    return None if columns[0] is None else _own_card(columns)


def _own_card(columns: Sequence[Any]) -> OwnCard:
    card, hidden_until, *texts = columns
    return OwnCard(card, _day(hidden_until), _words(texts))


def _change(row: tuple[Any, ...]) -> CardChange:
    id_, card, kind, changed_at, until, undoes, *texts = row
    return CardChange(
        id=_uuid(id_),
        card=card,
        kind=ChangeKind(kind),
        changed_at=from_microseconds(changed_at),
        until=_day(until),
        words=_words(texts),
        undoes=None if undoes is None else _uuid(undoes),
    )


def _words(texts: Sequence[str]) -> Words:
    return Words(*texts) if any(texts) else NO_WORDS


def _texts(words: Words) -> tuple[str, str, str, str, str]:
    return words.front, words.back, words.note, words.author_front, words.author_back


def _day_number(day: date | None) -> int | None:
    return None if day is None else to_day_number(day)


def _day(number: int | None) -> date | None:
    return None if number is None else from_day_number(number)


def _uuid(value: str | UUID) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)
