"""What today asks of somebody with 300 cards and 50,000 reviews: our use cases, beside the plain queries."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from peewee import sqlite3 as sqlite  # type: ignore[attr-defined]

from app.learning.course import Course
from app.learning.people import Learner
from app.learning.reviews import Review
from app.storage import learners, reviews
from app.usecases.plan_session import next_card, plan_session
from app.usecases.rebuild_memory import rebuild_memory
from bench.scene import GRADES, SEED, ZONE, card_ids

CARDS = 300
REVIEWS = 50_000
# As with a year and a half of study, up to yesterday.
DAYS = 500


def studious_learner() -> Learner:
    """Somebody who answered the first CARDS of the generated ones, each about 170 times."""
    rng = random.Random(SEED)
    now = datetime.now(UTC)
    joined_at = now - timedelta(days=DAYS + 1)
    learner = learners.add_guest(seed=SEED, now=joined_at, zone_name=ZONE)
    moments = (joined_at + timedelta(days=DAYS * n / REVIEWS) for n in range(REVIEWS))
    log = [
        Review(
            UUID(int=rng.getrandbits(128), version=4), card, rng.choice(GRADES), moment,
            learner.day_at(moment), 4000,
        )
        for moment, card in zip(moments, rng.choices(card_ids()[:CARDS], k=REVIEWS), strict=True)
    ]  # fmt: skip
    reviews.add_reviews(learner.id, log)
    rebuild_memory(learner)
    return learner


def ours(course: Course, learner: Learner) -> Callable[[], None]:
    """The plan of today and the first card of it."""

    def build() -> None:
        today = learner.day_at(datetime.now(UTC))
        plan = plan_session(course, learner, today)
        found = next_card(course, learner, today, left=plan.cards)
        assert found is not None

    return build


def plain(file: Path, learner: Learner) -> Callable[[], None]:
    """The same six questions by the driver alone, with nothing made of the answers: the floor."""
    connection: Any = sqlite.connect(file, isolation_level=None)
    connection.execute("PRAGMA cache_size = -32000")
    today = (learner.day_at(datetime.now(UTC)) - datetime(1970, 1, 1, tzinfo=UTC).date()).days
    since = int(datetime.now(UTC).timestamp() * 1e6)
    columns = "card, stability, difficulty, due_on, last_day, last_at, last_id, reviews, lapses"
    questions: list[tuple[str, tuple[object, ...]]] = [
        ("SELECT card, due_on, last_day, lapses FROM memory WHERE learner_id = ?", (learner.id,)),
        ("SELECT lesson FROM lesson_opening WHERE learner_id = ?", (learner.id,)),
        ("SELECT max(day) FROM review WHERE learner_id = ? AND day < ?", (learner.id, today)),
        (
            "SELECT duration_ms FROM review WHERE learner_id = ? ORDER BY day DESC LIMIT 60",
            (learner.id,),
        ),
        (
            "SELECT card FROM memory WHERE learner_id = ? AND due_on = ? AND last_at >= ?",
            (learner.id, today, since),
        ),
        (
            f"SELECT {columns} FROM memory WHERE learner_id = ? AND due_on <= ? "
            "ORDER BY due_on, last_at LIMIT 1",
            (learner.id, today),
        ),
    ]

    def build() -> None:
        for sql, values in questions:
            connection.execute(sql, values).fetchall()

    return build
