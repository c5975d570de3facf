"""Somebody signs out everywhere else."""

from app.learning.people import Session
from app.storage import sessions
from app.storage.database import transaction


def end_other_sessions(session: Session) -> int:
    """End all sessions of the learner in `session` but that one; gives how many."""
    with transaction():
        return sessions.remove_sessions(session.learner.id, keep=session.key)
