"""Mail of the day: who asked for it, what went out, and the address of a calendar."""

from peewee import (
    BigIntegerField,
    Check,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    Model,
    SmallIntegerField,
    SqliteDatabase,
    TextField,
)


class Table(Model):
    class Meta:
        legacy_table_names = False


class Learner(Table):
    pass


class MailWishes(Table):
    learner = ForeignKeyField(Learner, primary_key=True, on_delete="CASCADE")
    token = TextField(unique=True)
    at_minute = SmallIntegerField(constraints=[Check("at_minute BETWEEN 0 AND 1439")])
    weekdays = SmallIntegerField(constraints=[Check("weekdays BETWEEN 1 AND 127")])
    contents = TextField(constraints=[Check("contents IN ('both', 'cards', 'prompt')")])
    rhythm = TextField(constraints=[Check("rhythm IN ('daily', 'weekly')")])
    changed_at = BigIntegerField()
    stopped = TextField(null=True)
    paused_until = IntegerField(null=True)
    next_day = IntegerField(null=True)
    next_at = BigIntegerField(null=True, index=True)


class DailyMail(Table):
    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    day = IntegerField(index=True)
    kind = TextField(constraints=[Check("kind IN ('daily', 'weekly', 'farewell')")])
    reason = TextField()
    state = TextField(
        constraints=[Check("state IN ('claimed', 'waiting', 'in_doubt', 'sent', 'missed', 'dead')")]
    )
    due_at = BigIntegerField()
    message_id = TextField(unique=True)
    attempts = IntegerField()
    owner = TextField()
    changed_at = BigIntegerField()
    error = TextField()
    returned = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("learner", "day")


class CalendarFeed(Table):
    learner = ForeignKeyField(Learner, primary_key=True, on_delete="CASCADE")
    token = TextField(unique=True)
    created_at = BigIntegerField()


def up(migrator, db):
    tables = [MailWishes, DailyMail, CalendarFeed]
    # SQLite keeps the rows of one learner together on disk when the key is the table; in the others
    # it is so already, because their key is one number.
    DailyMail._meta.without_rowid = isinstance(db, SqliteDatabase)
    with db.bind_ctx(tables, bind_refs=False, bind_backrefs=False):
        db.create_tables(tables, safe=False)
