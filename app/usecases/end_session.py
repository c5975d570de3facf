"""Somebody signs out, here or elsewhere."""

from app.learning.people import Learner
from app.storage import sessions
from app.storage.database import transaction


def end_session(learner: Learner, key: str) -> bool:
    """End one session of this learner; False where there is no such session."""
    with transaction():
        return sessions.remove_session(learner.id, key)
