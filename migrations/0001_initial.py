"""The first tables: learners and their browsers, the log of reviews and what is folded from it."""

from peewee import (
    BigIntegerField,
    BooleanField,
    Check,
    CompositeKey,
    DoubleField,
    ForeignKeyField,
    IntegerField,
    Model,
    SmallIntegerField,
    SqliteDatabase,
    TextField,
    UUIDField,
)
from playhouse.sqlite_ext import AutoIncrementField


class Table(Model):
    class Meta:
        legacy_table_names = False


class Learner(Table):
    email = TextField(null=True, unique=True)
    password_hash = TextField(null=True)
    seed = BigIntegerField()
    joined_at = BigIntegerField()
    zone_name = TextField()
    track = TextField(constraints=[Check("track IN ('kern', 'verdieping')")])
    buttons = SmallIntegerField(constraints=[Check("buttons IN (2, 4)")])
    simulated = BooleanField()


class Session(Table):
    key = TextField(primary_key=True)
    learner = ForeignKeyField(Learner, on_delete="CASCADE")
    created_at = BigIntegerField()
    last_seen_at = BigIntegerField()
    label = TextField()


class EmailCode(Table):
    browser = TextField()
    purpose = TextField(constraints=[Check("purpose IN ('sign_up', 'reset')")])
    email = TextField()
    code_hash = TextField()
    password_hash = TextField(null=True)
    expires_at = BigIntegerField()
    tries_left = SmallIntegerField()
    is_confirmed = BooleanField()

    class Meta:
        primary_key = CompositeKey("browser", "purpose")


class Attempt(Table):
    name = TextField()
    window_starts_at = BigIntegerField()
    times = IntegerField()

    class Meta:
        primary_key = CompositeKey("name", "window_starts_at")


class LessonOpening(Table):
    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    lesson = TextField()
    opened_at = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("learner", "lesson")


class Review(Table):
    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    id = UUIDField()
    card = TextField()
    grade = SmallIntegerField(constraints=[Check("grade BETWEEN 1 AND 4")])
    reviewed_at = BigIntegerField()
    day = IntegerField()
    duration_ms = IntegerField(constraints=[Check("duration_ms >= 0")])
    why_missed = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("learner", "id")
        indexes = (
            (("learner", "card", "reviewed_at"), False),
            (("learner", "day"), False),
        )


class Voiding(Table):
    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    review = UUIDField()
    voided_at = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("learner", "review")


class Memory(Table):
    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    card = TextField()
    stability = DoubleField()
    difficulty = DoubleField()
    due_on = IntegerField()
    last_day = IntegerField()
    last_at = BigIntegerField()
    last_id = UUIDField()
    reviews = IntegerField()
    lapses = IntegerField()

    class Meta:
        primary_key = CompositeKey("learner", "card")
        indexes = ((("learner", "due_on", "last_at"), False),)


def up(migrator, db):
    tables = [Learner, Session, EmailCode, Attempt, LessonOpening, Review, Voiding, Memory]
    for table in tables:
        # SQLite keeps the rows of one learner together on disk when the key is the table.
        table._meta.without_rowid = isinstance(db, SqliteDatabase) and table is not Learner
    if isinstance(db, SqliteDatabase):
        # Left to itself SQLite gives the id of a learner who is gone to somebody new.
        Learner._meta.add_field("id", AutoIncrementField())
    with db.bind_ctx(tables, bind_refs=False, bind_backrefs=False):
        db.create_tables(tables, safe=False)
