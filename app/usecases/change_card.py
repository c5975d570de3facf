"""A learner puts a card aside, buries it, or takes it back."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import uuid4

from app.learning.own_cards import (
    CardChange,
    ChangeKind,
    changes_nothing,
    fold_changes,
    follows,
)
from app.learning.people import Learner
from app.storage import own_cards
from app.storage.database import transaction


def change_card(learner: Learner, card: str, kind: ChangeKind, now: datetime) -> CardChange | None:
    """Write the change and what holds after it; None where it held already.

    A buried card is back on the learner's next day. Own words are written by `write_words`.
    """
    change = CardChange(uuid4(), card, kind, now, _until(learner, kind, now))
    with transaction(learner.id):
        changes = own_cards.changes_of_card(learner.id, card)
        if changes_nothing(fold_changes(changes), change):
            return None
        return append_change(learner, changes, change)


def append_change(
    learner: Learner, changes: Sequence[CardChange], change: CardChange
) -> CardChange:
    """Write an event as the last of all `changes` of its card, and what holds after it."""
    change = follows(changes, change)
    own_cards.add_change(learner.id, change)
    own_cards.save_own_card(learner.id, change.card, fold_changes([*changes, change]))
    return change


def _until(learner: Learner, kind: ChangeKind, now: datetime) -> date | None:
    tomorrow = learner.day_at(now) + timedelta(days=1)
    return tomorrow if kind is ChangeKind.BURY else None
