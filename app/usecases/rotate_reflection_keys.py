"""An operator changes the key that wraps the keys of what learners write."""

from dataclasses import replace

from app.secrets.sealing import Keyring
from app.storage import keys
from app.storage.database import shred_removed, transaction


def rotate_reflection_keys(keyring: Keyring) -> int:
    """Wrap every data key with the newest of REFLECTION_KEYS; gives how many were wrapped anew.

    No reflection is touched and people go on writing. It may be stopped and run again. Raises
    Unreadable where a key is missing that is still in use; then all that was done before stays.
    """
    wrapped_anew, last = 0, None
    while True:
        with transaction():
            batch = keys.keys_after(last)
            for key in batch:
                if key.wrapped_by == keyring.newest:
                    continue
                data_key = keyring.unwrap(key.wrapped_by, key.wrapped, key.id.bytes)
                name, wrapped = keyring.wrap(data_key, key.id.bytes)
                keys.rewrap_key(replace(key, wrapped_by=name, wrapped=wrapped))
                wrapped_anew += 1
        if not batch:
            shred_removed()
            return wrapped_anew
        last = batch[-1]
