"""Which lessons a learner has opened. A lesson is named "chapter/lesson"."""

from collections.abc import Iterable
from datetime import datetime

from app.storage.database import Statement
from app.storage.fields import to_microseconds

_OPEN = Statement(
    "INSERT INTO lesson_opening (learner_id, lesson, opened_at) VALUES (?, ?, ?) "
    "ON CONFLICT DO NOTHING"
)
_OPENED = Statement("SELECT lesson FROM lesson_opening WHERE learner_id = ?")


def open_lessons(learner_id: int, lessons: Iterable[str], now: datetime) -> None:
    """Write that these lessons were opened; the first time counts."""
    for lesson in lessons:
        _OPEN.run(learner_id, lesson, to_microseconds(now))


def opened_lessons(learner_id: int) -> list[str]:
    """The lessons this learner has opened, in no particular order."""
    return [row[0] for row in _OPENED.rows(learner_id)]
