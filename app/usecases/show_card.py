"""A learner looks up one card: what was answered, how it is held, and what they made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.learning.card_history import Answer, CurvePoint, answers_of, forgetting_curve
from app.learning.leeches import is_leech
from app.learning.own_cards import OwnCard, Steps, fold_changes, steps_of
from app.learning.people import Learner
from app.learning.progress import CardProgress, card_progress
from app.learning.reports import Report
from app.learning.scheduling import fold
from app.storage import own_cards, reports, reviews


@dataclass(frozen=True, slots=True)
class CardHistory:
    """The answers to one card that count, first to last, and what follows from them.

    `steps` are the changes of the card that can be undone and done again; `own` is what they come
    to. `lapses` is how often it was forgotten after it was known.
    """

    answers: Sequence[Answer]
    curve: Sequence[CurvePoint]
    progress: CardProgress
    is_leech: bool
    lapses: int
    own: OwnCard | None
    steps: Steps
    reports: Sequence[Report]


def show_card(learner: Learner, card: str, today: date) -> CardHistory:
    """This learner's own side of a card of the course."""
    history = reviews.reviews_of_card(learner.id, card)
    memory = fold(history, learner.seed)
    changes = own_cards.changes_of_card(learner.id, card)
    return CardHistory(
        answers=answers_of(history, learner.seed),
        curve=forgetting_curve(history, learner.seed, today),
        progress=card_progress(memory, today),
        is_leech=is_leech(memory),
        lapses=memory.lapses if memory else 0,
        own=fold_changes(changes),
        steps=steps_of(changes),
        reports=reports.reports_of_card(learner.id, card),
    )
