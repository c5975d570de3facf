"""What learners asked of the mail, and whose turn it is."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from app.learning.mail_wishes import Contents, Due, MailWishes, Rhythm, Stopped
from app.storage.database import Statement
from app.storage.fields import (
    from_day_number,
    from_microseconds,
    to_day_number,
    to_microseconds,
)

_COLUMNS = (
    "learner_id, token, at_minute, weekdays, contents, rhythm, changed_at, stopped, paused_until, "
    "next_day, next_at"
)
_OF = Statement(f"SELECT {_COLUMNS} FROM mail_wishes WHERE learner_id = ?")
_OF_TOKEN = Statement(f"SELECT {_COLUMNS} FROM mail_wishes WHERE token = ?")
_SAVE = Statement(
    f"INSERT INTO mail_wishes ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (learner_id) DO UPDATE SET at_minute = excluded.at_minute, "
    "weekdays = excluded.weekdays, contents = excluded.contents, rhythm = excluded.rhythm, "
    "changed_at = excluded.changed_at, stopped = excluded.stopped, "
    "paused_until = excluded.paused_until, next_day = excluded.next_day, next_at = excluded.next_at"
)
_LEASE = Statement(
    "UPDATE mail_wishes SET next_at = ? WHERE learner_id IN (SELECT learner_id FROM mail_wishes "
    "WHERE next_at <= ? ORDER BY next_at LIMIT ? {skip_locked}) RETURNING learner_id"
)
_FROM_THE_FUTURE = Statement(
    "SELECT learner_id FROM mail_wishes WHERE next_at > ? AND paused_until IS NULL LIMIT ?"
)
_RELEASE = Statement("UPDATE mail_wishes SET next_at = ? WHERE learner_id = ? AND next_at = ?")
_MOVE = Statement(
    "UPDATE mail_wishes SET next_day = ?, next_at = ? WHERE learner_id = ? AND next_at = ?"
)
_OVERDUE = Statement("SELECT COUNT(*) FROM mail_wishes WHERE next_at < ?")
_STOPPED = Statement(
    "SELECT stopped, COUNT(*) FROM mail_wishes WHERE stopped IS NOT NULL GROUP BY stopped"
)


@dataclass(frozen=True, slots=True)
class Mailing:
    """The wishes of a learner with their place in the queue.

    `token` stands in the links of the mails; `next_day` is the day whose mail comes next, `next_at`
    when the worker looks at it.
    """

    learner_id: int
    token: str
    wishes: MailWishes
    next_day: date | None = None
    next_at: datetime | None = None


def mailing_of(learner_id: int) -> Mailing | None:
    """None for somebody who never asked for mail."""
    row = _OF.row(learner_id)
    return None if row is None else _mailing(row)


def mailing_with_token(token: str) -> Mailing | None:
    """Whose mails have that token in their links."""
    row = _OF_TOKEN.row(token)
    return None if row is None else _mailing(row)


def save_mailing(mailing: Mailing) -> None:
    """Write everything but the token, which stays as it was first."""
    wishes = mailing.wishes
    _SAVE.run(
        mailing.learner_id,
        mailing.token,
        wishes.at.hour * 60 + wishes.at.minute,
        sum(1 << day for day in wishes.weekdays),
        wishes.contents.value,
        wishes.rhythm.value,
        to_microseconds(wishes.changed_at),
        wishes.stopped and wishes.stopped.value,
        wishes.paused_until and to_day_number(wishes.paused_until),
        mailing.next_day and to_day_number(mailing.next_day),
        mailing.next_at and to_microseconds(mailing.next_at),
    )


def lease_due(now: datetime, until: datetime, most: int) -> list[int]:
    """Take up to so many learners whose turn it is; nobody else gets them before `until`."""
    rows = _LEASE.rows(to_microseconds(until), to_microseconds(now), most)
    return [row[0] for row in rows]


def overdue(before: datetime) -> int:
    """For how many the worker should have looked before that moment, and has not."""
    row = _OVERDUE.row(to_microseconds(before))
    assert row is not None
    return int(row[0])


def stopped_counts() -> dict[Stopped, int]:
    """How many have no mail any more, by why."""
    return {Stopped(stopped): number for stopped, number in _STOPPED.rows()}


def planned_after(moment: datetime, most: int) -> list[int]:
    """Learners whose next look lies after `moment` though they are not paused."""
    return [row[0] for row in _FROM_THE_FUTURE.rows(to_microseconds(moment), most)]


def release(learner_id: int, lease: datetime, at: datetime) -> None:
    """Give back one of those taken: the next look is `at`."""
    _RELEASE.run(to_microseconds(at), learner_id, to_microseconds(lease))


def move_in_queue(mailing: Mailing, due: Due | None) -> None:
    """The next mail is that of `due`, where the place in the queue is still that of `mailing`."""
    day, at = (to_day_number(due.day), to_microseconds(due.at)) if due else (None, None)
    was = mailing.next_at and to_microseconds(mailing.next_at)
    _MOVE.run(day, at, mailing.learner_id, was)


def _mailing(row: tuple[Any, ...]) -> Mailing:
    learner_id, token, minute, weekdays, contents, rhythm, changed_at, *rest = row
    stopped, paused_until, next_day, next_at = rest
    wishes = MailWishes(
        at=time(minute // 60, minute % 60),
        weekdays=frozenset(day for day in range(7) if weekdays >> day & 1),
        contents=Contents(contents),
        rhythm=Rhythm(rhythm),
        changed_at=from_microseconds(changed_at),
        stopped=None if stopped is None else Stopped(stopped),
        paused_until=None if paused_until is None else from_day_number(paused_until),
    )
    return Mailing(
        learner_id,
        token,
        wishes,
        None if next_day is None else from_day_number(next_day),
        None if next_at is None else from_microseconds(next_at),
    )
