"""The prompt of each day, how a journal is kept, and what was written, sealed; and by which number
the store of keys knows somebody."""

from secrets import randbits

from peewee import (
    BigIntegerField,
    BlobField,
    BooleanField,
    Check,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
    UUIDField,
)


class Table(Model):
    class Meta:
        legacy_table_names = False


class Learner(Table):
    pass


class Journal(Table):
    learner = ForeignKeyField(Learner, on_delete="CASCADE", primary_key=True)
    keeping = TextField(
        null=True, constraints=[Check("keeping IN ('server', 'device', 'nowhere')")]
    )
    wants_heavy = BooleanField()


class PromptDay(Table):
    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    day = IntegerField()
    prompt = TextField()
    shown_at = BigIntegerField()
    ending = TextField(
        null=True, constraints=[Check("ending IN ('written', 'in_head', 'later', 'not_for_me')")]
    )
    is_fruitful = BooleanField()

    class Meta:
        primary_key = CompositeKey("learner", "day")


class Reflection(Table):
    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    id = UUIDField()
    prompt = TextField()
    day = IntegerField()
    written_at = BigIntegerField()
    changed_at = BigIntegerField(null=True)
    key = UUIDField()
    sealed = BlobField()

    class Meta:
        primary_key = CompositeKey("learner", "id")
        indexes = ((("learner", "written_at", "key"), False),)


def up(migrator, db):
    # Not through the migrator: for SQLite it would copy the table, and drop the first one with
    # everything that refers to it.
    kind, mark = ("INTEGER", "?") if isinstance(db, SqliteDatabase) else ("BIGINT", "%s")
    db.execute_sql(f'ALTER TABLE "learner" ADD COLUMN "person" {kind} NOT NULL DEFAULT 0')
    for (learner_id,) in db.execute_sql("SELECT id FROM learner").fetchall():
        values = (randbits(63), learner_id)
        db.execute_sql(f"UPDATE learner SET person = {mark} WHERE id = {mark}", values)
    db.execute_sql('CREATE UNIQUE INDEX "learner_person" ON "learner" ("person")')
    tables = [Journal, PromptDay, Reflection]
    for table in tables:
        # SQLite keeps the rows of one learner together on disk when the key is the table; long ones,
        # such as texts, are better off outside of it, and the key of `journal` is one already.
        table._meta.without_rowid = isinstance(db, SqliteDatabase) and table is PromptDay
    with db.bind_ctx([Learner, *tables], bind_refs=False, bind_backrefs=False):
        db.create_tables(tables, safe=False)
