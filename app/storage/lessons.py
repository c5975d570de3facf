"""Which lessons a learner has opened. A lesson is named "chapter/lesson"."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from app.storage.database import Statement
from app.storage.fields import from_microseconds, to_microseconds

_OPEN = Statement(
    "INSERT INTO lesson_opening (learner_id, lesson, opened_at) VALUES (?, ?, ?) "
    "ON CONFLICT DO NOTHING"
)
_OPENED = Statement("SELECT lesson FROM lesson_opening WHERE learner_id = ?")
_OPENINGS = Statement("SELECT lesson, opened_at FROM lesson_opening WHERE learner_id = ?")

_THE_EARLIER = (
    "ON CONFLICT (learner_id, lesson) DO UPDATE SET opened_at = excluded.opened_at "
    "WHERE excluded.opened_at < lesson_opening.opened_at"
)
_NOTE = Statement(
    f"INSERT INTO lesson_opening (learner_id, lesson, opened_at) VALUES (?, ?, ?) {_THE_EARLIER}"
)
_COPY = Statement(
    "INSERT INTO lesson_opening (learner_id, lesson, opened_at) "
    "SELECT CAST(? AS integer), lesson, opened_at FROM lesson_opening WHERE learner_id = ? "
    f"{_THE_EARLIER}"
)


def open_lessons(learner_id: int, lessons: Iterable[str], now: datetime) -> None:
    """Write that these lessons were opened; the first time counts."""
    for lesson in lessons:
        _OPEN.run(learner_id, lesson, to_microseconds(now))


def opened_lessons(learner_id: int) -> list[str]:
    """The lessons this learner has opened, in no particular order."""
    return [row[0] for row in _OPENED.rows(learner_id)]


def openings_of(learner_id: int) -> dict[str, datetime]:
    """When this learner opened each lesson first."""
    return {lesson: from_microseconds(at) for lesson, at in _OPENINGS.rows(learner_id)}


def note_openings(learner_id: int, openings: Mapping[str, datetime]) -> None:
    """Write when lessons were opened; the earlier moment stays."""
    for lesson, moment in openings.items():
        _NOTE.run(learner_id, lesson, to_microseconds(moment))


def copy_openings(from_id: int, to_id: int) -> None:
    """What one learner opened counts as opened by another; the earlier moment stays."""
    _COPY.run(to_id, from_id)
