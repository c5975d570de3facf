"""Somebody's memories are folded with other parameters from now on."""

from dataclasses import dataclass

from app.learning.parameters import ParametersInUse
from app.storage import learners, reviews
from app.storage.database import transaction
from app.usecases.rebuild_memory import rebuild_memory


@dataclass(frozen=True, slots=True)
class Moved:
    """How many cards are remembered, and how many of them are due on another day than before."""

    cards: int
    moved: int


def use_parameters(learner_id: int, parameters: ParametersInUse) -> Moved:
    """Fold the whole log of this learner with these, in one transaction."""
    with transaction(learner_id):
        before = reviews.memories_of(learner_id)
        learners.set_parameters(learner_id, parameters)
        learner = learners.learner_of(learner_id)
        if learner is None:
            return Moved(0, 0)
        rebuild_memory(learner)
        after = reviews.memories_of(learner_id)
    moved = sum(memory.due_on != before[card].due_on for card, memory in after.items())
    return Moved(len(after), moved)
