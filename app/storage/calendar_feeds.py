"""The secret addresses of calendars: one a learner."""

from datetime import datetime

from app.learning.people import Learner
from app.storage.database import Statement
from app.storage.fields import to_microseconds
from app.storage.learners import LEARNER_COLUMNS, learner_of_row

_TOKEN_OF = Statement("SELECT token FROM calendar_feed WHERE learner_id = ?")
_LEARNER_OF = Statement(
    f"SELECT {LEARNER_COLUMNS} FROM calendar_feed JOIN learner ON learner.id = learner_id "
    "WHERE token = ?"
)
_SAVE = Statement(
    "INSERT INTO calendar_feed (learner_id, token, created_at) VALUES (?, ?, ?) "
    "ON CONFLICT (learner_id) DO UPDATE SET token = excluded.token, "
    "created_at = excluded.created_at"
)
_REMOVE = Statement("DELETE FROM calendar_feed WHERE learner_id = ?")


def token_of(learner_id: int) -> str | None:
    """What stands in the address of this learner's calendar; None where there is none."""
    row = _TOKEN_OF.row(learner_id)
    return None if row is None else str(row[0])


def learner_with_feed(token: str) -> Learner | None:
    row = _LEARNER_OF.row(token)
    return None if row is None else learner_of_row(row)


def save_feed(learner_id: int, token: str, now: datetime) -> None:
    """Give a learner a calendar; an address they had before is worthless from now on."""
    _SAVE.run(learner_id, token, to_microseconds(now))


def remove_feed(learner_id: int) -> None:
    _REMOVE.run(learner_id)
