"""A demo learner and simulated others, with a month of reviews through the path of every grade,
and the cohort they are in with its instructor."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from app.learning.cohorts import cohort_day
from app.learning.course import Course
from app.learning.days import DEFAULT_ZONE, day_of, start_of, zone_named
from app.learning.simulation import Habits, leave_unfinished, simulate, some_habits
from app.learning.week_plan import monday_of
from app.secrets.passwords import hash_of
from app.storage import cohort_members, learners
from app.storage.database import transaction
from app.usecases.create_cohort import create_cohort
from app.usecases.invite_instructor import invite_instructor
from app.usecases.publish_figures import publish_figures
from app.usecases.record_reviews import record_reviews
from app.usecases.report_card import report_card
from app.usecases.show_cohort import keep_lesson_counts

DEMO_EMAIL = "demo@haven.test"
INSTRUCTOR_EMAIL = "docent@haven.test"
# Printed at every start of a development server, and never used in production.
DEMO_PASSWORD = "een haven om te oefenen"

_NAMES = (
    "Noor", "Sem", "Julia", "Daan", "Yasmin", "Lotte", "Milan", "Eva", "Ibrahim", "Sara",
    "Jesse", "Fenna", "Thijs", "Amina", "Ruben", "Sofie", "Bram", "Lina", "Koen", "Zeynep",
)  # fmt: skip

_REPORTERS = 6

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
        _add(course, now, f"nagebootst-{seed}-{number}@haven.test", days, seed, _away(number, days))
        for number in range(1, others + 1)
    ]
    # The demo learner was away for two days, so that there is something to do today.
    added.append(_add(course, now, DEMO_EMAIL, days, seed, away=2))
    with_instructor = others > 0 and _add_cohort(course, now, days, seed)
    return Seeded(
        learners=sum(reviews is not None for reviews in added) + with_instructor,
        reviews=sum(reviews or 0 for reviews in added),
    )


def _away(number: int, days: int) -> int:
    """A cohort has people who never began, and people who stopped."""
    if number % 20 == 0:
        return days
    return min(days - 1, 10) if number % 13 == 0 else 0


def _add_cohort(course: Course, now: datetime, days: int, seed: int) -> bool:
    """Put everybody who is simulated in the cohort of a new instructor; False if there is one."""
    if learners.learner_with_email(INSTRUCTOR_EMAIL) is not None:
        return False
    rng = Random(f"{seed}/{INSTRUCTOR_EMAIL}")
    today = cohort_day(now)
    people = learners.simulated_ids()
    with transaction():
        learners.add_simulated(
            email=INSTRUCTOR_EMAIL,
            password_hash=hash_of(DEMO_PASSWORD),
            seed=rng.getrandbits(63),
            now=now,
            zone_name=DEFAULT_ZONE,
        )
        invite_instructor(INSTRUCTOR_EMAIL, now)
        cohort = create_cohort(
            course,
            INSTRUCTOR_EMAIL,
            name="Ontwikkelingspsychologie",
            institution="Nagebootste groep",
            starts_on=monday_of(today - timedelta(days=days)),
            weeks=max(1, 3 * days // 14),
        )
        for number, learner_id in enumerate(people):
            name = f"{_NAMES[number % len(_NAMES)]} {chr(65 + number // len(_NAMES))}. (nagebootst)"
            cohort_members.join(cohort.id, learner_id, name, cohort.starts_on)
    # So that the demo shows a card that many people find not right.
    reported = next(iter(course.cards.values()))
    for learner_id in people[:_REPORTERS]:
        learner = learners.learner_of(learner_id)
        if learner is not None:
            report_card(learner, reported, "", now)
    keep_lesson_counts(course)
    publish_figures(now)
    return True


def _add(
    course: Course, now: datetime, email: str, days: int, seed: int, away: int = 0
) -> int | None:
    """Add one learner, who did nothing in the last `away` days; gives the number of reviews, or None
    for somebody who is there already."""
    if learners.learner_with_email(email) is not None:
        return None
    rng = Random(f"{seed}/{email}")
    is_demo = email == DEMO_EMAIL
    zone = zone_named(DEFAULT_ZONE)
    today = day_of(now, zone)
    studied = [today - timedelta(days=ago) for ago in range(days, away, -1)]
    with transaction():
        learner = learners.add_simulated(
            email=email,
            password_hash=hash_of(DEMO_PASSWORD) if is_demo else None,
            seed=rng.getrandbits(63),
            now=start_of(today - timedelta(days=days), zone),
            zone_name=DEFAULT_ZONE,
        )
        habits = _DEMO_HABITS if is_demo else some_habits(rng)
        sittings = list(simulate(course, learner, habits, studied, rng))
        # So that the demo shows what happens to a card that was forgotten.
        for sitting in leave_unfinished(sittings) if is_demo else sittings:
            record_reviews(course, learner, sitting.reviews, sitting.ended_at, sitting.opened)
    return sum(len(sitting.reviews) for sitting in sittings)
