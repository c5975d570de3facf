"""That a member of staff looked at people is written down, for those people to read."""

from datetime import date

from app.learning.cohorts import Cohort
from app.storage import cohort_members
from app.storage.cohort_members import Look
from app.storage.database import transaction


def note_look(cohort: Cohort, email: str, what: str, today: date) -> None:
    """Write it before anything is shown; once a day is enough to know."""
    with transaction():
        cohort_members.note_look(cohort.id, Look(today, email, what))
