"""A learner deletes everything they ever wrote."""

from datetime import datetime

from app.learning.people import Learner
from app.learning.reflections import Keeping
from app.secrets.sealing import Keyring
from app.storage import keys, moments, reflections
from app.storage.database import shred_removed, transaction
from app.usecases.open_keys import ensure_key


def empty_journal(keyring: Keyring, learner: Learner, now: datetime) -> int:
    """Delete all of it and shred the keys; gives how many reflections there were.

    Without the keys the copies in older backups, and on the learner's devices, can no longer be read.
    """
    shred_keys(learner, now)
    with transaction(learner.id):
        gone = reflections.remove_reflections(learner.id)
    if moments.wishes_of(learner.id).keeping in (Keeping.SERVER, Keeping.DEVICE):
        ensure_key(keyring, learner, now)
    return gone


def shred_keys(learner: Learner, now: datetime) -> None:
    """Destroy every data key of this learner, also where a guest of theirs had it."""
    with transaction(learner.id):
        ids = [key.id for key in keys.keys_of(learner.id)]
        for key_id in ids:
            keys.note_deletion(learner.id, "key", key_id, now)
        keys.remove_keys(ids)
    shred_removed()
