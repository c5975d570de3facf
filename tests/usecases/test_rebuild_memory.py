"""Memory is a cache: the log makes it again, to the last digit, and a difference is found."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from click.testing import CliRunner, Result

from app.__main__ import main
from app.learning.course import Course
from app.learning.learner_day import DayCounts
from app.learning.people import Learner
from app.learning.reviews import Grade, Review
from app.storage import database, learner_days, reviews
from app.storage.database import db
from app.usecases.check_data import check_data
from app.usecases.rebuild_memory import rebuild_memory
from app.usecases.record_reviews import record_reviews
from app.usecases.undo_review import undo_review
from tests.conftest import Clock
from tests.logs import random_log

MakeReview = Callable[..., Review]


def live_a_month(learner: Learner, course: Course, clock: Clock, seed: int) -> None:
    """Reviews arrive in any order and in pieces, and one in six is undone."""
    random = Random(seed)
    log = random_log(random, learner, clock(), list(course.cards), 60)
    arriving = random.sample(log, len(log))
    for start in range(0, len(arriving), 7):
        piece = arriving[start : start + 7]
        record_reviews(course, learner, piece, clock())
        for event in random.sample(piece, 1):
            undo_review(learner, event.id, clock())


def run(verb: str) -> Result:
    """A command, which binds a database of its own."""
    database.close()
    return CliRunner().invoke(main, [verb])


def rows_of_memory() -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = db.execute_sql(
        "SELECT * FROM memory ORDER BY learner_id, card"
    ).fetchall()
    return rows


@pytest.mark.parametrize("seed", range(3))
def test_the_log_makes_the_same_rows_again_to_the_last_digit(
    seed: int, anna: Learner, bram: Learner, small_course: Course, clock: Clock
) -> None:
    clock.forward(days=30)
    for learner in (anna, bram):
        live_a_month(learner, small_course, clock, seed)
    lived = rows_of_memory()
    assert len(lived) > 6
    assert list(check_data()) == []
    db.execute_sql("DELETE FROM memory WHERE learner_id = %d" % anna.id)  # noqa: UP031
    rebuilt = rebuild_memory(anna) + rebuild_memory(bram)
    assert rebuilt == len(lived)
    assert rows_of_memory() == lived


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE memory SET stability = stability * 1.0000001 WHERE card = 'band-afstand'",
        "UPDATE memory SET due_on = due_on + 1 WHERE card = 'band-afstand'",
        "UPDATE memory SET reviews = reviews + 1 WHERE card = 'band-afstand'",
        "DELETE FROM memory WHERE card = 'band-afstand'",
        "DELETE FROM review WHERE card = 'band-afstand'",
        "UPDATE review SET grade = 5 - grade WHERE card = 'band-afstand'",
    ],
)
def test_whatever_is_changed_behind_the_log_is_found_and_mended(
    tampering: str,
    anna: Learner,
    small_course: Course,
    clock: Clock,
    db_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", db_url)
    clock.forward(days=30)
    live_a_month(anna, small_course, clock, seed=1)
    clean = run("check-data")
    assert (clean.exit_code, clean.output) == (0, "0 differences\n")

    db.execute_sql(tampering)
    found = run("check-data")
    assert found.exit_code == 1
    assert f"learner {anna.id}: memory of card 'band-afstand'" in found.output

    assert run("rebuild-memory").exit_code == 0
    assert run("check-data").exit_code == 0


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE learner_day SET reviews = reviews + 1",
        "UPDATE learner_day SET begun = begun - 1, returned = returned + 1",
        "UPDATE learner_day SET duration_ms = duration_ms + 1",
        "UPDATE learner_day SET day = day - 400",
        "DELETE FROM learner_day",
    ],
)
def test_a_count_of_a_day_that_is_not_the_sum_of_its_reviews_is_found_and_mended(
    tampering: str, anna: Learner, small_course: Course, clock: Clock
) -> None:
    clock.forward(days=30)
    live_a_month(anna, small_course, clock, seed=1)
    db.execute_sql(tampering)
    found = [difference.what for difference in check_data()]
    assert found and all(what.startswith("counts of day") for what in found)
    rebuild_memory(anna)
    assert list(check_data()) == []


def test_a_day_on_which_everything_was_undone_leaves_no_count(
    anna: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    first = review()
    record_reviews(small_course, anna, [first], clock())
    assert learner_days.days_of(anna.id) == {first.day: DayCounts(1, 1, 0, 0, 4000)}
    undo_review(anna, first.id, clock())
    undo_review(anna, first.id, clock())
    assert learner_days.days_of(anna.id) == {}


def test_a_review_that_comes_late_takes_the_beginning_to_its_own_day(
    anna: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    early = review()
    clock.forward(days=3)
    late = review(grade=Grade.AGAIN)
    record_reviews(small_course, anna, [late], clock())
    record_reviews(small_course, anna, [early], clock())
    assert learner_days.days_of(anna.id) == {
        early.day: DayCounts(reviews=1, begun=1, duration_ms=4000),
        late.day: DayCounts(reviews=1, returned=1, duration_ms=4000),
    }


def test_a_card_that_left_the_course_keeps_its_memory_and_is_no_difference(
    anna: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    record_reviews(small_course, anna, [review("los-vaster"), review("band-engels")], clock())
    kept = reviews.memories_of(anna.id)
    smaller = replace(
        small_course,
        cards={name: card for name, card in small_course.cards.items() if name != "los-vaster"},
    )
    clock.forward(days=1)
    record_reviews(smaller, anna, [review("band-engels")], clock())
    rebuild_memory(anna)
    assert reviews.memory_of(anna.id, "los-vaster") == kept["los-vaster"]
    assert list(check_data()) == []
