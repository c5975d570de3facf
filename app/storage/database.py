"""One database per process: bound by an entry point, or by a fixture in a test.

SQLite stands in WAL with `synchronous=FULL` (NORMAL loses acknowledged reviews in a power cut) and
every write passes a `flock` gate, because SQLite's own waiting is not fair. PostgreSQL is used
where one machine is outgrown. `docs/decisions/0003-sqlite-settings.md` has the measurements.
"""

import fcntl
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from peewee import (  # type: ignore[attr-defined]
    Database,
    DatabaseProxy,
    InterfaceError,
    OperationalError,
    PostgresqlDatabase,
    SqliteDatabase,
    __exception_wrapper__,
)
from peewee import sqlite3 as sqlite  # type: ignore[attr-defined]
from playhouse.migrations import Runner
from playhouse.pool import MaxConnectionsExceeded, PooledPostgresqlDatabase

MIGRATIONS = Path(__file__).parents[2] / "migrations"

# The wrapped keys of what learners write, beside everything else and never in its backups: a schema of
# PostgreSQL, or the file keys.db in the folder of the database, attached under the same name.
KEY_STORE = "haven_keys"
KEY_MIGRATIONS = MIGRATIONS / "keys"

# Older ones can corrupt a WAL that two connections reset at the same instant.
OLDEST_SQLITE = (3, 51, 3)

db: DatabaseProxy = DatabaseProxy()


class BadDatabase(RuntimeError):
    """The database cannot be used; the message says why, for an operator."""


class _GatedSqlite(SqliteDatabase):
    """SQLite whose writers queue at a file lock, across threads and processes."""

    def __init__(self, path: str) -> None:
        super().__init__(
            path,
            pragmas={
                "journal_mode": "wal",
                "synchronous": "full",
                "foreign_keys": 1,
                "busy_timeout": 10_000,
                "cache_size": -32_000,
            },
            lock_type="IMMEDIATE",
            timeout=10,
            # All of ours and more. By default there are a hundred, and once those have each been asked
            # twice, any others push one another out: each is then compiled every time it runs.
            cached_statements=500,
        )
        self._gates = threading.local()
        self._connections: dict[threading.Thread, Any] = {}

    def _connect(self) -> Any:
        # A connection that is freed by the end of its thread crashes a server whose threads are
        # not Python's own (granian 2.8, when it stops); held here, a living thread frees it.
        for thread in list(self._connections):
            if not thread.is_alive():
                self._connections.pop(thread, None)
        connection = super()._connect()  # type: ignore[misc]
        self._attach_keys(connection)
        self._connections[threading.current_thread()] = connection
        return connection

    def _attach_keys(self, connection: Any) -> None:
        path = key_file(Path(self.database))
        if not path.exists():
            path.touch(mode=0o600)
        connection.execute(f"ATTACH DATABASE ? AS {KEY_STORE}", (str(path),))
        # A shredded key is overwritten, not only left out.
        for pragma in ("journal_mode = wal", "synchronous = full", "secure_delete = on"):
            connection.execute(f"PRAGMA {KEY_STORE}.{pragma}")

    def execute_sql(self, sql: str, params: Sequence[object] | None = None) -> Any:
        # As peewee does it, without its cursor and its log: on the path of a grade they took as
        # long as the statements themselves.
        if self.query_hooks:
            return super().execute_sql(sql, params)
        try:
            return self.connection().execute(sql, params or ())
        except sqlite.Error:
            with __exception_wrapper__:
                raise

    @contextmanager
    def written(self) -> Iterator[None]:
        """What happens inside is written at the end, in turn with all other writers."""
        connection = self.connection()
        with self.gate():
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                connection.execute("COMMIT")
            except BaseException:
                # Where the disk is full SQLite has rolled back by itself.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def in_transaction(self) -> bool:
        # Asked of SQLite itself: peewee knows only of its own.
        return not self.is_closed() and bool(self.connection().in_transaction)

    @contextmanager
    def gate(self) -> Iterator[None]:
        descriptor = self._gate_of_thread()
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(descriptor, fcntl.LOCK_UN)

    def _gate_of_thread(self) -> int:
        # A lock belongs to an open file: each thread, and each process after a fork, opens its own.
        if getattr(self._gates, "pid", None) != os.getpid():
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
            self._gates.descriptor = os.open(f"{self.database}.gate", flags, 0o600)
            self._gates.pid = os.getpid()
        descriptor: int = self._gates.descriptor
        return descriptor


