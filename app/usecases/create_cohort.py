"""A member of staff begins a cohort."""

from datetime import date

from app.learning.cohorts import Cohort
from app.learning.course import Course
from app.learning.week_plan import spread_lessons
from app.secrets.codes import new_id, new_join_code
from app.storage import cohorts
from app.storage.database import transaction


def create_cohort(
    course: Course, email: str, *, name: str, institution: str, starts_on: date, weeks: int
) -> Cohort:
    """A cohort taught by `email`, with the lessons spread over so many weeks from `starts_on`."""
    cohort = Cohort(new_id(), name, institution, new_join_code(), starts_on)
    lessons = [f"{chapter}/{lesson}" for chapter, lesson in course.lessons]
    with transaction():
        cohorts.add_cohort(cohort)
        cohorts.add_instructor(cohort.id, email)
        cohorts.replace_plan(cohort.id, spread_lessons(lessons, weeks), ())
    return cohort
