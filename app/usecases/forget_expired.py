"""What nobody can use any more is removed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.learning.attempts import LONGEST_WINDOW
from app.learning.people import SESSION_LASTS
from app.learning.rosters import BETWEEN_MAILS, INVITATION_LASTS
from app.storage import (
    attempts,
    cohort_invitations,
    cohort_mails,
    daily_mails,
    email_codes,
    sessions,
)
from app.storage.database import transaction

# A mail this long ago tells nobody anything any more; back-off looks at no more than two months.
MAILS_KEPT = timedelta(days=180)
# For a month an instructor sees that an invitation ran out.
INVITATIONS_KEPT = INVITATION_LASTS + timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows of each kind were removed."""

    codes: int
    attempts: int
    sessions: int
    mails: int
    invitations: int


def forget_expired(now: datetime) -> Forgotten:
    """Remove codes, counts of attempts and sessions that have run out, and what is known of old mails
    and of invitations that nobody answered."""
    with transaction():
        cohort_mails.forget_texts((now - BETWEEN_MAILS).date())
        return Forgotten(
            codes=email_codes.remove_expired(now),
            attempts=attempts.remove_attempts(now - LONGEST_WINDOW),
            sessions=sessions.remove_unseen(now - SESSION_LASTS),
            mails=daily_mails.remove_before((now - MAILS_KEPT).date()),
            invitations=cohort_invitations.remove_before(
                (now - BETWEEN_MAILS).date(), (now - INVITATIONS_KEPT).date()
            ),
        )
