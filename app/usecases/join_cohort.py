"""A learner shares something with the instructors of a cohort, and takes that back."""

from datetime import date

from app.learning.cohorts import Cohort
from app.learning.people import Learner
from app.storage import cohort_invitations, cohort_members
from app.storage.database import transaction


def join_cohort(
    cohort: Cohort, learner: Learner, name: str, today: date, invitation: str = ""
) -> None:
    """Enter the cohort under `name`, which its instructors will see.

    `invitation` is the token of the one that somebody came with, if any; it has then been answered,
    and so has one that was sent to the learner's address.
    """
    with transaction(learner.id):
        cohort_members.join(cohort.id, learner.id, name, today)
        cohort_invitations.note_joined(cohort.id, learner.id, invitation, learner.email)


def leave_cohort(cohort: Cohort, learner: Learner, today: date) -> None:
    """From now on the instructors see nothing of this learner any more."""
    with transaction(learner.id):
        cohort_members.leave(cohort.id, learner.id, today)
