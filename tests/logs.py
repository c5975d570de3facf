"""Logs of reviews as chance makes them, for the tests that ask what holds for every log."""

from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random
from uuid import UUID

from app.learning.people import Learner
from app.learning.reviews import Grade, Review


def random_log(
    random: Random, learner: Learner, until: datetime, cards: Sequence[str], count: int
) -> list[Review]:
    """Reviews between the learner's first moment and `until`, in the order of the log."""
    span = until - learner.joined_at
    moments = sorted(learner.joined_at + span * random.random() for _ in range(count))
    return [
        Review(
            id=UUID(int=random.getrandbits(128), version=4),
            card=random.choice(cards),
            grade=random.choice(list(Grade)),
            reviewed_at=moment.astimezone(UTC),
            day=learner.day_at(moment),
            duration_ms=random.randrange(60_000),
        )
        for moment in moments
    ]
