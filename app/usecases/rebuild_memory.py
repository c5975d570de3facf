"""What is kept of memories, of days and of own cards is made again from the logs."""

from collections.abc import Iterable

from app.learning.learner_day import days_of_log
from app.learning.own_cards import CardChange, OwnCard, fold_changes
from app.learning.people import Learner
from app.learning.reviews import Review
from app.learning.scheduling import Memory, fold
from app.storage import learner_days, learners, own_cards, reviews
from app.storage.database import transaction


def rebuild_memory(learner: Learner) -> int:
    """Fold this learner's whole logs again; gives the number of cards remembered."""
    with transaction(learner.id):
        log = reviews.all_reviews(learner.id)
        # As the learner is now: what the fold depends on may have changed since it was read.
        memories = memories_from_log(learners.learner_of(learner.id) or learner, log)
        reviews.replace_memories(learner.id, memories)
        learner_days.replace_days(learner.id, days_of_log(log))
        own_cards.replace_own_cards(learner.id, own_cards_from_log(learner))
    return len(memories)


def memories_from_log(learner: Learner, log: Iterable[Review]) -> list[Memory]:
    """What a whole log says the learner remembers, one memory a card."""
    by_card: dict[str, list[Review]] = {}
    for review in log:
        by_card.setdefault(review.card, []).append(review)
    spacing = learner.spacing
    folded = (fold(events, spacing) for events in by_card.values())
    return [memory for memory in folded if memory is not None]


def own_cards_from_log(learner: Learner) -> list[OwnCard]:
    """What the log says the learner made of cards."""
    by_card: dict[str, list[CardChange]] = {}
    for change in own_cards.all_changes(learner.id):
        by_card.setdefault(change.card, []).append(change)
    folded = (fold_changes(changes) for changes in by_card.values())
    return [own for own in folded if own is not None]
