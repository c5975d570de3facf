"""What an instructor changes about a cohort: its name, its plan, who teaches it, whether it runs."""

from collections.abc import Mapping, Sequence
from datetime import date

from app.learning.cohorts import Cohort
from app.learning.week_plan import Break
from app.storage import cohorts, staff
from app.storage.database import transaction


def change_cohort(cohort: Cohort, *, name: str, institution: str) -> None:
    with transaction():
        cohorts.change_cohort(
            cohort.id, name=name, institution=institution, starts_on=cohort.starts_on
        )


def change_week_plan(
    cohort: Cohort, starts_on: date, week_of: Mapping[str, int], breaks: Sequence[Break]
) -> None:
    """Another start moves every lesson with it; breaks stay on their own days."""
    with transaction():
        cohorts.change_cohort(
            cohort.id, name=cohort.name, institution=cohort.institution, starts_on=starts_on
        )
        cohorts.replace_plan(cohort.id, week_of, breaks)


def add_colleague(cohort: Cohort, email: str) -> bool:
    """Let another instructor teach it too; False where that address is not an instructor's."""
    with transaction():
        if staff.role_of(email) is None:
            return False
        cohorts.add_instructor(cohort.id, email)
    return True


def remove_colleague(cohort: Cohort, email: str) -> bool:
    """Let somebody teach it no more; False for the last one, or a cohort would be nobody's."""
    with transaction():
        if cohorts.instructors_of(cohort.id) == [email]:
            return False
        cohorts.remove_instructor(cohort.id, email)
    return True


def archive_cohort(cohort: Cohort, on: date | None) -> None:
    """Close it: nobody joins any more. None opens it again."""
    with transaction():
        cohorts.set_archived(cohort.id, on)
