"""A learner grades cards: log, fold, due date. Every grade takes this one path."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.learning.course import Course
from app.learning.people import Learner
from app.learning.reviews import Refusal, Review, refusal_of
from app.learning.scheduling import Memory, fold, remember
from app.storage import lessons, reviews
from app.storage.database import transaction


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a batch: ids taken, ids refused with the reason, and due dates by card."""

    accepted: Sequence[UUID]
    refused: Mapping[UUID, Refusal]
    due: Mapping[str, date]


def record_reviews(
    course: Course,
    learner: Learner,
    batch: Sequence[Review],
    now: datetime,
    opened: Sequence[str] = (),
) -> Recorded:
    """Add reviews to the learner's log and fold them into memories, all in one transaction.

    The order in which reviews arrive does not matter and a repeated id counts once. `opened` are
    lessons ("chapter/lesson") the browser has shown meanwhile. When this returns it is on disk.
    """
    refused = {
        review.id: refusal
        for review in batch
        if (
            refusal := refusal_of(
                review, known_cards=course.cards, joined_at=learner.joined_at, now=now
            )
        )
    }
    taken = [review for review in batch if review.id not in refused]
    due: dict[str, date] = {}
    with transaction(learner.id):
        lessons.open_lessons(learner.id, opened, now)
        for review in taken:
            memory = _record(learner, review)
            if memory is not None:
                due[review.card] = memory.due_on
    return Recorded([review.id for review in taken], refused, due)


def _record(learner: Learner, review: Review) -> Memory | None:
    before = reviews.memory_of(learner.id, review.card)
    if not reviews.add_review(learner.id, review):
        return before
    if before is None or before.follows(review):
        after: Memory | None = remember(before, review, learner.seed)
    else:
        after = fold(reviews.reviews_of_card(learner.id, review.card), learner.seed)
    if after is not None:
        reviews.save_memory(learner.id, after)
    return after
