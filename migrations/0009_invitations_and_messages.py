"""Whom instructors asked to join a cohort, what they mail to learners, and who wants none of it."""

from peewee import (
    BigIntegerField,
    Check,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)


class Table(Model):
    class Meta:
        legacy_table_names = False


class Learner(Table):
    pass


class Cohort(Table):
    id = TextField(primary_key=True)


class CohortInvitation(Table):
    cohort = ForeignKeyField(Cohort, on_delete="CASCADE", index=False)
    email = TextField()
    name = TextField()
    token = TextField(unique=True)
    invited_on = IntegerField()
    ended = TextField(
        null=True, constraints=[Check("ended IN ('joined', 'withdrawn', 'declined')")]
    )
    learner = ForeignKeyField(Learner, null=True, on_delete="CASCADE")

    class Meta:
        primary_key = CompositeKey("cohort", "email")


class CohortMail(Table):
    id = TextField(primary_key=True)
    cohort = ForeignKeyField(Cohort, on_delete="CASCADE", index=False)
    sender = TextField()
    email = TextField(null=True)
    learner = ForeignKeyField(Learner, null=True, on_delete="CASCADE", index=False)
    about = TextField()
    reply_to = TextField()
    text = TextField()
    day = IntegerField()
    state = TextField(
        constraints=[Check("state IN ('waiting', 'in_doubt', 'sent', 'missed', 'dead')")]
    )
    next_at = BigIntegerField(null=True, index=True)
    attempts = IntegerField()
    message_id = TextField(unique=True)
    changed_at = BigIntegerField()
    error = TextField()

    class Meta:
        indexes = (
            (("learner", "cohort", "day"), False),
            (("cohort", "email", "day"), False),
        )


class NoMessages(Table):
    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    cohort = ForeignKeyField(Cohort, on_delete="CASCADE")

    class Meta:
        primary_key = CompositeKey("learner", "cohort")


def up(migrator, db):
    tables = [CohortInvitation, CohortMail, NoMessages]
    for table in tables:
        # SQLite keeps the rows of one cohort together on disk when the key is the table.
        table._meta.without_rowid = isinstance(db, SqliteDatabase) and table is not CohortMail
    with db.bind_ctx(tables, bind_refs=False, bind_backrefs=False):
        db.create_tables(tables, safe=False)
