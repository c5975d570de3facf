"""Mails in the name of instructors: the queue of the worker, and what learners read in their log."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.learning.daily_mail import MailState
from app.storage.database import Statement
from app.storage.fields import (
    from_day_number,
    from_microseconds,
    to_day_number,
    to_microseconds,
)

_COLUMNS = (
    "id, cohort_id, sender, email, learner_id, about, reply_to, text, day, state, next_at, attempts, "
    "message_id, changed_at, error"
)
_ADD = Statement(
    f"INSERT INTO cohort_mail ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_OF = Statement(f"SELECT {_COLUMNS} FROM cohort_mail WHERE id = ?")
_OF_MESSAGE = Statement(f"SELECT {_COLUMNS} FROM cohort_mail WHERE message_id = ?")
_LEASE = Statement(
    "UPDATE cohort_mail SET next_at = ? WHERE id IN (SELECT id FROM cohort_mail "
    "WHERE next_at <= ? ORDER BY next_at LIMIT ? {skip_locked}) RETURNING id"
)
_CLAIM = Statement(
    "UPDATE cohort_mail SET attempts = attempts + 1 WHERE id = ? AND next_at = ? "
    "AND state = 'waiting'"
)
_RELEASE = Statement("UPDATE cohort_mail SET next_at = ? WHERE id = ? AND next_at = ?")
_MOVE = Statement(
    "UPDATE cohort_mail SET state = ?, next_at = ?, text = ?, changed_at = ?, error = ? "
    "WHERE id = ? AND attempts = ? AND state = ?"
)
_FORGET_TEXTS = Statement(
    "UPDATE cohort_mail SET text = '' WHERE text <> '' AND next_at IS NULL AND day < ?"
)


@dataclass(frozen=True, slots=True)
class CohortMail:
    """One mail: an invitation to `email`, or a message to a learner. `next_at` is None once it has
    ended; `id` is random, because it stands in the link of a message.

    `attempts` also says whose it is: who counted last may go on with it. `day` is the cohort's day
    on which it was asked for; a message has the label of whom it was written for in `about`, and in
    `reply_to` the address for answers, if any.
    """

    id: str
    cohort_id: str
    sender: str
    day: date
    message_id: str
    next_at: datetime | None
    changed_at: datetime
    email: str | None = None
    learner_id: int | None = None
    about: str = ""
    reply_to: str = ""
    text: str = ""
    state: MailState = MailState.WAITING
    attempts: int = 0
    error: str = ""


def add_mail(mail: CohortMail) -> None:
    _ADD.run(
        mail.id,
        mail.cohort_id,
        mail.sender,
        mail.email,
        mail.learner_id,
        mail.about,
        mail.reply_to,
        mail.text,
        to_day_number(mail.day),
        mail.state.value,
        mail.next_at and to_microseconds(mail.next_at),
        mail.attempts,
        mail.message_id,
        to_microseconds(mail.changed_at),
        mail.error,
    )


def mail_of(id_: str) -> CohortMail | None:
    row = _OF.row(id_)
    return None if row is None else _mail(row)


def mail_of_message(message_id: str) -> CohortMail | None:
    """The mail that had this Message-ID."""
    row = _OF_MESSAGE.row(message_id)
    return None if row is None else _mail(row)


def lease_due(now: datetime, until: datetime, most: int) -> list[str]:
    """Take up to so many whose turn it is; nobody else gets them before `until`."""
    rows = _LEASE.rows(to_microseconds(until), to_microseconds(now), most)
    return [row[0] for row in rows]


def claim(id_: str, lease: datetime) -> bool:
    """Count one more attempt at a leased mail; False where the lease is somebody else's by now."""
    return _CLAIM.run(id_, to_microseconds(lease)) == 1


def release(id_: str, lease: datetime, at: datetime) -> None:
    """Give back one of those taken: the next look is `at`."""
    _RELEASE.run(to_microseconds(at), id_, to_microseconds(lease))


def move_mail(
    mail: CohortMail,
    state: MailState,
    now: datetime,
    error: str = "",
    again: datetime | None = None,
) -> bool:
    """Change the state of this very attempt; False where it is not ours any more.

    Without `again` nobody looks at it any more.
    """
    is_open = again is not None or state is MailState.IN_DOUBT
    return (
        _MOVE.run(
            state.value,
            again and to_microseconds(again),
            mail.text if is_open else "",
            to_microseconds(now),
            error,
            mail.id,
            mail.attempts,
            mail.state.value,
        )
        == 1
    )


def forget_texts(before: date) -> int:
    """Empty the texts nobody is waiting for any more, asked for before that day."""
    return _FORGET_TEXTS.run(to_day_number(before))


def _mail(row: tuple[Any, ...]) -> CohortMail:
    (
        id_, cohort_id, sender, email, learner_id, about, reply_to, text, day, state, next_at,
        attempts, message_id, changed_at, error,
    ) = row  # fmt: skip
    return CohortMail(
        id=id_,
        cohort_id=cohort_id,
        sender=sender,
        day=from_day_number(day),
        message_id=message_id,
        next_at=None if next_at is None else from_microseconds(next_at),
        changed_at=from_microseconds(changed_at),
        email=email,
        learner_id=learner_id,
        about=about,
        reply_to=reply_to,
        text=text,
        state=MailState(state),
        attempts=attempts,
        error=error,
    )
