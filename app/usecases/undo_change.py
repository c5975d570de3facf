"""A learner undoes what was done with a card, and does it again."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from app.learning.own_cards import (
    CardChange,
    ChangeKind,
    fold_changes,
    follows,
    steps_of,
    undo_id,
)
from app.learning.people import Learner
from app.learning.reviews import redo_id
from app.storage import own_cards
from app.storage.database import transaction


def undo_change(learner: Learner, change_id: UUID, now: datetime) -> CardChange | None:
    """Let a change of this learner count no longer; gives that change, or None where there is none.

    Undoing it again changes nothing.
    """
    with transaction(learner.id):
        change = own_cards.change_of(learner.id, change_id)
        if change is None or change.kind is ChangeKind.UNDO:
            return None
        _add(
            learner,
            CardChange(undo_id(change_id), change.card, ChangeKind.UNDO, now, undoes=change_id),
        )
    return change


def redo_change(learner: Learner, change_id: UUID, now: datetime) -> CardChange | None:
    """Do once more what was undone, under an id of its own; gives that event.

    None where there is no such change, or where it was not undone.
    """
    with transaction(learner.id):
        change = own_cards.change_of(learner.id, change_id)
        if change is None or change.kind is ChangeKind.UNDO:
            return None
        if change in steps_of(own_cards.changes_of_card(learner.id, change.card)).done:
            return None
        return _add(learner, replace(change, id=redo_id(change_id), changed_at=now))


def _add(learner: Learner, change: CardChange) -> CardChange:
    """Write the event, and what holds after it; gives the one of that id that is there already."""
    changes = own_cards.changes_of_card(learner.id, change.card)
    there = next((event for event in changes if event.id == change.id), None)
    if there is not None:
        return there
    change = follows(changes, change)
    own_cards.add_change(learner.id, change)
    own_cards.save_own_card(learner.id, change.card, fold_changes([*changes, change]))
    return change
