"""Whom in a cohort a message reaches, who wants none, and which ones a learner got."""

from typing import Any

from app.learning.messages import Recipient
from app.storage.cohort_members import Look
from app.storage.database import Statement
from app.storage.fields import from_day_number

# What was refused or called off reached nobody, so it does not count.
_RECIPIENTS = (
    "SELECT cohort_member.learner_id, cohort_member.name, learner.email IS NOT NULL, "
    "no_messages.learner_id IS NULL, (SELECT max(day) FROM cohort_mail "
    "WHERE cohort_mail.learner_id = cohort_member.learner_id "
    "AND cohort_mail.cohort_id = cohort_member.cohort_id AND state NOT IN ('missed', 'dead')) "
    "FROM cohort_member JOIN learner ON learner.id = cohort_member.learner_id "
    "LEFT JOIN no_messages ON no_messages.learner_id = cohort_member.learner_id "
    "AND no_messages.cohort_id = cohort_member.cohort_id "
    "WHERE cohort_member.cohort_id = ? AND left_on IS NULL"
)
_OF_COHORT = Statement(_RECIPIENTS)
_ONE = Statement(f"{_RECIPIENTS} AND cohort_member.learner_id = ?")
_STOP = Statement(
    "INSERT INTO no_messages (learner_id, cohort_id) VALUES (?, ?) ON CONFLICT DO NOTHING"
)
_RESUME = Statement("DELETE FROM no_messages WHERE learner_id = ? AND cohort_id = ?")
_COPY = Statement(
    "INSERT INTO no_messages (learner_id, cohort_id) SELECT CAST(? AS integer), cohort_id "
    "FROM no_messages WHERE learner_id = ? ON CONFLICT DO NOTHING"
)
_SENT = Statement(
    "SELECT day, sender FROM cohort_mail WHERE learner_id = ? AND cohort_id = ? "
    "AND state IN ('sent', 'in_doubt') ORDER BY day DESC"
)


def recipients_of(cohort_id: str) -> list[Recipient]:
    """Everybody in a cohort."""
    return [_recipient(row) for row in _OF_COHORT.rows(cohort_id)]


def recipient_of(cohort_id: str, learner_id: int) -> Recipient | None:
    """That member; None for somebody who is not in it, or not any more."""
    row = _ONE.row(cohort_id, learner_id)
    return None if row is None else _recipient(row)


def set_wanted(learner_id: int, cohort_id: str, *, wants: bool) -> None:
    """Whether a learner wants messages of the instructors of a cohort."""
    (_RESUME if wants else _STOP).run(learner_id, cohort_id)


def copy_wishes(from_id: int, to_id: int) -> None:
    """What one learner does not want another does not either."""
    _COPY.run(to_id, from_id)


def messages_to(learner_id: int, cohort_id: str) -> list[Look]:
    """What a learner's log says of messages that went out, the last first."""
    rows = _SENT.rows(learner_id, cohort_id)
    return [Look(from_day_number(day), sender, "een bericht aan jou") for day, sender in rows]


def _recipient(row: tuple[Any, ...]) -> Recipient:
    learner_id, name, has_address, wants, last_on = row
    return Recipient(
        learner_id=learner_id,
        name=name,
        has_address=bool(has_address),
        wants_messages=bool(wants),
        last_on=None if last_on is None else from_day_number(last_on),
    )
