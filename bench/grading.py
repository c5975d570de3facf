"""Fetch the next card, grade, fold, commit: our use cases, beside the bare driver and beside Anki."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from peewee import sqlite3 as sqlite  # type: ignore[attr-defined]

from app.learning.course import Course
from app.learning.people import Learner
from app.learning.queue import LARGEST_SITTING, Sitting
from app.learning.reviews import Grade, Review
from app.usecases.plan_session import next_card
from app.usecases.record_reviews import record_reviews
from bench.scene import GRADES, SEED


class Grades:
    """The same grades in the same order for every side."""

    def __init__(self) -> None:
        self._rng = random.Random(SEED)

    def __call__(self) -> Grade:
        return self._rng.choice(GRADES)


def ours(course: Course, learner: Learner) -> Callable[[], None]:
    """What a grade costs us below HTTP: `next_card`, then `record_reviews`."""
    grades = Grades()
    sitting = Sitting(LARGEST_SITTING)

    def answer_next() -> None:
        nonlocal sitting
        now = datetime.now(UTC)
        today = learner.day_at(now)
        found = next_card(course, learner, today, left=sitting.left)
        assert found is not None
        review = Review(uuid4(), found.card, grades(), now, today, 4000)
        recorded = record_reviews(course, learner, [review], now)
        assert recorded.due
        sitting = sitting.after(review)
        if not sitting.left:
            sitting = Sitting(LARGEST_SITTING)

    return answer_next


def bare(file: Path, learner: Learner) -> Callable[[], None]:
    """The same four statements by the driver alone, with nothing decided: the floor."""
    connection: Any = sqlite.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode = wal")
    connection.execute("PRAGMA synchronous = full")
    connection.execute("PRAGMA foreign_keys = 1")
    connection.execute("PRAGMA cache_size = -32000")
    today = (learner.day_at(datetime.now(UTC)) - datetime(1970, 1, 1, tzinfo=UTC).date()).days

    def answer_next() -> None:
        execute = connection.execute
        at = int(datetime.now(UTC).timestamp() * 1e6)
        review = uuid4().hex
        execute("BEGIN IMMEDIATE")
        (card,) = execute(
            "SELECT card FROM memory WHERE learner_id = ? AND due_on <= ? "
            "ORDER BY due_on, last_at LIMIT 1",
            (learner.id, today),
        ).fetchone()
        stability, difficulty = execute(
            "SELECT stability, difficulty FROM memory WHERE learner_id = ? AND card = ?",
            (learner.id, card),
        ).fetchone()
        execute(
            "INSERT INTO review (learner_id, id, card, grade, reviewed_at, day, duration_ms) "
            "VALUES (?, ?, ?, 3, ?, ?, 4000)",
            (learner.id, review, card, at, today),
        )
        execute(
            "UPDATE memory SET stability = ?, difficulty = ?, due_on = ?, last_day = ?, "
            "last_at = ?, last_id = ?, reviews = reviews + 1 WHERE learner_id = ? AND card = ?",
            (stability * 2, difficulty, today + 30, today, at, review, learner.id, card),
        )
        execute("COMMIT")

    return answer_next
