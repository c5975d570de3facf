"""Stand-in until the half of the page is merged, which replaces this file."""

from collections.abc import Sequence
from datetime import date, datetime

from app.learning.course import Course, Load
from app.learning.moments import Choice, Reason
from app.learning.people import Learner


def prompt_of_day(
    course: Course,
    learner: Learner,
    day: date,
    now: datetime,
    is_get: bool,
    *,
    opened: Sequence[str] = (),
    is_asked_for: bool = False,
) -> Choice:
    """A light prompt for every day; Sunday is free."""
    light = [prompt for prompt in course.prompts.values() if prompt.load is Load.LIGHT]
    if not light or (day.weekday() == 6 and not is_asked_for):
        return Choice(None, Reason.FREE_DAY)
    return Choice(light[day.toordinal() % len(light)], Reason.NEW)
