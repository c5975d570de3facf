"""What learners make of cards besides answering them, and what they tell the authors."""

from peewee import (
    BigIntegerField,
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


class CardChange(Table):
    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    id = UUIDField()
    card = TextField()
    kind = TextField(constraints=[Check("kind IN ('aside', 'bury', 'back', 'words', 'undo')")])
    changed_at = BigIntegerField()
    until = IntegerField(null=True)
    undoes = UUIDField(null=True)
    front = TextField()
    back = TextField()
    note = TextField()
    author_front = TextField()
    author_back = TextField()

    class Meta:
        primary_key = CompositeKey("learner", "id")
        indexes = ((("learner", "card"), False),)


class OwnCard(Table):
    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    card = TextField()
    hidden_until = IntegerField(null=True)
    front = TextField()
    back = TextField()
    note = TextField()
    author_front = TextField()
    author_back = TextField()

    class Meta:
        primary_key = CompositeKey("learner", "card")


class Report(Table):
    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    id = UUIDField()
    card = TextField()
    version = TextField()
    message = TextField()
    reported_at = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("learner", "id")


def up(migrator, db):
    tables = [CardChange, OwnCard, Report]
    for table in tables:
        table._meta.without_rowid = isinstance(db, SqliteDatabase)
    with db.bind_ctx(tables, bind_refs=False, bind_backrefs=False):
        db.create_tables(tables, safe=False)
