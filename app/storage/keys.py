"""The store of keys: wrapped data keys, and the ledger of what was deleted for good.

It knows nobody: a person is a random number in the row of a learner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from app.storage.database import KEY_STORE, Statement
from app.storage.fields import to_microseconds

_KEY_COLUMNS = "person, id, purpose, wrapped_by, wrapped"
_PERSON = Statement("SELECT person FROM learner WHERE id = ?")
_OF_LEARNER = Statement(
    f"SELECT {_KEY_COLUMNS} FROM {KEY_STORE}.data_key "
    "WHERE person = (SELECT person FROM learner WHERE id = ?) AND purpose = ? "
    "ORDER BY created_at DESC, id"
)
_ADD = Statement(
    f"INSERT INTO {KEY_STORE}.data_key ({_KEY_COLUMNS}, created_at) VALUES (?, ?, ?, ?, ?, ?)"
)
_COPY = Statement(
    f"INSERT INTO {KEY_STORE}.data_key ({_KEY_COLUMNS}, created_at) "
    "SELECT CAST(? AS bigint), id, purpose, wrapped_by, wrapped, created_at "
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
_DELETED = Statement(f"SELECT name FROM {KEY_STORE}.deletion WHERE what = 'reflection'")
# What else holds of the card stays: it was put aside, or it was undone.
_WIPE = "UPDATE {} SET key = NULL, sealed = NULL, author_front = '', author_back = ''"
_REPLAY = tuple(
    Statement(
        f"{deletes} WHERE {column} IN "
        f"(SELECT {ours} FROM {KEY_STORE}.deletion WHERE what = '{what}')"
    )
    for what, ours, deletes, column in (
        ("learner", "person", "DELETE FROM learner", "person"),
        ("key", "name", "DELETE FROM reflection", "key"),
        ("key", "name", _WIPE.format("card_change"), "key"),
        ("key", "name", _WIPE.format("own_card"), "key"),
        ("reflection", "name", "DELETE FROM reflection", "id"),
    )
)
_NOBODY = UUID(int=0)


class Purpose(Enum):
    """What a data key seals; the values are stored."""

    JOURNAL = "journal"
    CARDS = "cards"


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key as it is stored: `wrapped_by` names the key of REFLECTION_KEYS that opens it."""

    person: int
    id: UUID
    purpose: Purpose
    wrapped_by: str
    wrapped: bytes


def keys_of(learner_id: int, purpose: Purpose) -> list[WrappedKey]:
    """The keys of a learner for that purpose, the newest first."""
    return [_key(row) for row in _OF_LEARNER.rows(learner_id, purpose.value)]


def add_key(
    learner_id: int,
    key_id: UUID,
    purpose: Purpose,
    wrapped_by: str,
    wrapped: bytes,
    now: datetime,
) -> None:
    """Write a key that the key of that name of REFLECTION_KEYS wraps."""
    _ADD.run(
        _person(learner_id), key_id.hex, purpose.value, wrapped_by, wrapped, to_microseconds(now)
    )


def copy_keys(from_id: int, to_id: int) -> None:
    """What one learner can read, the other can from now on."""
    _COPY.run(_person(to_id), _person(from_id))


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


def note_deletion(learner_id: int, what: str, name: UUID | None, now: datetime) -> None:
    """Write in the ledger that a "reflection", a "key" or the whole "learner" (then without a name)
    is gone for good."""
    _NOTE.run(_person(learner_id), what, (name or _NOBODY).hex, to_microseconds(now))


def strike_reflection(learner_id: int, reflection_id: UUID) -> None:
    """Take a reflection out of the ledger: it was written again under the same id."""
    _STRIKE.run(_person(learner_id), reflection_id.hex)


def deleted_reflections() -> set[UUID]:
    """Every reflection that somebody deleted for good: under no id of these may one come back."""
    return {_uuid(row[0]) for row in _DELETED.rows()}


def replay() -> int:
    """Delete again whatever the ledger says is gone; gives how many rows there were."""
    return sum(statement.run() for statement in _REPLAY)


def _person(learner_id: int) -> int | None:
    """The number of somebody; None for nobody, who has no key and is in no ledger."""
    row = _PERSON.row(learner_id)
    return None if row is None else row[0]


def _key(row: tuple[Any, ...]) -> WrappedKey:
    person, id_, purpose, wrapped_by, wrapped = row
    return WrappedKey(person, _uuid(id_), Purpose(purpose), wrapped_by, bytes(wrapped))


def _uuid(value: object) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))
