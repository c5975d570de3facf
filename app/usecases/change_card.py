"""A learner puts a card aside, buries it, takes it back, or says it in words of their own."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from app.learning.own_cards import (
    NO_WORDS,
    CardChange,
    ChangeKind,
    Words,
    changes_nothing,
    fold_changes,
    follows,
)
from app.learning.people import Learner
from app.storage import own_cards
from app.storage.database import transaction


def change_card(
    learner: Learner, card: str, kind: ChangeKind, now: datetime, words: Words = NO_WORDS
) -> CardChange | None:
    """Write the change and what holds after it; None where it held already.

    `words` are those of a change of that kind. A buried card is back on the learner's next day.
    """
    change = CardChange(uuid4(), card, kind, now, _until(learner, kind, now), words)
    with transaction(learner.id):
        changes = own_cards.changes_of_card(learner.id, card)
        if changes_nothing(fold_changes(changes), change):
            return None
        change = follows(changes, change)
        own_cards.add_change(learner.id, change)
        own_cards.save_own_card(learner.id, card, fold_changes([*changes, change]))
    return change


def _until(learner: Learner, kind: ChangeKind, now: datetime) -> date | None:
    tomorrow = learner.day_at(now) + timedelta(days=1)
    return tomorrow if kind is ChangeKind.BURY else None
