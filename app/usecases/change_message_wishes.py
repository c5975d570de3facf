"""A learner wants messages of the instructors of a cohort, or none."""

from app.storage import cohort_messages
from app.storage.database import transaction


def change_message_wishes(learner_id: int, cohort_id: str, *, wants: bool) -> None:
    with transaction(learner_id):
        cohort_messages.set_wanted(learner_id, cohort_id, wants=wants)
