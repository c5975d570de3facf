"""A learner deletes one reflection for good."""

from datetime import datetime
from uuid import UUID

from app.learning.people import Learner
from app.storage import keys, reflections
from app.storage.database import transaction


def delete_reflection(learner: Learner, reflection_id: UUID, now: datetime) -> bool:
    """Delete it, and let the ledger delete it again wherever an older backup is restored.

    False where this learner has no such reflection.
    """
    with transaction(learner.id):
        if reflections.reflection_of(learner.id, reflection_id) is None:
            return False
        keys.note_deletion(learner.id, "reflection", reflection_id, now)
        return reflections.remove_reflection(learner.id, reflection_id)
