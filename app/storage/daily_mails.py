"""The mails of the timetable: one row for a learner and a local day."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.learning.daily_mail import MailKind, MailReason, MailState, Returned
from app.learning.mail_wishes import Due, Stopped
from app.storage.database import Statement
from app.storage.fields import (
    from_day_number,
    from_microseconds,
    to_day_number,
    to_microseconds,
)

_COLUMNS = (
    "learner_id, day, kind, reason, state, due_at, message_id, attempts, owner, changed_at, error, "
    "returned"
)
_SELECT = f"SELECT {_COLUMNS} FROM daily_mail"
_ON = Statement(f"{_SELECT} WHERE learner_id = ? AND day = ?")
_OF_MESSAGE = Statement(f"{_SELECT} WHERE message_id = ?")
_LAST = Statement(
    f"{_SELECT} WHERE learner_id = ? AND state IN ('sent', 'in_doubt') ORDER BY day DESC LIMIT 1"
)
_TAKEN = Statement(
    "SELECT day, due_at FROM daily_mail WHERE learner_id = ? AND day >= ? AND state <> 'missed'"
)
_SILENCE = Statement(
    "SELECT COUNT(CASE WHEN day > ? THEN 1 END), MAX(day) FROM daily_mail "
    "WHERE learner_id = ? AND day < ? AND state IN ('sent', 'in_doubt')"
)
_SAVE = Statement(
    f"INSERT INTO daily_mail ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (learner_id, day) DO UPDATE SET kind = excluded.kind, "
    "reason = excluded.reason, state = excluded.state, "
    "attempts = excluded.attempts, owner = excluded.owner, changed_at = excluded.changed_at, "
    "error = excluded.error"
)
_MOVE = Statement(
    "UPDATE daily_mail SET state = ?, changed_at = ?, error = ? "
    "WHERE learner_id = ? AND day = ? AND attempts = ? AND state = ?"
)
_RETURN = Statement("UPDATE daily_mail SET returned = ? WHERE learner_id = ? AND day = ?")
_RETURNS = Statement(
    "SELECT COUNT(*) FROM daily_mail WHERE learner_id = ? AND day >= ? AND returned = ?"
)
_TROUBLES = Statement(
    f"{_SELECT} WHERE day >= ? AND state <> 'sent' ORDER BY changed_at DESC LIMIT ?"
)
_COUNTS = Statement("SELECT state, COUNT(*) FROM daily_mail WHERE day >= ? GROUP BY state")
_RETURNED = Statement(
    "SELECT returned, COUNT(*) FROM daily_mail WHERE day >= ? AND returned IS NOT NULL "
    "GROUP BY returned"
)
_DEAD = Statement(
    "SELECT day, due_at, message_id, attempts, error, stopped, paused_until FROM daily_mail "
    "LEFT JOIN mail_wishes ON mail_wishes.learner_id = daily_mail.learner_id "
    "WHERE day >= ? AND state = 'dead' ORDER BY day DESC, message_id LIMIT ?"
)
_REMOVE = Statement("DELETE FROM daily_mail WHERE day < ?")


@dataclass(frozen=True, slots=True)
class DailyMail:
    """The mail of one day. `attempts` also says whose it is: who counted last may go on with it."""

    learner_id: int
    due: Due
    kind: MailKind
    reason: MailReason
    state: MailState
    message_id: str
    attempts: int
    owner: str
    changed_at: datetime
    error: str = ""
    returned: Returned | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether somebody tried to send it and it may still go out."""
        return self.state in (MailState.CLAIMED, MailState.WAITING)

    @property
    def has_ended(self) -> bool:
        """Whether it went out, may have, or never will. A missed one was never tried: where the
        clock was wrong its day is still to come."""
        return not self.is_under_way and self.state is not MailState.MISSED


@dataclass(frozen=True, slots=True)
class DeadMail:
    """A mail that will not go out, and what its learner wants of the mail now. Not whose it was."""

    due: Due
    message_id: str
    attempts: int
    error: str
    stopped: Stopped | None
    paused_until: date | None


def mail_on(learner_id: int, day: date) -> DailyMail | None:
    row = _ON.row(learner_id, to_day_number(day))
    return None if row is None else _daily_mail(row)


