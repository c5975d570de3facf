"""How often things were tried, counted where every worker sees it."""

from datetime import datetime
from hashlib import sha256

from app.learning.attempts import Attempt
from app.storage.database import Statement
from app.storage.fields import to_microseconds

_COUNT = Statement(
    "INSERT INTO attempt (name, window_starts_at, times) VALUES (?, ?, 1) "
    "ON CONFLICT (name, window_starts_at) DO UPDATE SET times = attempt.times + 1 RETURNING times"
)
_TAKE_BACK = Statement(
    "UPDATE attempt SET times = times - 1 WHERE name = ? AND window_starts_at = ? AND times > 0"
)
_REMOVE = Statement("DELETE FROM attempt WHERE window_starts_at < ?")


def count_attempt(attempt: Attempt, now: datetime) -> int:
    """Count one more; gives how often it was tried in this window."""
    rows = _COUNT.rows(_name_of(attempt), to_microseconds(attempt.limit.window_at(now)))
    times: int = rows[0][0]
    return times


def take_back(attempt: Attempt, now: datetime) -> None:
    """An attempt that turned out well does not count."""
    _TAKE_BACK.run(_name_of(attempt), to_microseconds(attempt.limit.window_at(now)))


def remove_attempts(before: datetime) -> int:
    """Remove the windows that started before that moment; gives how many."""
    return _REMOVE.run(to_microseconds(before))


def _name_of(attempt: Attempt) -> str:
    # Hashed, so that a copy of the table is no list of who tried to sign in from where.
    return f"{attempt.limit.name}:{sha256(attempt.of.encode()).hexdigest()[:32]}"
