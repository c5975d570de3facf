"""The log of reviews, and the memories folded from it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from app.learning.own_cards import OwnCard
from app.learning.reviews import Grade, LogEntry, Review, WhyMissed
from app.learning.scheduling import CardDays, Memory, Spacing
from app.storage.database import Statement
from app.storage.fields import (
    from_day_number,
    from_microseconds,
    to_day_number,
    to_microseconds,
)
from app.storage.learners import SPACING_COLUMNS, SPACING_WIDTH, spacing_of_row
from app.storage.own_cards import IS_SHOWN, JOIN_OWN, OWN_COLUMNS, own_card_in

T = TypeVar("T")

# One statement holds no more rows than this; more are written in pieces.
_MOST_ROWS = 500
# Of what waits one is wanted, or the first that is no sister of the card before it. As a number in the
# statement: SQLite compiles one with a parameter there anew each time it runs, 15 µs of 22.
_WAITING_AT_ONCE = 10

_LOWEST_ID = UUID(int=0).hex

_REVIEW_COLUMNS = "id, card, grade, reviewed_at, day, duration_ms, why_missed"
_MEMORY_COLUMNS = (
    "card, stability, difficulty, due_on, last_day, last_at, last_id, reviews, lapses, decay, "
    "returned, remembered"
)
_MEMORY_WIDTH = len(_MEMORY_COLUMNS.split(", "))
_HELD_COLUMNS = (
    ", ".join(f"memory.{name}" for name in _MEMORY_COLUMNS.split(", ")) + ", " + OWN_COLUMNS
)

_ADDING = f"INSERT INTO review (learner_id, {_REVIEW_COLUMNS}) VALUES {{}} ON CONFLICT DO NOTHING"
_ADD_REVIEW = Statement(_ADDING.format("(?, ?, ?, ?, ?, ?, ?, ?)"))
_REVIEW = Statement(f"SELECT {_REVIEW_COLUMNS} FROM review WHERE learner_id = ? AND id = ?")
_COUNTING = (
    f"SELECT {_REVIEW_COLUMNS} FROM review WHERE learner_id = ? {{also}}"
    "AND NOT EXISTS (SELECT 1 FROM voiding WHERE voiding.learner_id = review.learner_id "
    "AND voiding.review = review.id) ORDER BY reviewed_at"
)
_REVIEWS_OF_CARD = Statement(_COUNTING.format(also="AND card = ? "))
_ALL_REVIEWS = Statement(_COUNTING.format(also=""))
# One page of the log, card after card. The key is that of the last row of the page before.
_LOG = Statement(
    f"SELECT {_REVIEW_COLUMNS}, voided_at FROM review LEFT JOIN voiding "
    "ON voiding.learner_id = review.learner_id AND voiding.review = review.id "
    "WHERE review.learner_id = ? AND (card, reviewed_at, id) > (?, ?, ?) "
    "ORDER BY card, reviewed_at, id LIMIT ?"
)
_VOID = Statement(
    "INSERT INTO voiding (learner_id, review, voided_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
)
_VOIDED = Statement("SELECT 1 FROM voiding WHERE learner_id = ? AND review = ?")
_LAST_DURATIONS = Statement(
    "SELECT duration_ms FROM review WHERE learner_id = ? AND duration_ms > 0 "
    "ORDER BY day DESC LIMIT 60"
)
_MEMORY = Statement(f"SELECT {_MEMORY_COLUMNS} FROM memory WHERE learner_id = ? AND card = ?")
_MEMORIES = Statement(f"SELECT {_MEMORY_COLUMNS} FROM memory WHERE learner_id = ?")
# The last is `Memory.was_remembered`.
_CARD_DAYS = Statement(
    "SELECT card, due_on, last_day, due_on > last_day OR lapses > 0 FROM memory "
    "WHERE learner_id = ?"
)
# Both are asked after every grade. As one UNION they took half as long again on SQLite, and of what
# was missed only the cards are wanted, which the index holds.
_WAITING = Statement(
    f"SELECT {_HELD_COLUMNS} FROM memory {JOIN_OWN} WHERE memory.learner_id = ? "
    f"AND memory.due_on <= ? AND memory.last_at < ? AND {IS_SHOWN} "
    f"ORDER BY memory.due_on, memory.last_at LIMIT {_WAITING_AT_ONCE} OFFSET ?"
)
_MISSED = Statement(
    f"SELECT memory.card FROM memory {JOIN_OWN} WHERE memory.learner_id = ? "
    f"AND memory.due_on = ? AND memory.last_at >= ? AND {IS_SHOWN} ORDER BY memory.last_at"
)
_HELD = Statement(
    f"SELECT {_HELD_COLUMNS} FROM memory {JOIN_OWN} WHERE memory.learner_id = ? AND memory.card = ?"
)
_CARDS_ANSWERED = Statement(
    f"SELECT {_MEMORY_COLUMNS} FROM memory WHERE learner_id = ? AND card IN "
    "(SELECT review.card FROM review AS today "
    "JOIN review ON review.learner_id = today.learner_id AND review.id = today.id "
    "WHERE today.learner_id = ? AND today.day = ?) AND last_day = ? ORDER BY last_at"
)
_LAST_DAY_BEFORE = Statement("SELECT max(day) FROM review WHERE learner_id = ? AND day < ?")
# The day's reviews first, by what their index holds: in one piece SQLite takes the index that begins
# with the card, because of the GROUP BY, and reads the whole log: 44 ms for 50,000 reviews. The same
# for the cards above, where it takes the key: 3 ms.
_CARDS_BEGUN = Statement(
    "WITH today AS MATERIALIZED "
    "(SELECT learner_id, id FROM review WHERE learner_id = ? AND day = ?) "
    "SELECT review.card FROM today "
    "JOIN review ON review.learner_id = today.learner_id AND review.id = today.id "
    "JOIN memory ON memory.learner_id = review.learner_id AND memory.card = review.card "
    "WHERE NOT EXISTS (SELECT 1 FROM voiding "
    "WHERE voiding.learner_id = today.learner_id AND voiding.review = today.id) "
    "GROUP BY review.card, memory.reviews "
    "HAVING count(*) >= memory.reviews"
)
_COPY_REVIEWS = Statement(
    f"INSERT INTO review (learner_id, {_REVIEW_COLUMNS}) "
    f"SELECT CAST(? AS integer), {_REVIEW_COLUMNS} FROM review WHERE learner_id = ? "
    "ON CONFLICT DO NOTHING"
)
_COPY_VOIDINGS = Statement(
    "INSERT INTO voiding (learner_id, review, voided_at) "
    "SELECT CAST(? AS integer), review, voided_at FROM voiding WHERE learner_id = ? "
    "ON CONFLICT DO NOTHING"
)
_FORGET_CARD = Statement("DELETE FROM memory WHERE learner_id = ? AND card = ?")
_FORGET_LEARNER = Statement("DELETE FROM memory WHERE learner_id = ?")


def add_reviews(learner_id: int, batch: Sequence[Review]) -> set[UUID]:
    """Write events; gives the ids of those that the log did not hold already."""
    if len(batch) == 1:
        # Every grade. What RETURNING makes a table for, in SQLite, takes longer than the row itself.
        return {batch[0].id} if _ADD_REVIEW.run(*_review_row(learner_id, batch[0])) else set()
    added: set[UUID] = set()
    for piece in _pieces(batch):
        values = [value for review in piece for value in _review_row(learner_id, review)]
        added.update(_uuid(row[0]) for row in _adding_reviews(len(piece)).rows(*values))
    return added


def in_log(learner_id: int, ids: Sequence[UUID]) -> set[UUID]:
    """Which of these ids the log holds."""
    found: set[UUID] = set()
    for piece in _pieces(ids):
        rows = _in_log(len(piece)).rows(learner_id, *(review_id.hex for review_id in piece))
        found.update(_uuid(row[0]) for row in rows)
    return found


def review_of(learner_id: int, review_id: UUID) -> Review | None:
    """That event of this learner, voided or not."""
    row = _REVIEW.row(learner_id, review_id.hex)
    return None if row is None else _review(row)


def void_review(learner_id: int, review_id: UUID, now: datetime) -> None:
    """Write that the review does not count. Voiding it again changes nothing."""
    _VOID.run(learner_id, review_id.hex, to_microseconds(now))


def is_voided(learner_id: int, review_id: UUID) -> bool:
    """Whether an event was taken back."""
    return _VOIDED.row(learner_id, review_id.hex) is not None


def copy_log(from_id: int, to_id: int) -> int:
    """Add the events of one learner to the log of another; gives how many reviews were new there.

    A review that both have is one review; it counts only if neither voided it.
    """
    added = _COPY_REVIEWS.run(to_id, from_id)
    _COPY_VOIDINGS.run(to_id, from_id)
    return added


def reviews_of_card(learner_id: int, card: str) -> list[Review]:
    """The events of one card that count."""
    return [_review(row) for row in _REVIEWS_OF_CARD.rows(learner_id, card)]


def all_reviews(learner_id: int) -> list[Review]:
    """All events of a learner that count, in the order of their moments."""
    return [_review(row) for row in _ALL_REVIEWS.rows(learner_id)]


def log_of(learner_id: int) -> Iterator[LogEntry]:
    """The whole log, also what was taken back: card after card, each in the order of the log.

    It is read in pages; inside a `snapshot` they are all of one moment.
    """
    key: tuple[object, ...] = ("", 0, _LOWEST_ID)
    while rows := _LOG.rows(learner_id, *key, _MOST_ROWS):
        for *row, voided_at in rows:
            voided = None if voided_at is None else from_microseconds(voided_at)
            yield LogEntry(_review(tuple(row)), voided)
        id_, card, _, reviewed_at, *_ = rows[-1]
        key = (card, reviewed_at, _uuid(id_).hex)


def last_durations(learner_id: int) -> list[int]:
    """How long (ms) the latest reviews took, at most 60 of them, in no particular order."""
    return [row[0] for row in _LAST_DURATIONS.rows(learner_id)]


def memory_of(learner_id: int, card: str) -> Memory | None:
    """What the learner remembers of one card."""
    row = _MEMORY.row(learner_id, card)
    return None if row is None else _memory(row)


def memories_of(learner_id: int) -> dict[str, Memory]:
    """Everything the learner remembers, by card."""
    # Past the cache: so many at once would push out of it what is about to be graded.
    return {row[0]: _memory_in(row) for row in _MEMORIES.rows(learner_id)}


def cards_answered_by(learner_ids: Sequence[int]) -> dict[int, set[str]]:
    """The cards each of these learners has answered."""
    found: dict[int, set[str]] = {learner_id: set() for learner_id in learner_ids}
    for piece in _pieces(learner_ids):
        for learner_id, card in _cards_of(len(piece)).rows(*piece):
            found[learner_id].add(card)
    return found


def card_days(learner_id: int) -> list[CardDays]:
    """The days of every card with an answer: a fifth of the time of `memories_of`."""
    return [
        CardDays(card, from_day_number(due_on), from_day_number(last_day), bool(was_remembered))
        for card, due_on, last_day, was_remembered in _CARD_DAYS.rows(learner_id)
    ]


def remembered(learner_id: int) -> dict[str, bool]:
    """Every card with an answer, and whether it was remembered at least once."""
    return {row[0]: bool(row[3]) for row in _CARD_DAYS.rows(learner_id)}


def memories_of_cards(learner_id: int, cards: Sequence[str]) -> dict[str, Memory]:
    """What the learner remembers of these cards, by card."""
    found: dict[str, Memory] = {}
    for piece in _pieces(cards):
        rows = _memories_of(len(piece)).rows(learner_id, *piece)
        found.update((row[0], _memory(row)) for row in rows)
    return found


def spacing_and_memories(
    learner_id: int, cards: Sequence[str]
) -> tuple[Spacing, dict[str, Memory]]:
    """What decides when this learner's cards return, and what is remembered of these (at least one).

    Both as they are now, in one query: what a session was read with may have been changed since by
    the settings or a fit, and whoever folds must hold to what is stored. Raises IndexError for nobody.
    """
    found: dict[str, Memory] = {}
    for piece in _pieces(cards):
        # One row for each card that is remembered, and one with the learner alone where none is.
        rows = _spacing_and_memories(len(piece)).rows(*piece, learner_id)
        memories = (row[SPACING_WIDTH:] for row in rows)
        found.update((memory[0], _memory(memory)) for memory in memories if memory[0] is not None)
    return spacing_of_row(rows[0][:SPACING_WIDTH]), found


def waiting(learner_id: int, day: date, since: datetime) -> Iterator[tuple[Memory, OwnCard | None]]:
    """What is due on `day`, not hidden and not answered since the day began, longest due first.

    `since` is the moment at which `day` began. They are asked for a few at a time.
    """
    number, moment, offset = to_day_number(day), to_microseconds(since), 0
    while True:
        found = 0
        for row in _WAITING.each(learner_id, number, moment, number, offset):
            found += 1
            yield _held(row)
        if found < _WAITING_AT_ONCE:
            return
        offset += found


def missed(learner_id: int, day: date, since: datetime) -> list[str]:
    """The cards that were missed since `day` began and not remembered after, longest ago first.

    Hidden ones are left out.
    """
    # What is due and was answered since the day began can only have been missed.
    number = to_day_number(day)
    rows = _MISSED.rows(learner_id, number, to_microseconds(since), number)
    return [card for (card,) in rows]


def held(learner_id: int, card: str) -> tuple[Memory | None, OwnCard | None]:
    """What is remembered of an answered card and what the learner made of it."""
    row = _HELD.row(learner_id, card)
    return (None, None) if row is None else _held(row)


def cards_answered_on(learner_id: int, day: date) -> list[Memory]:
    """What is remembered of the cards whose last answer was on `day`, in order of answering."""
    number = to_day_number(day)
    return [_memory(row) for row in _CARDS_ANSWERED.rows(learner_id, learner_id, number, number)]


def last_day_before(learner_id: int, day: date) -> date | None:
    """The last day before `day` with an answer."""
    row = _LAST_DAY_BEFORE.row(learner_id, to_day_number(day))
    return None if row is None or row[0] is None else from_day_number(row[0])


def cards_begun_on(learner_id: int, day: date) -> set[str]:
    """The cards that got all their reviews on `day`: they were new that day."""
    return {card for (card,) in _CARDS_BEGUN.rows(learner_id, to_day_number(day))}


def save_memories(learner_id: int, memories: Sequence[Memory]) -> None:
    """Write what was folded, one memory a card; the log can always make it again."""
    for piece in _pieces(memories):
        values = [value for memory in piece for value in _memory_row(learner_id, memory)]
        _saving_memories(len(piece)).run(*values)


def forget_card(learner_id: int, card: str) -> None:
    """Drop the folded memory of a card without reviews."""
    _FORGET_CARD.run(learner_id, card)


def replace_memories(learner_id: int, memories: Sequence[Memory]) -> None:
    """Drop all folded memories of a learner and write these."""
    _FORGET_LEARNER.run(learner_id)
    save_memories(learner_id, memories)


def _pieces(things: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(things), _MOST_ROWS):
        yield things[start : start + _MOST_ROWS]


@lru_cache(maxsize=32)
def _adding_reviews(rows: int) -> Statement:
    return Statement(_ADDING.format(_marks(rows, 8)) + " RETURNING id")


@lru_cache(maxsize=32)
def _in_log(ids: int) -> Statement:
    return Statement(f"SELECT id FROM review WHERE learner_id = ? AND id IN {_marks(1, ids)}")


@lru_cache(maxsize=32)
def _memories_of(cards: int) -> Statement:
    return Statement(
        f"SELECT {_MEMORY_COLUMNS} FROM memory WHERE learner_id = ? AND card IN {_marks(1, cards)}"
    )


@lru_cache(maxsize=32)
def _spacing_and_memories(cards: int) -> Statement:
    return Statement(
        f"SELECT {SPACING_COLUMNS}, {_MEMORY_COLUMNS} FROM learner "
        "LEFT JOIN memory ON memory.learner_id = learner.id "
        f"AND memory.card IN {_marks(1, cards)} WHERE learner.id = ?"
    )


@lru_cache(maxsize=32)
def _cards_of(learners: int) -> Statement:
    return Statement(
        f"SELECT learner_id, card FROM memory WHERE learner_id IN {_marks(1, learners)}"
    )


@lru_cache(maxsize=32)
def _saving_memories(rows: int) -> Statement:
    return Statement(
        f"INSERT INTO memory (learner_id, {_MEMORY_COLUMNS}) VALUES {_marks(rows, 13)} "
        "ON CONFLICT (learner_id, card) DO UPDATE SET stability = excluded.stability, "
        "difficulty = excluded.difficulty, due_on = excluded.due_on, "
        "last_day = excluded.last_day, last_at = excluded.last_at, last_id = excluded.last_id, "
        "reviews = excluded.reviews, lapses = excluded.lapses, decay = excluded.decay, "
        "returned = excluded.returned, remembered = excluded.remembered"
    )


def _marks(rows: int, columns: int) -> str:
    """(?, ?), (?, ?)"""
    return ", ".join([f"({', '.join('?' * columns)})"] * rows)


def _review_row(learner_id: int, review: Review) -> tuple[object, ...]:
    return (
        learner_id,
        review.id.hex,
        review.card,
        int(review.grade),
        to_microseconds(review.reviewed_at),
        to_day_number(review.day),
        review.duration_ms,
        review.why_missed.value if review.why_missed else None,
    )


def _memory_row(learner_id: int, memory: Memory) -> tuple[object, ...]:
    return (
        learner_id,
        memory.card,
        memory.stability,
        memory.difficulty,
        to_day_number(memory.due_on),
        to_day_number(memory.last_day),
        to_microseconds(memory.last_at),
        memory.last_id.hex,
        memory.reviews,
        memory.lapses,
        memory.decay,
        memory.returned,
        memory.remembered,
    )


def _review(row: tuple[Any, ...]) -> Review:
    id_, card, grade, reviewed_at, day, duration_ms, why = row
    return Review(
        id=_uuid(id_),
        card=card,
        grade=Grade(grade),
        reviewed_at=from_microseconds(reviewed_at),
        day=from_day_number(day),
        duration_ms=duration_ms,
        why_missed=WhyMissed(why) if why else None,
    )


def _held(row: tuple[Any, ...]) -> tuple[Memory, OwnCard | None]:
    return _memory(row[:_MEMORY_WIDTH]), own_card_in(row[_MEMORY_WIDTH:])


# A row is read when its card is shown and again when it is graded.
@lru_cache(maxsize=4096)
def _memory(row: tuple[Any, ...]) -> Memory:
    return _memory_in(row)


def _memory_in(row: tuple[Any, ...]) -> Memory:
    card, stability, difficulty, due_on, last_day, last_at, last_id, *counts = row
    reviews, lapses, decay, returned, remembered = counts
    return Memory(
        card=card,
        stability=stability,
        difficulty=difficulty,
        due_on=from_day_number(due_on),
        last_day=from_day_number(last_day),
        last_at=from_microseconds(last_at),
        last_id=_uuid(last_id),
        reviews=reviews,
        lapses=lapses,
        decay=decay,
        returned=returned,
        remembered=remembered,
    )


def _uuid(value: str | UUID) -> UUID:
    # UUID(hex=…) first looks for braces and hyphens, which a column never has.
    return value if isinstance(value, UUID) else UUID(int=int(value, 16))
