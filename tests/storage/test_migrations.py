"""The migrations make exactly the tables of `app/storage/tables.py`, on both engines."""

import ast
import multiprocessing
import re
from collections.abc import Iterator
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from peewee import PostgresqlDatabase
from playhouse.migrations import Runner
from playhouse.schema_diff import diff_models

from app.storage import database, learners, lessons
from app.storage.database import KEY_STORE, MIGRATIONS, db
from app.storage.tables import KEY_TABLES, TABLES
from app.usecases.begin_as_guest import begin_as_guest
from tests.conftest import MONDAY

Catalogue = set[tuple[object, ...]]


def test_migrations_and_tables_have_the_same_columns_and_indexes(db_url: str) -> None:
    difference = diff_models(db.obj, TABLES)
    assert not difference, str(difference)


def test_migrations_and_tables_have_the_same_types_and_rules(db_url: str, empty_url: str) -> None:
    # The migrations keep a history, and SQLite keeps count of the ids it has given out.
    own = ("schema_migration", "sqlite_sequence")
    migrated = {row for row in catalogue() if row[0] not in own}
    database.close()
    database.bind(empty_url)
    db.create_tables(TABLES)
    created = catalogue()
    assert migrated - created == created - migrated == set()


def test_the_store_of_keys_has_the_columns_of_its_tables(db_url: str) -> None:
    for table in KEY_TABLES:
        meta = table._meta
        kept = {
            (column.name, column.null)
            for column in db.get_columns(meta.table_name, schema=KEY_STORE)
        }
        assert kept == {(field.column_name, field.null) for field in meta.sorted_fields}
        keys = db.get_primary_keys(meta.table_name, schema=KEY_STORE)
        assert keys == [*vars(meta.primary_key)["field_names"]]


def test_after_migrating_nothing_is_left_to_migrate(db_url: str) -> None:
    assert database.pending_migrations() == []
    assert database.migrate() == []


def test_the_id_of_somebody_who_is_gone_is_never_given_out_again(db_url: str) -> None:
    gone = begin_as_guest("Europe/Amsterdam", MONDAY)
    learners.remove_learner(gone.id)
    assert begin_as_guest("Europe/Amsterdam", MONDAY).id > gone.id


@pytest.mark.parametrize("path", sorted(MIGRATIONS.rglob("*.py")), ids=lambda path: path.stem)
def test_a_migration_does_not_change_when_the_app_does(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert not [name.name for name in node.names if name.name.split(".")[0] == "app"]
        elif isinstance(node, ast.ImportFrom):
            assert (node.module or "").split(".")[0] != "app"


def test_who_was_there_before_gets_a_number_of_their_own(empty_url: str) -> None:
    database.close()
    database.bind(empty_url)
    runner = Runner(database.db.obj, str(MIGRATIONS))
    runner.up("0001_initial")
    for number in (1, 2, 3):
        db.execute_sql(
            "INSERT INTO learner (seed, joined_at, zone_name, track, buttons, simulated) "
            f"VALUES ({number}, 0, 'Europe/Amsterdam', 'kern', 2, FALSE)"
        )
    db.execute_sql(f"INSERT INTO lesson_opening VALUES ({learners.learner_ids()[0]}, 'h/een', 0)")
    database.migrate()
    persons = [row[0] for row in db.execute_sql("SELECT person FROM learner").fetchall()]
    assert len(set(persons)) == 3 and min(persons) > 0
    assert lessons.opened_lessons(learners.learner_ids()[0]) == ["h/een"]


def test_two_servers_that_start_together_migrate_once(empty_url: str) -> None:
    database.close()
    spawn = multiprocessing.get_context("spawn")
    start, applied = spawn.Barrier(4), spawn.Queue()
    servers = [spawn.Process(target=migrate, args=(empty_url, start, applied)) for _ in range(4)]
    for server in servers:
        server.start()
    names = [applied.get(timeout=300) for _ in servers]
    for server in servers:
        server.join(300)
    assert [server.exitcode for server in servers] == [0] * 4
    assert sorted(name for ran in names for name in ran) == sorted(
        path.stem for path in MIGRATIONS.rglob("[0-9]*.py")
    )
    database.bind(empty_url)
    assert database.pending_migrations() == []
    database.close()


def migrate(url: str, start: Barrier, applied: "multiprocessing.Queue[list[str]]") -> None:
    """What each server does when it starts."""
    database.bind(url)
    start.wait(300)
    applied.put(database.migrate())
    database.close()


def catalogue() -> Catalogue:
    """Columns, keys, CHECKs and indexes, as the engine itself describes them."""
    if isinstance(db.obj, PostgresqlDatabase):
        return set(_postgresql_catalogue())
    return set(_sqlite_catalogue())


def _postgresql_catalogue() -> Iterator[tuple[object, ...]]:
    yield from db.execute_sql(
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
        "WHERE table_schema = 'public'"
    ).fetchall()
    yield from db.execute_sql(
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace"
    ).fetchall()
    yield from db.execute_sql(
        "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    ).fetchall()


def _sqlite_catalogue() -> Iterator[tuple[object, ...]]:
    tables = db.execute_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    for table, sql in tables:
        for _, column, kind, required, _, key in _pragma("table_info", table):
            yield table, column, kind, required, key
        for key_of in _pragma("foreign_key_list", table):
            yield table, *key_of[2:]
        for _, index, unique, *_ in _pragma("index_list", table):
            yield table, unique, tuple(column for *_, column in _pragma("index_info", index))
        for rule in re.findall(r"CHECK \((?:[^()]|\([^()]*\))*\)", sql):
            yield table, rule


def _pragma(name: str, of: object) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = db.execute_sql(f'PRAGMA {name}("{of}")').fetchall()
    return rows
