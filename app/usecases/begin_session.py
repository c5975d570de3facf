"""A browser becomes somebody."""

from datetime import datetime

from app.learning.people import Learner, Session
from app.secrets.codes import key_of
from app.storage import sessions
from app.storage.database import transaction

_LONGEST_LABEL = 200


def begin_session(
    learner: Learner, secret: str, label: str, now: datetime, replaces: Session | None = None
) -> Session:
    """The browser with that fresh `secret` is `learner` from now on, and no longer who it was.

    `label` is how the browser calls itself.
    """
    key = key_of(secret)
    label = "".join(character for character in label if character.isprintable())[:_LONGEST_LABEL]
    with transaction():
        if replaces is not None:
            sessions.remove_session(replaces.learner.id, replaces.key)
        sessions.add_session(learner.id, key, label, now)
    return Session(key, learner, created_at=now, last_seen_at=now, label=label)