def key_file(path: Path) -> Path:
    """The store of keys that belongs to the SQLite file at `path`."""
    return path.with_name("keys.db")


def bind(url: str) -> Database:
    """Use the database at `url` in this process. Raises BadDatabase.

    `sqlite:///relative.db`, `sqlite:////absolute.db` or `postgresql://user:pw@host:port/name`.
    """
    database = _database_of(url)
    db.initialize(database)
    return database


def migrate() -> list[str]:
    """Bring the tables up to date; gives the names of the migrations that ran."""
    with _one_migrator():
        if isinstance(_bound(), PostgresqlDatabase):
            db.execute_sql(f"CREATE SCHEMA IF NOT EXISTS {KEY_STORE}")
        return [name for runner in _runners() for name in runner.up()]


def pending_migrations() -> list[str]:
    """The names of the migrations that have not run yet."""
    return [m.name for runner in _runners() for m in runner.status() if m.applied is None]


def _runners() -> tuple[Runner, Runner]:
    keys = Runner(_bound(), str(KEY_MIGRATIONS))
    # The key store keeps its own history: it is restored apart from the rest. The runner can do
    # that by itself for PostgreSQL only.
    keys.History._meta.schema = KEY_STORE
    return keys, Runner(_bound(), str(MIGRATIONS))


@contextmanager
def transaction(*learner_ids: int) -> Iterator[None]:
    """Everything inside is written together or not at all.

    Nobody else writes for the learners named meanwhile, so a fold of the log that is read, changed
    and written here misses nothing. It may be entered again from inside.
    """
    database = _bound()
    if database.in_transaction():
        _lock_learners(database, learner_ids)
        yield
    elif isinstance(database, _GatedSqlite):
        with database.written():
            yield
    else:
        with database.atomic():
            _lock_learners(database, learner_ids)
            yield


@contextmanager
def attempt() -> Iterator[None]:
    """What fails inside is undone by itself; what was written before stays, in or out of a
    transaction."""
    database = _bound()
    with database.savepoint() if database.in_transaction() else transaction():
        yield


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read inside is as it was at one moment; nobody waits, and nothing is written."""
    database = _bound()
    is_sqlite = isinstance(database, SqliteDatabase)
    with database.atomic("DEFERRED" if is_sqlite else "REPEATABLE READ"):
        yield


@contextmanager
def exclusive() -> Iterator[None]:
    """Nobody else writes to the SQLite file meanwhile; for what cannot be in a transaction."""
    database = _bound()
    if isinstance(database, _GatedSqlite):
        with database.gate():
            yield
    else:
        yield


def has_one_writer() -> bool:
    """Whether all who write wait for one another, whoever they write for."""
    return isinstance(_bound(), SqliteDatabase)


def shred_removed() -> None:
    """Leave nothing in the files of the key store of the rows that were removed from it.

    PostgreSQL does it by itself, when it vacuums.
    """
    database = _bound()
    if isinstance(database, _GatedSqlite) and not database.in_transaction():
        with database.gate():
            database.execute_sql(f"PRAGMA {KEY_STORE}.wal_checkpoint(TRUNCATE)")


class Statement:
    """SQL that is written once and only executed later: on the path of a grade the time peewee
    takes to build a query is a multiple of the time the database takes to answer it.

    Parameters are `?` on both engines; `{skip_locked}` is for rows that another worker may hold.
    """

    def __init__(self, sql: str) -> None:
        self._sqlite = sql.replace("{skip_locked}", "")
        self._postgresql = sql.replace("{skip_locked}", "FOR UPDATE SKIP LOCKED").replace("?", "%s")

    def _execute(self, parameters: Sequence[object]) -> Any:
        database = _bound()
        sql = self._sqlite if isinstance(database, SqliteDatabase) else self._postgresql
        return database.execute_sql(sql, parameters)

    def run(self, *parameters: object) -> int:
        """Execute; gives the number of rows that changed."""
        changed: int = self._execute(parameters).rowcount
        return changed

    def row(self, *parameters: object) -> tuple[Any, ...] | None:
        """The first row, or None."""
        found: tuple[Any, ...] | None = self._execute(parameters).fetchone()
        return found

    def rows(self, *parameters: object) -> list[tuple[Any, ...]]:
        """All rows."""
        found: list[tuple[Any, ...]] = self._execute(parameters).fetchall()
        return found

    def each(self, *parameters: object) -> Iterator[tuple[Any, ...]]:
        """The rows one by one; SQLite looks for the next only when it is asked for.

        Let go of what is not read to the end before anything is written.
        """
        found: Iterator[tuple[Any, ...]] = iter(self._execute(parameters))
        return found


def connect() -> None:
    """Have a connection for what follows in this thread. Raises BadDatabase where there is none."""
    try:
        db.connect(reuse_if_open=True)
    except (InterfaceError, MaxConnectionsExceeded, OperationalError) as error:
        raise BadDatabase(str(error)) from error


def release() -> None:
    """Give the connection back where there is a pool; a thread keeps its SQLite connection."""
    database = _bound()
    if not isinstance(database, SqliteDatabase) and not database.is_closed():
        database.close()


def close() -> None:
    """Close this thread's connection and whatever waits in a pool."""
    database = _bound()
    if isinstance(database, PooledPostgresqlDatabase):
        database.close_all()
    elif not database.is_closed():
        database.close()


