"""The whole database in one file, and back; the store of keys in another, so that it can go sooner.

A file of SQLite is a database itself (`VACUUM INTO`); one of PostgreSQL is made and read by its own
programs, in their custom format.
"""

import os
import shutil
import subprocess
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urlsplit

from peewee import SqliteDatabase
from peewee import sqlite3 as sqlite  # type: ignore[attr-defined]

from app.storage import database
from app.storage.database import KEY_STORE, Statement, db

_ANYBODY = Statement("SELECT 1 FROM learner LIMIT 1")
_ANY_KEY = Statement(f"SELECT 1 FROM {KEY_STORE}.data_key LIMIT 1")


class BadBackup(RuntimeError):
    """The copy cannot be made or used; the message says why, for an operator."""


def write_backup(url: str, file: Path) -> None:
    """Copy the bound database, which is that of `url`, as it is at one moment, to a new file.

    Others may go on writing meanwhile. The file is there when it is whole. The store of keys is not
    in it. Raises BadBackup.
    """
    _write(url, file, "main")


def write_key_backup(url: str, file: Path) -> None:
    """Copy the store of keys in the same way. Raises BadBackup."""
    _write(url, file, KEY_STORE)


def _write(url: str, file: Path, schema: str) -> None:
    if file.exists():
        raise BadBackup(f"{file} exists already")
    if not file.parent.is_dir():
        raise BadBackup(f"there is no folder {file.parent}")
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    # It holds everything about everybody, so it is nobody else's to read.
    part.touch(mode=0o600)
    try:
        _copy_to(part, url, schema)
    except BadBackup:
        part.unlink()
        raise
    with part.open("rb+") as written:
        os.fsync(written.fileno())
    part.rename(file)


def restore_backup(url: str, file: Path) -> None:
    """Fill the bound database, which is that of `url` and in which nobody is, from a backup.

    Nothing may be serving meanwhile. Tables older than the program are brought up to date. Raises
    BadBackup, and then nothing has changed.
    """
    if not file.is_file():
        raise BadBackup(f"there is no file {file}")
    database.migrate()
    if _ANYBODY.row() is not None:
        raise BadBackup("there are learners in this database; restore into an empty one")
    if isinstance(db.obj, SqliteDatabase):
        _require_sound(file)
        with closing(sqlite.connect(str(file))) as source, database.exclusive():
            source.backup(db.connection())
    else:
        _run(
            "pg_restore", url, "--clean", "--if-exists", "--no-owner", "--single-transaction",
            str(file),
        )  # fmt: skip
    database.migrate()


def restore_key_backup(url: str, file: Path) -> None:
    """Fill the store of keys, in which there is no key, from its backup. Nothing may be serving
    meanwhile. Raises BadBackup, and then nothing has changed."""
    if not file.is_file():
        raise BadBackup(f"there is no file {file}")
    database.migrate()
    if _ANY_KEY.row() is not None:
        raise BadBackup("there are keys in this store; restore into an empty one")
    if isinstance(db.obj, SqliteDatabase):
        _require_sound(file, "data_key")
        # A backup can only be read into the first database of a connection.
        store = str(database.key_file(Path(db.obj.database)))
        with (
            closing(sqlite.connect(str(file))) as source,
            closing(sqlite.connect(store)) as target,
            database.exclusive(),
        ):
            source.backup(target)
    else:
        _run(
            "pg_restore", url, "--clean", "--if-exists", "--no-owner", "--single-transaction",
            str(file),
        )  # fmt: skip
    database.migrate()


def _copy_to(file: Path, url: str, schema: str) -> None:
    if isinstance(db.obj, SqliteDatabase):
        db.execute_sql(f"VACUUM {schema} INTO ?", (str(file),))
        _require_sound(file, "learner" if schema == "main" else "data_key")
    else:
        part = "--exclude-schema" if schema == "main" else "--schema"
        _run(
            "pg_dump", url, "--format=custom", "--no-owner", f"{part}={KEY_STORE}",
            f"--file={file}",
        )  # fmt: skip


def _require_sound(file: Path, table: str = "learner") -> None:
    try:
        with closing(sqlite.connect(f"file:{file}?mode=ro", uri=True)) as copy:
            found = copy.execute("PRAGMA integrity_check").fetchone()[0]
            copy.execute(f"SELECT 1 FROM {table} LIMIT 1")
    except sqlite.DatabaseError as error:
        raise BadBackup(f"{file} is no backup of Haven: {error}") from error
    if found != "ok":
        raise BadBackup(f"{file} is damaged: {found}")


def _run(program: str, url: str, *arguments: str) -> None:
    path = shutil.which(program)
    if path is None:
        raise BadBackup(f"{program} is not installed (Debian: apt-get install postgresql-client)")
    parts = urlsplit(url.replace("postgres://", "postgresql://", 1))
    # Everybody on the machine can read a command line, but not its environment.
    _, _, place = parts.netloc.rpartition("@")
    login = f"{parts.username}@{place}" if parts.username else place
    secret = {"PGPASSWORD": unquote(parts.password)} if parts.password else None
    done = subprocess.run(
        [path, *arguments, f"--dbname={parts._replace(netloc=login).geturl()}"],
        env=secret,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BadBackup(f"{program} failed: {done.stderr.strip()}")
