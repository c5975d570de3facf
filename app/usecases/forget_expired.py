"""What nobody can use any more is removed."""

from dataclasses import dataclass
from datetime import datetime

from app.learning.attempts import LONGEST_WINDOW
from app.learning.people import SESSION_LASTS
from app.storage import attempts, email_codes, sessions
from app.storage.database import transaction


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows of each kind were removed."""

    codes: int
    attempts: int
    sessions: int


def forget_expired(now: datetime) -> Forgotten:
    """Remove codes, counts of attempts and sessions that have run out."""
    with transaction():
        return Forgotten(
            codes=email_codes.remove_expired(now),
            attempts=attempts.remove_attempts(now - LONGEST_WINDOW),
            sessions=sessions.remove_unseen(now - SESSION_LASTS),
        )
