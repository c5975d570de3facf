"""A session is in use, so it does not run out."""

from datetime import datetime

from app.learning.people import SEEN_AGAIN_AFTER, Session
from app.storage import sessions
from app.storage.database import transaction


def note_session_seen(session: Session, now: datetime) -> bool:
    """Write when the session was last used, at most once a day; False where that was not needed."""
    if now - session.last_seen_at < SEEN_AGAIN_AFTER:
        return False
    with transaction():
        sessions.note_seen(session.key, now)
    return True
