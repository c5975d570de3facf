"""A learner gives again the grade that was taken back."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from app.learning.learner_day import change_of_days, days_of_card
from app.learning.people import Learner
from app.learning.reviews import Review, redo_id
from app.learning.scheduling import fold
from app.storage import learner_days, reports, reviews
from app.storage.database import transaction


@dataclass(frozen=True, slots=True)
class Redone:
    """The event that counts again, under an id of its own, and when its card is due with it."""

    review: Review
    due_on: date | None


def redo_review(learner: Learner, review_id: UUID) -> Redone | None:
    """Write a voided review of this learner once more, as it was given.

    The log only grows, so what was voided stays so and its repeat is another event. None where there
    is no such review, or where it counts.
    """
    with transaction(learner.id):
        review = reviews.review_of(learner.id, review_id)
        if review is None or not reviews.is_voided(learner.id, review_id):
            return None
        again = replace(review, id=redo_id(review_id))
        before = reviews.reviews_of_card(learner.id, review.card)
        added = reviews.add_reviews(learner.id, [again])
        after = [*before, again] if added else before
        # The author is told again too: what was told with the answer that was taken back does not count.
        if report := reports.report_of(learner.id, review_id):
            reports.add_report(learner.id, replace(report, id=again.id))
        spacing, _ = reviews.spacing_and_memories(learner.id, [review.card])
        memory = fold(after, spacing)
        if memory is not None:
            reviews.save_memories(learner.id, [memory])
        change = change_of_days(days_of_card(before), days_of_card(after))
        learner_days.add_to_days(learner.id, change)
    return Redone(again, None if memory is None else memory.due_on)
