"""What learners wrote, sealed. Only `usecases` that have the learner's key can read it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.learning.reflections import Sealed
from app.storage.database import Statement
from app.storage.fields import from_day_number, from_microseconds, to_day_number, to_microseconds

_COLUMNS = "id, prompt, day, written_at, changed_at, key, sealed"
_ADD = Statement(
    f"INSERT INTO reflection (learner_id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT DO NOTHING"
)
_CHANGE = Statement(
    "UPDATE reflection SET key = ?, sealed = ?, changed_at = ? WHERE learner_id = ? AND id = ?"
)
_REFLECTION = Statement(f"SELECT {_COLUMNS} FROM reflection WHERE learner_id = ? AND id = ?")
_REFLECTIONS = Statement(
    f"SELECT {_COLUMNS} FROM reflection WHERE learner_id = ? AND written_at < ? "
    "ORDER BY written_at DESC LIMIT ?"
)
_REMOVE = Statement("DELETE FROM reflection WHERE learner_id = ? AND id = ?")
_REMOVE_ALL = Statement("DELETE FROM reflection WHERE learner_id = ?")
_MOVE = Statement(
    "UPDATE reflection SET learner_id = ? WHERE learner_id = ? AND NOT EXISTS "
    "(SELECT 1 FROM reflection AS there WHERE there.learner_id = ? AND there.id = reflection.id)"
)
_IDS = Statement("SELECT id FROM reflection WHERE learner_id = ?")
_KEYS = Statement("SELECT key, count(*) FROM reflection GROUP BY key")


def add_reflection(learner_id: int, sealed: Sealed) -> bool:
    """Write one; False where this learner has one of that id already."""
    return (
        _ADD.run(
            learner_id,
            sealed.id.hex,
            sealed.prompt,
            to_day_number(sealed.day),
            to_microseconds(sealed.written_at),
            None if sealed.changed_at is None else to_microseconds(sealed.changed_at),
            sealed.key.hex,
            sealed.text,
        )
        == 1
    )


def change_reflection(
    learner_id: int, reflection_id: UUID, key: UUID, text: bytes, now: datetime
) -> bool:
    """Another text in its place; False where there is no such reflection."""
    moment = to_microseconds(now)
    return _CHANGE.run(key.hex, text, moment, learner_id, reflection_id.hex) == 1


def reflection_of(learner_id: int, reflection_id: UUID) -> Sealed | None:
    row = _REFLECTION.row(learner_id, reflection_id.hex)
    return None if row is None else _sealed(row)


def reflections_of(learner_id: int, before: datetime, most: int) -> list[Sealed]:
    """Those written before a moment, the last first."""
    rows = _REFLECTIONS.rows(learner_id, to_microseconds(before), most)
    return [_sealed(row) for row in rows]


def ids_of(learner_id: int) -> set[UUID]:
    """The ids of everything this learner wrote."""
    return {_uuid(row[0]) for row in _IDS.rows(learner_id)}


def remove_reflection(learner_id: int, reflection_id: UUID) -> bool:
    return _REMOVE.run(learner_id, reflection_id.hex) == 1


def remove_reflections(learner_id: int) -> int:
    """Remove everything this learner wrote; gives how many there were."""
    return _REMOVE_ALL.run(learner_id)


def move_reflections(from_id: int, to_id: int) -> None:
    """What one learner wrote becomes another's."""
    _MOVE.run(to_id, from_id, to_id)


def counts_by_key() -> dict[UUID, int]:
    """How many reflections of everybody each data key seals."""
    return {_uuid(row[0]): row[1] for row in _KEYS.rows()}


def _sealed(row: tuple[Any, ...]) -> Sealed:
    id_, prompt, day, written_at, changed_at, key, text = row
    return Sealed(
        id=_uuid(id_),
        prompt=prompt,
        day=from_day_number(day),
        written_at=from_microseconds(written_at),
        changed_at=None if changed_at is None else from_microseconds(changed_at),
        key=_uuid(key),
        text=bytes(text),
    )


def _uuid(value: object) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))
