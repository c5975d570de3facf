"""The data keys of a learner, opened for this moment."""

from base64 import b64encode
from datetime import datetime
from uuid import UUID, uuid4

from app.learning.people import Learner
from app.secrets.sealing import Keyring, device_key_of, new_data_key
from app.storage import keys
from app.storage.database import transaction
from app.storage.keys import Purpose

DataKeys = dict[UUID, bytes]


def open_keys(keyring: Keyring, learner: Learner, purpose: Purpose) -> DataKeys:
    """The keys by id, the newest first; empty before the first is needed. Raises Unreadable."""
    return {
        key.id: keyring.unwrap(key.wrapped_by, key.wrapped, key.id.bytes)
        for key in keys.keys_of(learner.id, purpose)
    }


def ensure_key(keyring: Keyring, learner: Learner, purpose: Purpose, now: datetime) -> None:
    """Have a data key for whoever has none.

    It is on disk before anything is sealed with it: the store of keys and the rest are two files,
    which a power cut may catch at different moments.
    """
    with transaction(learner.id):
        if not keys.keys_of(learner.id, purpose):
            key_id = uuid4()
            name, wrapped = keyring.wrap(new_data_key(), key_id.bytes)
            keys.add_key(learner.id, key_id, purpose, name, wrapped, now)


def device_keys(keyring: Keyring, learner: Learner) -> list[tuple[str, str]]:
    """With what the learner's own browsers seal what stays on the device: (id, base64 key) pairs,
    the newest first. Raises Unreadable."""
    return [
        (key_id.hex, b64encode(device_key_of(data_key)).decode())
        for key_id, data_key in open_keys(keyring, learner, Purpose.JOURNAL).items()
    ]
