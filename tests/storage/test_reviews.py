"""What a day asks is read from the day's own rows, however long the log is."""

from datetime import date

import pytest

from app.storage import database, reviews


@pytest.mark.parametrize("ask", [reviews.cards_begun_on, reviews.cards_answered_on])
def test_sqlite_finds_the_reviews_of_a_day_by_their_day(ask: object, sqlite_url: str) -> None:
    """Left to choose it reads the whole log: 44 ms of every session with 50,000 reviews."""
    asked: list[str] = []
    hooks = database.db.obj.query_hooks
    hooks.append(lambda event: asked.append(event.sql))
    try:
        ask(1, date(2026, 3, 2))  # type: ignore[operator]
    finally:
        hooks.clear()
    (sql,) = asked
    plan = database.db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", (1,) * sql.count("?")).fetchall()
    steps = [step for *_, step in plan]
    assert any("review_learner_id_day (learner_id=? AND day=?)" in step for step in steps)
    assert all("(learner_id=?)" not in step for step in steps), steps
