"""Somebody is removed for good, with everything that is theirs."""

from datetime import datetime

from app.learning.people import Learner
from app.storage import keys, learners
from app.storage.database import transaction
from app.storage.keys import Purpose
from app.usecases.empty_journal import shred_keys


def erase_learner(learner: Learner, now: datetime) -> None:
    """Remove the learner and shred the keys of what they wrote.

    The ledger removes them again wherever an older backup is restored.
    """
    with transaction(learner.id):
        keys.note_deletion(learner.id, "learner", None, now)
    shred_keys(learner, Purpose, now)
    with transaction(learner.id):
        learners.remove_learner(learner.id)
