"""A backup holds everything, and an empty database gets everything back."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from app.learning.course import Course
from app.learning.people import Learner
from app.learning.reviews import Review
from app.storage import database, learners, reviews, tables
from app.storage.backups import BadBackup, restore_backup, write_backup
from app.usecases.check_data import check_data
from app.usecases.record_reviews import record_reviews
from tests.conftest import Clock


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    return tmp_path / "haven.backup"


def empty() -> None:
    tables.Learner.delete().execute()


def test_what_was_backed_up_comes_back_to_the_last_row(
    db_url: str,
    elsewhere: Path,
    anna: Learner,
    review: Callable[..., Review],
    small_course: Course,
    clock: Clock,
) -> None:
    record_reviews(small_course, anna, [review(), review("band-engels")], clock())
    log, memories = reviews.all_reviews(anna.id), reviews.memories_of(anna.id)
    write_backup(db_url, elsewhere)
    empty()
    restore_backup(db_url, elsewhere)
    assert learners.learner_of(anna.id) == anna
    assert reviews.all_reviews(anna.id) == log
    assert reviews.memories_of(anna.id) == memories
    assert not list(check_data())
    assert not database.pending_migrations()
    # New rows get numbers of their own.
    assert learners.add_guest(seed=1, now=clock(), zone_name="Europe/Amsterdam").id > anna.id


def test_a_backup_is_only_for_its_owner_to_read(db_url: str, elsewhere: Path) -> None:
    write_backup(db_url, elsewhere)
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o600


def test_a_backup_overwrites_nothing(db_url: str, elsewhere: Path) -> None:
    elsewhere.write_text("precious")
    with pytest.raises(BadBackup, match="exists already"):
        write_backup(db_url, elsewhere)
    assert elsewhere.read_text() == "precious"


def test_nobody_is_overwritten_by_a_restore(db_url: str, elsewhere: Path, anna: Learner) -> None:
    write_backup(db_url, elsewhere)
    with pytest.raises(BadBackup, match="there are learners"):
        restore_backup(db_url, elsewhere)
    assert learners.learner_ids() == [anna.id]


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_what_is_no_backup_changes_nothing(db_url: str, elsewhere: Path, content: bytes) -> None:
    elsewhere.write_bytes(content)
    with pytest.raises(BadBackup):
        restore_backup(db_url, elsewhere)
    assert learners.learner_ids() == [] and not database.pending_migrations()


def test_a_missing_program_of_postgresql_is_named(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BadBackup, match="pg_dump is not installed"):
        write_backup(postgresql_url, tmp_path / "haven.backup")


def test_a_password_in_the_address_reaches_postgresql_and_no_command_line(
    postgresql_url: str, tmp_path: Path
) -> None:
    # The cluster trusts everybody; a program that got the address wrong would not find it.
    write_backup(postgresql_url.replace("haven@", "haven:g%20h@"), tmp_path / "haven.backup")
    with pytest.raises(BadBackup, match="pg_dump failed") as refused:
        write_backup("postgresql://haven:geheim@127.0.0.1:1/haven", tmp_path / "other.backup")
    assert "geheim" not in str(refused.value)
    assert [file.name for file in tmp_path.iterdir()] == ["haven.backup"]
