"""A learner looks up one card: what was answered, how it is held, and when it returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.learning.people import Learner
from app.learning.progress import CardProgress, card_progress
from app.learning.reviews import Review
from app.learning.scheduling import fold, in_log_order
from app.storage import reviews


@dataclass(frozen=True, slots=True)
class CardHistory:
    """The reviews of one card that count, first to last, and what follows from them."""

    reviews: Sequence[Review]
    progress: CardProgress


def show_card(learner: Learner, card: str, today: date) -> CardHistory:
    """This learner's own side of a card of the course."""
    history = in_log_order(reviews.reviews_of_card(learner.id, card))
    memory = fold(history, learner.seed, learner.parameters.values)
    return CardHistory(history, card_progress(memory, today))
