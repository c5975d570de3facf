"""A learner chooses how much comes, when it rests, and how well it should be held."""

from dataclasses import replace

from app.learning.people import Learner
from app.learning.rhythm import Rhythm
from app.storage import learners
from app.storage.database import transaction
from app.usecases.rebuild_memory import rebuild_memory


def change_rhythm(learner: Learner, rhythm: Rhythm) -> None:
    """Write choices that have no flaws, and the due days that follow from them.

    Nothing else of a memory changes, so changing back gives every card its day again.
    """
    with transaction(learner.id):
        before = learners.learner_of(learner.id)
        learners.set_rhythm(learner.id, rhythm)
        if before is None or before.spacing != replace(before, rhythm=rhythm).spacing:
            rebuild_memory(learner)