def _bound() -> Database:
    database: Database | None = db.obj
    if database is None:
        raise BadDatabase("no database is bound in this process")
    return database


def _database_of(url: str) -> Database:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path).removeprefix("/")
        if not path:
            raise BadDatabase("DATABASE_URL names no file: sqlite:///var/haven.db")
        return _sqlite(Path(path))
    if parts.scheme in ("postgresql", "postgres"):
        return PooledPostgresqlDatabase(
            url.replace("postgres://", "postgresql://", 1),
            prefer_psycopg3=True,
            # For each process, where PostgreSQL allows a hundred in all.
            max_connections=20,
            stale_timeout=300,
            timeout=10,
            # To compile a query takes longer than any of ours runs.
            options="-c synchronous_commit=on -c jit=off",
        )
    raise BadDatabase(f"DATABASE_URL begins with {parts.scheme!r}; it can be sqlite or postgresql")


def _sqlite(path: Path) -> SqliteDatabase:
    version = sqlite.sqlite_version_info
    if version < OLDEST_SQLITE:
        raise BadDatabase(
            f"SQLite {'.'.join(map(str, version))} can corrupt a database; "
            f"{'.'.join(map(str, OLDEST_SQLITE))} or newer is needed (pip install pysqlite3)"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    return _GatedSqlite(str(path))


@contextmanager
def _one_migrator() -> Iterator[None]:
    """Two servers that start together do not migrate together."""
    database = _bound()
    if isinstance(database, _GatedSqlite):
        with database.gate():
            yield
    elif isinstance(database, PostgresqlDatabase):
        key = 0x4A7E4  # any number, the same in every process
        db.execute_sql("SELECT pg_advisory_lock(%s)", (key,))
        try:
            yield
        finally:
            db.execute_sql("SELECT pg_advisory_unlock(%s)", (key,))
    else:
        yield


_LOCK_LEARNER = Statement("SELECT 1 FROM learner WHERE id = ? FOR UPDATE")


def _lock_learners(database: Database, learner_ids: Sequence[int]) -> None:
    # SQLite has one writer at a time already. In one order, so that no two wait for each other.
    if not isinstance(database, SqliteDatabase):
        for learner_id in sorted(learner_ids):
            _LOCK_LEARNER.run(learner_id)
