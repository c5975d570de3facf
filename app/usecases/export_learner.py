"""A learner takes along everything that is theirs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from app.learning.exports import Export
from app.learning.people import Learner
from app.storage import lessons, reviews
from app.storage.database import snapshot


@contextmanager
def export_learner(learner: Learner, now: datetime) -> Iterator[Export]:
    """What the learner has, all of one moment; it can be read until the block ends."""
    with snapshot():
        yield Export(
            learner=learner,
            made_at=now,
            opened=lessons.openings_of(learner.id),
            memories=reviews.memories_of(learner.id),
            log=lambda: reviews.log_of(learner.id),
        )
