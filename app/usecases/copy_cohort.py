"""A cohort is taught again: the same plan and instructors from another day, and nobody in it."""

from datetime import date

from app.learning.cohorts import Cohort
from app.learning.week_plan import monday_of, moved_breaks
from app.secrets.codes import new_id, new_join_code
from app.storage import cohorts
from app.storage.database import transaction


def copy_cohort(cohort: Cohort, name: str, starts_on: date) -> Cohort:
    """A new cohort whose lessons and breaks lie as far from its start as they did before."""
    plan = cohorts.plan_of(cohort)
    move = (monday_of(starts_on) - monday_of(cohort.starts_on)).days
    copy = Cohort(new_id(), name, cohort.institution, new_join_code(), starts_on)
    with transaction():
        cohorts.add_cohort(copy)
        for email in cohorts.instructors_of(cohort.id):
            cohorts.add_instructor(copy.id, email)
        cohorts.replace_plan(copy.id, plan.week_of, moved_breaks(plan.breaks, move))
    return copy
