"""The days that a learner's calendar marks."""

from datetime import date, timedelta

from app.learning.course import Course
from app.learning.people import Learner
from app.usecases.plan_session import outlook_on

DAYS_AHEAD = timedelta(days=28)


def show_calendar(course: Course, learner: Learner, today: date) -> list[date]:
    """The days from today on, four weeks ahead, on which cards return; what waits waits today."""
    cards = outlook_on(course, learner, today).cards
    days = {max(card.due_on, today) for card in cards}
    return sorted(day for day in days if day <= today + DAYS_AHEAD)
