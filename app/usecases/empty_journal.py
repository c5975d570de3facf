"""A learner deletes everything they ever wrote in their journal."""

from collections.abc import Iterable
from datetime import datetime

from app.learning.people import Learner
from app.learning.reflections import Keeping
from app.secrets.sealing import Keyring
from app.storage import keys, moments, reflections
from app.storage.database import shred_removed, transaction
from app.storage.keys import Purpose
from app.usecases.open_keys import ensure_key


def empty_journal(keyring: Keyring, learner: Learner, now: datetime) -> int:
    """Delete all of it and shred the keys; gives how many reflections there were.

    Without the keys the copies in older backups, and on the learner's devices, can no longer be read.
    What was written at cards has keys of its own and stays.
    """
    shred_keys(learner, [Purpose.JOURNAL], now)
    with transaction(learner.id):
        for reflection_id in reflections.ids_of(learner.id):
            keys.note_deletion(learner.id, "reflection", reflection_id, now)
        gone = reflections.remove_reflections(learner.id)
    if moments.wishes_of(learner.id).keeping in (Keeping.SERVER, Keeping.DEVICE):
        ensure_key(keyring, learner, Purpose.JOURNAL, now)
    return gone


def shred_keys(learner: Learner, purposes: Iterable[Purpose], now: datetime) -> None:
    """Destroy this learner's data keys for these purposes, also where a guest of theirs had them."""
    with transaction(learner.id):
        ids = [key.id for purpose in purposes for key in keys.keys_of(learner.id, purpose)]
        for key_id in ids:
            keys.note_deletion(learner.id, "key", key_id, now)
        keys.remove_keys(ids)
    shred_removed()
