"""The store of keys: wrapped data keys, and the ledger of what was deleted for good.

It knows nobody: a person is the random `seed` of a learner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.storage.database import KEY_STORE, Statement
from app.storage.fields import to_microseconds

_KEY_COLUMNS = "person, id, wrapped_by, wrapped"
_OF_PERSON = Statement(
    f"SELECT {_KEY_COLUMNS} FROM {KEY_STORE}.data_key WHERE person = ? ORDER BY created_at DESC, id"
)
_ADD = Statement(
    f"INSERT INTO {KEY_STORE}.data_key ({_KEY_COLUMNS}, created_at) VALUES (?, ?, ?, ?, ?)"
)
_COPY = Statement(
    f"INSERT INTO {KEY_STORE}.data_key ({_KEY_COLUMNS}, created_at) "
    "SELECT CAST(? AS bigint), id, wrapped_by, wrapped, created_at "
    f"FROM {KEY_STORE}.data_key WHERE person = ? ON CONFLICT DO NOTHING"
)
_REMOVE = Statement(f"DELETE FROM {KEY_STORE}.data_key WHERE id = ?")
_AFTER = Statement(
    f"SELECT {_KEY_COLUMNS} FROM {KEY_STORE}.data_key WHERE (person, id) > (?, ?) "
    "ORDER BY person, id LIMIT 500"
)
_REWRAP = Statement(
    f"UPDATE {KEY_STORE}.data_key SET wrapped_by = ?, wrapped = ? WHERE person = ? AND id = ?"
)
_NAMES = Statement(f"SELECT DISTINCT wrapped_by FROM {KEY_STORE}.data_key ORDER BY wrapped_by")
_IDS = Statement(f"SELECT DISTINCT id FROM {KEY_STORE}.data_key")

_NOTE = Statement(
    f"INSERT INTO {KEY_STORE}.deletion (person, what, name, deleted_at) VALUES (?, ?, ?, ?) "
    "ON CONFLICT DO NOTHING"
)
_STRIKE = Statement(
    f"DELETE FROM {KEY_STORE}.deletion WHERE person = ? AND what = 'reflection' AND name = ?"
)
_REPLAY = tuple(
    Statement(
        f"DELETE FROM {table} WHERE {column} IN "
        f"(SELECT {ours} FROM {KEY_STORE}.deletion WHERE what = '{what}')"
    )
    for what, ours, table, column in (
        ("learner", "person", "learner", "seed"),
        ("key", "name", "reflection", "key"),
        ("reflection", "name", "reflection", "id"),
    )
)
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key as it is stored: `wrapped_by` names the key of REFLECTION_KEYS that opens it."""

    person: int
    id: UUID
    wrapped_by: str
    wrapped: bytes


def keys_of(person: int) -> list[WrappedKey]:
    """The keys of a person, the newest first."""
    return [_key(row) for row in _OF_PERSON.rows(person)]


def add_key(key: WrappedKey, now: datetime) -> None:
    _ADD.run(key.person, key.id.hex, key.wrapped_by, key.wrapped, to_microseconds(now))


def copy_keys(from_person: int, to_person: int) -> None:
    """What one person can read, the other can from now on."""
    _COPY.run(to_person, from_person)


def remove_keys(ids: Sequence[UUID]) -> None:
    """Shred these keys, whoever has them. The file is clean after `database.shred_removed`."""
    for key_id in ids:
        _REMOVE.run(key_id.hex)


def keys_after(key: WrappedKey | None) -> list[WrappedKey]:
    """Some of the keys of everybody, at most 500, in an order in which they come after `key`."""
    place = (key.person, key.id.hex) if key else (-1, _NOBODY.hex)
    return [_key(row) for row in _AFTER.rows(*place)]


def rewrap_key(key: WrappedKey) -> None:
    _REWRAP.run(key.wrapped_by, key.wrapped, key.person, key.id.hex)


def wrapping_names() -> list[str]:
    """The names of the keys of REFLECTION_KEYS that are in use."""
    return [row[0] for row in _NAMES.rows()]


def key_ids() -> set[UUID]:
    """Every key there is."""
    return {_uuid(row[0]) for row in _IDS.rows()}


def note_deletion(person: int, what: str, name: UUID | None, now: datetime) -> None:
    """Write in the ledger that a "reflection", a "key" or the whole "learner" (then without a name)
    is gone for good."""
    _NOTE.run(person, what, (name or _NOBODY).hex, to_microseconds(now))


def strike_reflection(person: int, reflection_id: UUID) -> None:
    """Take a reflection out of the ledger: it was written again under the same id."""
    _STRIKE.run(person, reflection_id.hex)


def replay() -> int:
    """Delete again whatever the ledger says is gone; gives how many rows there were."""
    return sum(statement.run() for statement in _REPLAY)


def _key(row: tuple[Any, ...]) -> WrappedKey:
    person, id_, wrapped_by, wrapped = row
    return WrappedKey(person, _uuid(id_), wrapped_by, bytes(wrapped))


def _uuid(value: object) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))
