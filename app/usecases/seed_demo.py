"""A demo learner and simulated others, with a month of reviews through the path of every grade."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from app.learning.course import Course
from app.learning.days import DEFAULT_ZONE, day_of, start_of, zone_named
from app.learning.simulation import Habits, leave_unfinished, simulate, some_habits
from app.secrets.passwords import hash_of
from app.storage import learners
from app.storage.database import transaction
from app.usecases.record_reviews import record_reviews

DEMO_EMAIL = "demo@haven.test"
# Printed at every start of a development server, and never used in production.
DEMO_PASSWORD = "een haven om te oefenen"

# Studies most evenings, keeps a lesson for later, and forgets now and then.
_DEMO_HABITS = Habits(ability=1.0, attendance=0.8, reach=0.8, pace=7.0, hour=20)


@dataclass(frozen=True, slots=True)
class Seeded:
    """How many learners were added, and how many reviews they were given together."""

    learners: int
    reviews: int


def seed_demo(
    course: Course, now: datetime, *, others: int = 0, days: int = 30, seed: int = 1
) -> Seeded:
    """Add the demo learner, and `others` who have an address but cannot sign in.

    Their reviews lie in the `days` days before today. The same seed makes the same people and the
    same grades; whoever is there already is left as they are.
    """
    added = [
        _add(course, now, f"nagebootst-{seed}-{number}@haven.test", days, seed)
        for number in range(1, others + 1)
    ]
    added.append(_add(course, now, DEMO_EMAIL, days, seed))
    return Seeded(
        learners=sum(reviews is not None for reviews in added),
        reviews=sum(reviews or 0 for reviews in added),
    )


def _add(course: Course, now: datetime, email: str, days: int, seed: int) -> int | None:
    """Add one learner; gives the number of reviews, or None for somebody who is there already."""
    if learners.learner_with_email(email) is not None:
        return None
    rng = Random(f"{seed}/{email}")
    is_demo = email == DEMO_EMAIL
    zone = zone_named(DEFAULT_ZONE)
    today = day_of(now, zone)
    # The demo learner was away for two days, so that there is something to do today.
    away = 2 if is_demo else 0
    studied = [today - timedelta(days=ago) for ago in range(days, away, -1)]
    with transaction():
        learner = learners.add_simulated(
            email=email,
            password_hash=hash_of(DEMO_PASSWORD) if is_demo else None,
            seed=rng.getrandbits(63),
            now=start_of(studied[0], zone),
            zone_name=DEFAULT_ZONE,
        )
        habits = _DEMO_HABITS if is_demo else some_habits(rng)
        sittings = list(simulate(course, learner, habits, studied, rng))
        # So that the demo shows what happens to a card that was forgotten.
        for sitting in leave_unfinished(sittings) if is_demo else sittings:
            record_reviews(course, learner, sitting.reviews, sitting.ended_at, sitting.opened)
    return sum(len(sitting.reviews) for sitting in sittings)
