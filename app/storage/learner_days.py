"""What each learner did on each day: counts kept with the log, in the same transaction."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from app.learning.learner_day import DayCounts
from app.storage.database import Statement
from app.storage.fields import from_day_number, to_day_number

# One statement holds no more rows than this; more are written in pieces.
_MOST_ROWS = 500

_COLUMNS = "day, reviews, begun, returned, remembered, duration_ms"
_DAYS = Statement(f"SELECT {_COLUMNS} FROM learner_day WHERE learner_id = ?")
_FORGET_EMPTY = Statement("DELETE FROM learner_day WHERE learner_id = ? AND reviews = 0")
_FORGET = Statement("DELETE FROM learner_day WHERE learner_id = ?")


def days_of(learner_id: int) -> dict[date, DayCounts]:
    """The counts of every day with a review that counts."""
    return {from_day_number(row[0]): DayCounts(*row[1:]) for row in _DAYS.rows(learner_id)}


def add_to_days(learner_id: int, change: Mapping[date, DayCounts]) -> None:
    """Add counts, which may be less than zero, to those of their days."""
    days = sorted(change.items())
    for start in range(0, len(days), _MOST_ROWS):
        piece = days[start : start + _MOST_ROWS]
        values = [value for day, counts in piece for value in _row(learner_id, day, counts)]
        _adding(len(piece)).run(*values)


def forget_empty_days(learner_id: int) -> None:
    """Drop the days on which no review counts any more."""
    _FORGET_EMPTY.run(learner_id)


def replace_days(learner_id: int, days: Mapping[date, DayCounts]) -> None:
    """Drop all counts of a learner and write these."""
    _FORGET.run(learner_id)
    add_to_days(learner_id, days)


def _row(learner_id: int, day: date, counts: DayCounts) -> tuple[object, ...]:
    return (
        learner_id,
        to_day_number(day),
        counts.reviews,
        counts.begun,
        counts.returned,
        counts.remembered,
        counts.duration_ms,
    )


@lru_cache(maxsize=32)
def _adding(days: int) -> Statement:
    marks = ", ".join(["(?, ?, ?, ?, ?, ?, ?)"] * days)
    return Statement(
        f"INSERT INTO learner_day (learner_id, {_COLUMNS}) VALUES {marks} "
        "ON CONFLICT (learner_id, day) DO UPDATE SET "
        "reviews = learner_day.reviews + excluded.reviews, "
        "begun = learner_day.begun + excluded.begun, "
        "returned = learner_day.returned + excluded.returned, "
        "remembered = learner_day.remembered + excluded.remembered, "
        "duration_ms = learner_day.duration_ms + excluded.duration_ms"
    )
