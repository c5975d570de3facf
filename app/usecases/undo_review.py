"""A learner takes a grade back: the memory becomes exactly what it was."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.learning.people import Learner
from app.learning.reviews import Review
from app.learning.scheduling import fold
from app.storage import reviews
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
        reviews.void_review(learner.id, review_id, now)
        # A fit may have replaced the parameters since the learner was read.
        _, parameters = reviews.memories_to_fold(learner.id, [review.card])
        memory = fold(reviews.reviews_of_card(learner.id, review.card), learner.seed, parameters)
        if memory is None:
            reviews.forget_card(learner.id, review.card)
        else:
            reviews.save_memories(learner.id, [memory])
    return Undone(review, None if memory is None else memory.due_on)
