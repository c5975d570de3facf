"""Whom instructors asked to join a cohort."""

from datetime import date
from typing import Any

from app.learning.rosters import BETWEEN_MAILS, INVITATION_LASTS, Ended, Invitation
from app.storage.database import Statement
from app.storage.fields import from_day_number, to_day_number

# The last mail to the address says whether it arrived.
_SELECT = (
    "SELECT cohort_invitation.cohort_id, cohort_invitation.email, cohort_invitation.name, token, "
    "invited_on, ended, EXISTS (SELECT 1 FROM cohort_member "
    "WHERE cohort_member.learner_id IN (cohort_invitation.learner_id, learner.id) "
    "AND cohort_member.cohort_id = cohort_invitation.cohort_id AND left_on IS NULL), "
    "(SELECT state FROM cohort_mail WHERE cohort_mail.cohort_id = cohort_invitation.cohort_id "
    "AND cohort_mail.email = cohort_invitation.email ORDER BY day DESC, changed_at DESC LIMIT 1) "
    "FROM cohort_invitation LEFT JOIN learner ON learner.email = cohort_invitation.email "
)
_OF_COHORT = Statement(
    _SELECT + "WHERE cohort_invitation.cohort_id = ? ORDER BY name, cohort_invitation.email"
)
_TO = Statement(_SELECT + "WHERE cohort_invitation.cohort_id = ? AND cohort_invitation.email = ?")
_WITH_TOKEN = Statement(_SELECT + "WHERE token = ?")
_INVITE = Statement(
    "INSERT INTO cohort_invitation (cohort_id, email, name, token, invited_on) "
    "VALUES (?, ?, ?, ?, ?) ON CONFLICT (cohort_id, email) DO UPDATE SET name = excluded.name, "
    "token = excluded.token, invited_on = excluded.invited_on, ended = NULL "
    "WHERE (cohort_invitation.ended = 'withdrawn' AND cohort_invitation.invited_on <= ?) "
    "OR (cohort_invitation.ended IS NULL AND cohort_invitation.invited_on <= ?)"
)
_AGAIN = Statement(
    "UPDATE cohort_invitation SET invited_on = ? "
    "WHERE cohort_id = ? AND email = ? AND ended IS NULL AND invited_on <= ?"
)
_END = Statement(
    "UPDATE cohort_invitation SET ended = ?, name = '' "
    "WHERE cohort_id = ? AND email = ? AND ended IS NULL"
)
_JOINED = Statement(
    "UPDATE cohort_invitation SET ended = 'joined', name = '', learner_id = ? "
    "WHERE cohort_id = ? AND (token = ? OR email = ?)"
)
_MOVE = Statement("UPDATE cohort_invitation SET learner_id = ? WHERE learner_id = ?")
_REMOVE = Statement(
    "DELETE FROM cohort_invitation WHERE (ended = 'withdrawn' AND invited_on <= ?) "
    "OR (ended IS NULL AND invited_on <= ?)"
)


def invitations_of(cohort_id: str) -> list[Invitation]:
    """Everybody who was ever asked, by name."""
    return [_invitation(row) for row in _OF_COHORT.rows(cohort_id)]


def invitation_to(cohort_id: str, email: str) -> Invitation | None:
    row = _TO.row(cohort_id, email)
    return None if row is None else _invitation(row)


def invitation_with_token(token: str) -> Invitation | None:
    """The invitation with that token in its link."""
    row = _WITH_TOKEN.row(token)
    return None if row is None else _invitation(row)


def invite(invitation: Invitation) -> bool:
    """Write it; False where that address has one that holds, or that asks for patience."""
    today = invitation.invited_on
    return (
        _INVITE.run(
            invitation.cohort_id,
            invitation.email,
            invitation.name,
            invitation.token,
            to_day_number(today),
            to_day_number(today - BETWEEN_MAILS),
            to_day_number(today - INVITATION_LASTS),
        )
        == 1
    )


def invite_again(cohort_id: str, email: str, today: date) -> bool:
    """Make it hold from today; False where it has ended, or was sent in the week before."""
    since = to_day_number(today - BETWEEN_MAILS)
    return _AGAIN.run(to_day_number(today), cohort_id, email, since) == 1


def end(cohort_id: str, email: str, ended: Ended) -> bool:
    """Nobody joins with it any more, and its name is forgotten."""
    return _END.run(ended.value, cohort_id, email) == 1


def note_joined(cohort_id: str, learner_id: int, token: str, email: str | None) -> None:
    """Somebody joined: with the invitation of that token, or at that address."""
    _JOINED.run(learner_id, cohort_id, token, email or "")


def move_invitations(from_id: int, to_id: int) -> None:
    """What one learner joined with is another's."""
    _MOVE.run(to_id, from_id)


def remove_before(withdrawn: date, expired: date) -> int:
    """Remove what was taken back and last sent before `withdrawn`, and what nobody answered and was
    last sent before `expired`; gives how many."""
    return _REMOVE.run(to_day_number(withdrawn), to_day_number(expired))


def _invitation(row: tuple[Any, ...]) -> Invitation:
    cohort_id, email, name, token, invited_on, ended, is_member, state = row
    return Invitation(
        cohort_id=cohort_id,
        email=email,
        name=name,
        token=token,
        invited_on=from_day_number(invited_on),
        ended=None if ended is None else Ended(ended),
        is_member=bool(is_member),
        is_undelivered=state == "dead",
    )
