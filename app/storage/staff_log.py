"""What staff did, for others to read back. Lines are added, and never changed or removed."""

from datetime import datetime
from typing import Any

from app.learning.staff_log import Act, StaffAct
from app.storage.database import Statement
from app.storage.fields import from_microseconds, to_microseconds

_ADD = Statement("INSERT INTO staff_act (done_at, who, what, about) VALUES (?, ?, ?, ?)")
_PAGE = Statement(
    "SELECT id, done_at, who, what, about FROM staff_act WHERE id < ? ORDER BY id DESC LIMIT ?"
)


def note_act(who: str, what: Act, about: str, now: datetime) -> None:
    """Write a line; call it in the transaction of what it tells."""
    _ADD.run(to_microseconds(now), who, what.value, about)


def acts_before(number: int, most: int) -> list[StaffAct]:
    """The lines before that one, the last first."""
    return [_act(row) for row in _PAGE.rows(number, most)]


def _act(row: tuple[Any, ...]) -> StaffAct:
    number, done_at, who, what, about = row
    return StaffAct(number, from_microseconds(done_at), who, Act(what), about)
