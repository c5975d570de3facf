"""Our memories are those of py-fsrs, of fsrs-rs and of Anki itself, for the same days and grades."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import fsrs
import pytest

from app.learning.reviews import Grade, Review
from app.learning.scheduling import Memory, Spacing, remember, steps_after

AGREEMENT = 1e-5  # relative; the judges in Rust calculate with 32 bits
TODAY = date(2026, 3, 2)

History = list[tuple[date, Grade]]


def histories(count: int, seed: int) -> Iterator[History]:
    """Random days and grades, a quarter of them again on the same day, some after years."""
    random = Random(seed)
    for _ in range(count):
        day = TODAY - timedelta(days=3000)
        history: History = []
        for _ in range(random.randrange(1, 12)):
            history.append((day, Grade(random.choices((1, 2, 3, 4), (2, 1, 5, 1))[0])))
            day += timedelta(days=random.choice((0, 0, 1, 1, 2, 4, 9, 30, 90, 250)))
        yield history


def memories(history: History) -> Iterator[Memory]:
    """Ours, after each review."""
    memory = None
    for number, (day, grade) in enumerate(history):
        moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        memory = remember(memory, Review(UUID(int=number), "k", grade, moment, day, 0), Spacing(1))
        yield memory


def test_py_fsrs_remembers_exactly_the_same() -> None:
    """Its own scheduler, with a learner's days written as midnights: equal to the last bit."""
    scheduler = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    for history in histories(2000, seed=1):
        card = fsrs.Card(card_id=1)
        for (day, grade), ours in zip(history, memories(history), strict=True):
            midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
            card, _ = scheduler.review_card(card, fsrs.Rating(grade), midnight)
            assert (ours.stability, ours.difficulty) == (card.stability, card.difficulty)


def test_py_fsrs_gives_the_same_intervals_before_they_are_spread() -> None:
    scheduler = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    for history in histories(300, seed=2):
        card, memory = fsrs.Card(card_id=1), None
        for (day, grade), after in zip(history, memories(history), strict=True):
            midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
            card, _ = scheduler.review_card(card, fsrs.Rating(grade), midnight)
            assert steps_after(memory, day)[grade - 1].interval == (card.due - midnight).days
            memory = after


def test_fsrs_rs_remembers_the_same() -> None:
    judge = pytest.importorskip("fsrs_rs_python", reason="fsrs-rs-python is a tool of developers")
    scheduler = judge.FSRS(list(fsrs.Scheduler().parameters))
    for history in histories(3000, seed=3):
        state, last = None, history[0][0]
        for (day, grade), ours in zip(history, memories(history), strict=True):
            outcomes = scheduler.next_states(state, 0.9, (day - last).days)
            step = (outcomes.again, outcomes.hard, outcomes.good, outcomes.easy)[grade - 1]
            state, last = step.memory, day
            assert ours.stability == pytest.approx(state.stability, rel=AGREEMENT)
            assert ours.difficulty == pytest.approx(state.difficulty, rel=AGREEMENT)


def test_anki_remembers_the_same_at_whatever_hour_it_was_reviewed(tmp_path: Path) -> None:
    """A real collection: Anki takes the reviews for its own, in its own days from four to four."""
    pytest.importorskip("anki", reason="Anki is a tool of developers")
    random = Random(4)
    with anki_collection(tmp_path) as collection:
        for history in histories(400, seed=4):
            card = add_anki_card(collection)
            for number, (day, grade) in enumerate(history):
                hours = 24 * (number + random.random()) / len(history)
                days_ago = (TODAY - day).days + 1 - hours / 24
                moment = collection.sched.day_cutoff - days_ago * 86_400
                add_anki_review(collection, card, round(moment * 1000), grade, is_first=number == 0)
            *_, ours = memories(history)
            theirs = collection.compute_memory_state(card)
            assert ours.stability == pytest.approx(theirs.stability, rel=AGREEMENT)
            assert ours.difficulty == pytest.approx(theirs.difficulty, rel=AGREEMENT)


@contextmanager
def anki_collection(folder: Path) -> Iterator[Any]:
    """An empty collection of Anki's with FSRS on."""
    from anki.collection import Collection

    collection = Collection(str(folder / "collection.anki2"))
    try:
        collection.set_config("fsrs", True)
        yield collection
    finally:
        collection.close()


def add_anki_card(collection: Any) -> int:
    """The id of a new card."""
    note = collection.new_note(collection.models.by_name("Basic"))
    note["Front"] = "?"
    collection.add_note(note, collection.decks.id("Default"))
    card: int = note.card_ids()[0]
    return card


def add_anki_review(
    collection: Any, card: int, moment_ms: int, grade: Grade, *, is_first: bool
) -> None:
    """Write a review into Anki's log: id, card, sync, ease, interval, last, factor, time, kind."""
    collection.db.execute(
        "INSERT INTO revlog VALUES (?, ?, 0, ?, 1, 1, 2500, 1000, ?)",
        moment_ms, card, int(grade), 0 if is_first else 1,
    )  # fmt: skip
