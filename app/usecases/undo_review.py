"""A learner takes a grade back: the memory becomes exactly what it was."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.learning.learner_day import change_of_days, days_of_card
from app.learning.people import Learner
from app.learning.reviews import Review
from app.learning.scheduling import fold
from app.storage import learner_days, reviews
from app.storage.database import transaction


@dataclass(frozen=True, slots=True)
class Undone:
    """The review that no longer counts, and when its card is due without it (None: never seen)."""

    review: Review
    due_on: date | None


def undo_review(learner: Learner, review_id: UUID, now: datetime) -> Undone | None:
    """Void one review of this learner; None where there is no such review."""
    with transaction(learner.id):
        review = reviews.review_of(learner.id, review_id)
        if review is None:
            return None
        before = reviews.reviews_of_card(learner.id, review.card)
        reviews.void_review(learner.id, review_id, now)
        after = [event for event in before if event.id != review_id]
        spacing, _ = reviews.spacing_and_memories(learner.id, [review.card])
        memory = fold(after, spacing)
        if memory is None:
            reviews.forget_card(learner.id, review.card)
        else:
            reviews.save_memories(learner.id, [memory])
        change = change_of_days(days_of_card(before), days_of_card(after))
        learner_days.add_to_days(learner.id, change)
        learner_days.forget_empty_days(learner.id)
    return Undone(review, None if memory is None else memory.due_on)
