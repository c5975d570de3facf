"""What every page of a cohort begins with: whose it is, and that somebody looked."""

from datetime import date
from typing import Any

from flask import abort, request

from app.learning.cohort_figures import SMALLEST_GROUP
from app.learning.cohorts import Cohort, cohort_day
from app.storage import cohorts
from app.usecases.note_look import note_look
from app.web.identity import current_learner
from app.web.state import now


def own_cohort(cohort_id: str) -> Cohort:
    """That cohort of whoever asks; for everybody else it is not there."""
    cohort = cohorts.cohort_of(current_learner().email, cohort_id)
    if cohort is None:
        abort(404)
    return cohort


def seen_cohort(cohort_id: str, what: str) -> Cohort:
    """The same, for what shows people: that it was looked at is written down first."""
    cohort = own_cohort(cohort_id)
    note_look(cohort, staff_email(), what, cohort_today())
    return cohort


def staff_email() -> str:
    """The address of the member of staff who asks, in a view of a cohort of theirs."""
    return current_learner().email or ""


def cohort_today() -> date:
    return cohort_day(now())


def frame(cohort: Cohort) -> dict[str, Any]:
    """What every page of a cohort needs."""
    return {
        "cohort": cohort,
        "today": cohort_today(),
        "smallest_group": SMALLEST_GROUP,
        "saved": "bewaard" in request.args,
    }