def mail_of_message(message_id: str) -> DailyMail | None:
    """The mail that had this Message-ID."""
    row = _OF_MESSAGE.row(message_id)
    return None if row is None else _daily_mail(row)


def last_mail(learner_id: int) -> DailyMail | None:
    """The last that went out, or may have."""
    row = _LAST.row(learner_id)
    return None if row is None else _daily_mail(row)


def taken_since(learner_id: int, day: date) -> list[Due]:
    """The days from `day` on that have had their mail, or are having it."""
    return [
        Due(from_day_number(number), from_microseconds(due_at))
        for number, due_at in _TAKEN.rows(learner_id, to_day_number(day))
    ]


def silence_before(learner_id: int, day: date, heard_on: date) -> tuple[int, date | None]:
    """How many mails went out after `heard_on` and before `day`, and the last day with one."""
    row = _SILENCE.row(to_day_number(heard_on), learner_id, to_day_number(day))
    assert row is not None
    unanswered, last = row
    return unanswered, None if last is None else from_day_number(last)


def save_mail(mail: DailyMail) -> None:
    """Write a mail; of one that is there already what changes with an attempt."""
    _SAVE.run(
        mail.learner_id,
        to_day_number(mail.due.day),
        mail.kind.value,
        mail.reason.value,
        mail.state.value,
        to_microseconds(mail.due.at),
        mail.message_id,
        mail.attempts,
        mail.owner,
        to_microseconds(mail.changed_at),
        mail.error,
        mail.returned and mail.returned.value,
    )


def move_mail(mail: DailyMail, state: MailState, now: datetime, error: str = "") -> bool:
    """Change the state of this very attempt; False where it is not ours any more."""
    moment, day = to_microseconds(now), to_day_number(mail.due.day)
    attempt = (mail.learner_id, day, mail.attempts, mail.state.value)
    return _MOVE.run(state.value, moment, error, *attempt) == 1


def note_returned(mail: DailyMail, returned: Returned) -> None:
    _RETURN.run(returned.value, mail.learner_id, to_day_number(mail.due.day))


def returned_since(learner_id: int, day: date, returned: Returned) -> int:
    """How many mails of the days from `day` on came back like that."""
    row = _RETURNS.row(learner_id, to_day_number(day), returned.value)
    assert row is not None
    return int(row[0])


def troubles_since(day: date, most: int) -> list[DailyMail]:
    """What did not simply go out, the latest first."""
    return [_daily_mail(row) for row in _TROUBLES.rows(to_day_number(day), most)]


def counts_since(day: date) -> dict[MailState, int]:
    """How many mails are in each state."""
    return {MailState(state): number for state, number in _COUNTS.rows(to_day_number(day))}


def returned_counts_since(day: date) -> dict[Returned, int]:
    """How many mails came back, by how."""
    return {Returned(returned): number for returned, number in _RETURNED.rows(to_day_number(day))}


def dead_since(day: date, most: int) -> list[DeadMail]:
    """The mails that will not go out, the latest first."""
    return [
        DeadMail(
            Due(from_day_number(number), from_microseconds(due_at)),
            message_id,
            attempts,
            error,
            None if stopped is None else Stopped(stopped),
            None if paused_until is None else from_day_number(paused_until),
        )
        for number, due_at, message_id, attempts, error, stopped, paused_until in _DEAD.rows(
            to_day_number(day), most
        )
    ]


def remove_before(day: date) -> int:
    """Remove what is too long ago to matter; gives how many."""
    return _REMOVE.run(to_day_number(day))


def _daily_mail(row: tuple[Any, ...]) -> DailyMail:
    learner_id, day, kind, reason, state, due_at, message_id, attempts, owner, *rest = row
    changed_at, error, returned = rest
    return DailyMail(
        learner_id=learner_id,
        due=Due(from_day_number(day), from_microseconds(due_at)),
        kind=MailKind(kind),
        reason=MailReason(reason),
        state=MailState(state),
        message_id=message_id,
        attempts=attempts,
        owner=owner,
        changed_at=from_microseconds(changed_at),
        error=error,
        returned=None if returned is None else Returned(returned),
    )
