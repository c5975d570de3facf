"""The cast and the stage. Every test that touches storage runs on SQLite and on PostgreSQL."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.content.library import read_library
from app.learning.course import Course
from app.learning.people import Learner
from app.learning.reviews import Grade, Review
from app.mail.outbox import FolderOutbox
from app.secrets.sealing import Keyring, new_reflection_keys
from app.settings import Settings
from app.storage import database
from app.usecases.begin_as_guest import begin_as_guest
from app.web import create_app
from tests.postgres import find_server, running_cluster

SMALL_COURSE = Path(__file__).parent / "small_course"

REFLECTION_KEYS = new_reflection_keys("test")
KEYRING = Keyring.of_text(REFLECTION_KEYS)

# A Monday morning in Amsterdam.
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI everything is installed, so a skipped test is a failed run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


class Clock:
    """The present moment, which a test moves."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """A PostgreSQL cluster: a URL with a place for the name of a database."""
    programs = find_server()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with running_cluster(programs) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_url(cluster: str) -> str:
    """The PostgreSQL database with all tables, which each test leaves as empty as it found it."""
    _administer(cluster, "CREATE DATABASE migrated")
    url = cluster.format(name="migrated")
    database.bind(url)
    database.migrate()
    database.close()
    return url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, which each test gets a copy of."""
    path = tmp_path_factory.mktemp("migrated") / "haven.db"
    database.bind(f"sqlite:///{path}")
    database.migrate()
    for schema in ("main", database.KEY_STORE):
        database.db.execute_sql(f"PRAGMA {schema}.wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_file: Path) -> Iterator[str]:
    """A migrated SQLite file of this test's own, bound in this process."""
    path = tmp_path / "haven.db"
    for name in ("haven.db", "keys.db"):
        (tmp_path / name).write_bytes((migrated_file.parent / name).read_bytes())
    url = f"sqlite:///{path}"
    database.bind(url)
    yield url
    database.close()


@pytest.fixture
def postgresql_url(migrated_url: str) -> Iterator[str]:
    """A migrated PostgreSQL database for this test alone, bound in this process."""
    database.bind(migrated_url)
    yield migrated_url
    database.close()
    # To empty it takes a twentieth of the time that a copy of its own takes.
    with psycopg.connect(migrated_url, autocommit=True) as connection:
        connection.execute(_EMPTY)


_EMPTY = """
DO $$ DECLARE others int; names text; BEGIN
    SELECT count(pg_terminate_backend(pid)) INTO others FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') INTO names FROM pg_tables
        WHERE schemaname IN ('public', 'haven_keys') AND tablename <> 'schema_migration';
    EXECUTE 'TRUNCATE ' || names || ' RESTART IDENTITY CASCADE';
END $$
"""


@pytest.fixture
def empty_url(db_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database without tables, on the engine of `db_url`; nothing is bound to it."""
    if db_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/empty/haven.db"
        return
    cluster = request.getfixturevalue("cluster")
    name = f"t{uuid4().hex}"
    _administer(cluster, f"CREATE DATABASE {name}")
    yield cluster.format(name=name)
    database.close()
    _administer(cluster, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def db_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of this test's own: the test runs on both engines."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


def _administer(cluster: str, sql: str) -> None:
    with psycopg.connect(cluster.format(name="postgres"), autocommit=True) as connection:
        connection.execute(sql)


@pytest.fixture
def count_queries() -> Callable[[], AbstractContextManager[list[str]]]:
    """`with count_queries() as queries:` collects the SQL that this process executes meanwhile.

    The row lock that PostgreSQL needs in place of SQLite's BEGIN IMMEDIATE is left out.
    """

    @contextmanager
    def counting() -> Iterator[list[str]]:
        queries: list[str] = []

        def note(event: Any) -> None:
            if not event.sql.endswith("FOR UPDATE"):
                queries.append(event.sql)

        hooks = database.db.obj.query_hooks
        hooks.append(note)
        try:
            yield queries
        finally:
            hooks.remove(note)

    return counting


@pytest.fixture(scope="session")
def small_course() -> Course:
    return read_library(SMALL_COURSE)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def anna(db_url: str, clock: Clock) -> Learner:
    """Anna has just begun, without an account, in Amsterdam."""
    return begin_as_guest("Europe/Amsterdam", clock())


@pytest.fixture
def bram(db_url: str, clock: Clock) -> Learner:
    """Bram has just begun too; what is Anna's is none of his."""
    return begin_as_guest("Europe/Brussels", clock())


@pytest.fixture
def review(clock: Clock) -> Callable[..., Review]:
    """Makes a review of now, on the day it is in Amsterdam."""

    def make(card: str = "band-afstand", grade: Grade = Grade.GOOD, **given: object) -> Review:
        made = Review(uuid4(), card, grade, clock(), clock().date(), 4000)
        return replace(made, **given)  # type: ignore[arg-type]

    return make


@pytest.fixture
def settings(db_url: str, tmp_path: Path) -> Settings:
    """An install of this test's own: its mails are files in a folder."""
    return Settings(
        database_url=db_url,
        secret_key="k" * 40,
        reflection_keys=REFLECTION_KEYS,
        mail_url=f"folder:{tmp_path}/mail",
        course_root=SMALL_COURSE,
    )


@pytest.fixture
def keyring() -> Keyring:
    """What wraps the keys of learners in tests, in the tests of pages too."""
    return KEYRING


@pytest.fixture
def app(settings: Settings, clock: Clock, small_course: Course) -> Flask:
    return create_app(settings, clock, small_course)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that has not been here before."""
    return app.test_client()


class Visitor:
    """Someone with a browser: gets pages, fills in forms, sends JSON with the right token."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def begin(self) -> "Visitor":
        assert self.post("/begin", page="/").status_code == 302
        return self

    def get(self, path: str) -> str:
        response = self.client.get(path, follow_redirects=True)
        assert response.status_code == 200, f"{path}: {response.status_code}"
        return response.get_data(as_text=True)

    def token(self, page: str = "/") -> str:
        found = re.search(r'name="csrf[-_]token" (?:content|value)="(\w+)"', self.get(page))
        assert found, f"no token on {page}"
        return found[1]

    def post(self, path: str, page: str = "/", **form: object):  # type: ignore[no-untyped-def]
        return self.client.post(path, data={"csrf_token": self.token(page), **form})

    def send(self, path: str, body: object):  # type: ignore[no-untyped-def]
        return self.client.post(path, json=body, headers={"X-CSRF-Token": self.token()})


class Mailbox:
    """Everybody's mail, in the folder of this test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def mails(self, to: str) -> list[tuple[str, str]]:
        """Subject and text of the mails to an address, the last sent first."""
        return [
            (mail["Subject"], mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
            for _, mail in FolderOutbox(self.folder).mails()
            if mail["To"] == to
        ]

    def code(self, to: str) -> str:
        """The code in the last mail to an address."""
        found = re.search(r"\d{4} \d{4}", self.mails(to)[0][1])
        assert found, f"no code in the last mail to {to}"
        return found[0]


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    return Mailbox(tmp_path / "mail")


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """A browser that has not been here before, with hands."""
    return Visitor(app)


@pytest.fixture
def learner(visitor: Visitor) -> Visitor:
    """A browser in which somebody has begun."""
    return visitor.begin()
