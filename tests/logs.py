"""Logs of reviews as chance makes them, for the tests that ask what holds for every log."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

from app.learning.course import Course
from app.learning.people import Learner
from app.learning.reviews import Grade, Review
from app.learning.scheduling import DEFAULT_PARAMETERS, Parameters
from app.learning.simulation import Habits, simulate

# Parameters of a memory that is not the one FSRS begins with: the first days are harder, what was
# learned grows slower, and the curve falls faster at first.
HARDER_FIRST_DAYS: Parameters = (
    *(0.1, 0.5, 1.2, 4.0),
    *DEFAULT_PARAMETERS[4:8],
    1.5,
    *DEFAULT_PARAMETERS[9:20],
    0.3,
)


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


def simulated_log(
    course: Course, learner: Learner, first_day: date, days: int, forgets_by: Parameters
) -> list[Review]:
    """What somebody whose memory has these parameters answered on `days` days, nine of ten of them."""
    habits = Habits(1.0, attendance=0.9, reach=1.0, pace=7.0, hour=20, forgets_by=forgets_by)
    studied = [first_day + timedelta(days=n) for n in range(days)]
    sittings = simulate(course, learner, habits, studied, Random(learner.seed))
    return [review for sitting in sittings for review in sitting.reviews]
