"""A learner writes about a prompt, and keeps it."""

from datetime import date, datetime
from uuid import UUID

from app.learning.people import Learner
from app.learning.reflections import Sealed
from app.secrets.sealing import Keyring, seal
from app.storage import keys, reflections
from app.storage.database import transaction
from app.storage.keys import Purpose
from app.usecases.open_keys import DataKeys, ensure_key, open_keys


def write_reflection(
    keyring: Keyring,
    learner: Learner,
    reflection_id: UUID,
    prompt: str,
    day: date,
    text: str,
    now: datetime,
) -> None:
    """Seal the text and write it. The same id again replaces the text: a form that is sent twice
    is kept once. When this returns it is on disk."""
    ensure_key(keyring, learner, Purpose.JOURNAL, now)
    with transaction(learner.id):
        key_id, sealed = seal_newest(keyring, learner, reflection_id, text)
        written = Sealed(reflection_id, prompt, day, now, None, key_id, sealed)
        if not reflections.add_reflection(learner.id, written):
            reflections.change_reflection(learner.id, reflection_id, key_id, sealed, now)
        keys.strike_reflection(learner.id, reflection_id)


def change_reflection(
    keyring: Keyring, learner: Learner, reflection_id: UUID, text: str, now: datetime
) -> bool:
    """Another text in its place; False where this learner has no such reflection."""
    with transaction(learner.id):
        if reflections.reflection_of(learner.id, reflection_id) is None:
            return False
        key_id, sealed = seal_newest(keyring, learner, reflection_id, text)
        return reflections.change_reflection(learner.id, reflection_id, key_id, sealed, now)


def seal_newest(
    keyring: Keyring, learner: Learner, reflection_id: UUID, text: str
) -> tuple[UUID, bytes]:
    """The text sealed with the learner's newest key, and the id of that key."""
    return seal_with(open_keys(keyring, learner, Purpose.JOURNAL), reflection_id, text)


def seal_with(data_keys: DataKeys, reflection_id: UUID, text: str) -> tuple[UUID, bytes]:
    """The text sealed with the newest of the keys, and the id of that key."""
    key_id, data_key = next(iter(data_keys.items()))
    return key_id, seal(data_key, text, place_of(key_id, reflection_id))


def place_of(key_id: UUID, reflection_id: UUID) -> bytes:
    """What a sealed text is bound to: it opens nowhere else."""
    return key_id.bytes + reflection_id.bytes
