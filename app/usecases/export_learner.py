"""A learner takes along everything that is theirs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from app.learning.exports import Export
from app.learning.people import Learner
from app.learning.reflections import Reflection
from app.storage import cohort_members, lessons, reviews
from app.storage.database import snapshot


@contextmanager
def export_learner(
    learner: Learner, now: datetime, reflections: Sequence[Reflection] | None = None
) -> Iterator[Export]:
    """What the learner has, all of one moment; it can be read until the block ends.

    `reflections` come from the learner's own request, and from nowhere else.
    """
    with snapshot():
        yield Export(
            learner=learner,
            made_at=now,
            opened=lessons.openings_of(learner.id),
            memories=reviews.memories_of(learner.id),
            memberships=cohort_members.memberships_of(learner.id),
            log=lambda: reviews.log_of(learner.id),
            reflections=reflections,
        )
