"""What is derived from the log is made again: memories, and the counts of days."""

from collections.abc import Iterable

from app.learning.learner_day import days_of_log
from app.learning.people import Learner
from app.learning.reviews import Review
from app.learning.scheduling import Memory, fold
from app.storage import learner_days, reviews
from app.storage.database import transaction


def rebuild_memory(learner: Learner) -> int:
    """Fold this learner's whole log again; gives the number of cards remembered."""
    with transaction(learner.id):
        log = reviews.all_reviews(learner.id)
        memories = memories_from_log(learner, log)
        reviews.replace_memories(learner.id, memories)
        learner_days.replace_days(learner.id, days_of_log(log))
    return len(memories)


def memories_from_log(learner: Learner, log: Iterable[Review]) -> list[Memory]:
    """What a whole log says the learner remembers, one memory a card."""
    by_card: dict[str, list[Review]] = {}
    for review in log:
        by_card.setdefault(review.card, []).append(review)
    folded = (fold(events, learner.seed) for events in by_card.values())
    return [memory for memory in folded if memory is not None]
