"""A cohort goes for good, with who was in it; what each of them learned stays theirs."""

from datetime import datetime

from app.learning.cohorts import Cohort
from app.learning.staff_log import Act
from app.storage import cohorts, staff_log
from app.storage.database import transaction


def delete_cohort(cohort: Cohort, by: str, now: datetime) -> None:
    """Remove the cohort; the log of staff keeps its name and who did it (`by`)."""
    with transaction():
        if cohorts.remove_cohort(cohort.id):
            staff_log.note_act(by, Act.COHORT_DELETED, cohort.name, now)
