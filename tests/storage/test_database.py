"""The settings on which nothing acknowledged is ever lost, and the doors that stay shut."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from peewee import IntegrityError

from app.learning.people import Learner
from app.storage import database
from app.storage.database import BadDatabase, db, transaction
from app.storage.fields import (
    from_day_number,
    from_microseconds,
    to_day_number,
    to_microseconds,
)
from app.usecases.begin_as_guest import begin_as_guest


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 10_000)],
)
def test_sqlite_keeps_what_it_acknowledged(sqlite_url: str, pragma: str, value: object) -> None:
    assert db.execute_sql(f"PRAGMA {pragma}").fetchone() == (value,)


def test_postgresql_acknowledges_only_what_is_on_disk(postgresql_url: str) -> None:
    assert db.execute_sql("SHOW synchronous_commit").fetchone() == ("on",)


def test_a_sqlite_that_can_corrupt_a_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(BadDatabase, match=r"99\.0\.0 or newer"):
        database.bind(f"sqlite:///{tmp_path}/haven.db")


@pytest.mark.parametrize("url", ["mysql://localhost/haven", "sqlite:///", "haven.db", ""])
def test_an_address_that_is_no_database_is_refused(url: str) -> None:
    with pytest.raises(BadDatabase, match="DATABASE_URL"):
        database.bind(url)


def test_a_relative_address_makes_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    database.bind("sqlite:///var/haven.db")
    database.migrate()
    database.close()
    assert (tmp_path / "var" / "haven.db").exists()


def test_a_transaction_is_whole_or_not_at_all(anna: Learner) -> None:
    with pytest.raises(ZeroDivisionError), transaction(anna.id):
        db.execute_sql("UPDATE learner SET buttons = 4")
        with transaction(anna.id):
            db.execute_sql("UPDATE learner SET zone_name = 'UTC'")
        1 / 0  # noqa: B018
    row = db.execute_sql("SELECT buttons, zone_name FROM learner").fetchone()
    assert row == (2, "Europe/Amsterdam")


def test_on_postgresql_a_second_writer_of_one_learner_waits_for_the_first(
    postgresql_url: str,
) -> None:
    anna, bram = (begin_as_guest("UTC", datetime(2026, 3, 2, tzinfo=UTC)) for _ in range(2))
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"

    with ThreadPoolExecutor(2) as threads, transaction(anna.id):
        second = threads.submit(write_for, anna)
        while not db.execute_sql(waiting).fetchone()[0]:
            assert not second.done(), "it did not wait"
        threads.submit(write_for, bram).result(60)
        assert not second.done()
    second.result(60)


def write_for(learner: Learner) -> None:
    with transaction(learner.id):
        pass
    database.release()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE learner SET buttons = 3",
        "UPDATE learner SET track = 'alles'",
        "INSERT INTO voiding (learner_id, review, voided_at) VALUES (999, '{id}', 0)",
        "INSERT INTO review (learner_id, id, card, grade, reviewed_at, day, duration_ms) "
        "VALUES ({learner}, '{id}', 'k', 5, 0, 0, 0)",
        "INSERT INTO review (learner_id, id, card, grade, reviewed_at, day, duration_ms) "
        "VALUES ({learner}, '{id}', 'k', 1, 0, 0, -1)",
    ],
)
def test_the_database_itself_refuses_what_cannot_be(anna: Learner, sql: str) -> None:
    with pytest.raises(IntegrityError), transaction():
        db.execute_sql(sql.format(id="0" * 32, learner=anna.id))


def test_who_is_deleted_takes_the_log_along(anna: Learner) -> None:
    db.execute_sql(
        f"INSERT INTO voiding (learner_id, review, voided_at) VALUES ({anna.id}, '{'0' * 32}', 0)"
    )
    db.execute_sql("DELETE FROM learner")
    assert db.execute_sql("SELECT count(*) FROM voiding").fetchone() == (0,)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 3, 2, 9, 0, 0, 1, tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=UTC),
    ],
)
def test_a_moment_comes_back_to_the_microsecond(moment: datetime) -> None:
    assert from_microseconds(to_microseconds(moment)) == moment
    assert from_day_number(to_day_number(moment.date())) == moment.date()


def test_a_moment_without_a_zone_is_not_stored() -> None:
    with pytest.raises(ValueError, match="time zone"):
        to_microseconds(datetime(2026, 3, 2))  # noqa: DTZ001
