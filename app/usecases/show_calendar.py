"""The days that a learner's calendar marks."""

from datetime import date, timedelta

from app.learning.course import Course
from app.learning.people import Learner
from app.storage import reviews

DAYS_AHEAD = timedelta(days=28)


def show_calendar(course: Course, learner: Learner, today: date) -> list[date]:
    """The days from today on, four weeks ahead, on which cards return; what waits waits today."""
    due = reviews.memories_due(learner.id, today + DAYS_AHEAD)
    return sorted(
        {
            max(memory.due_on, today)
            for memory in due
            if course.is_on_track(memory.card, learner.track)
        }
    )
