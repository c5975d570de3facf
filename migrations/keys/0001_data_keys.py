"""The store of keys: data keys of what learners write, wrapped, and the ledger of deletions."""

from peewee import BigIntegerField, BlobField, Check, CompositeKey, Model, TextField, UUIDField


class Table(Model):
    class Meta:
        legacy_table_names = False
        schema = "haven_keys"


class DataKey(Table):
    person = BigIntegerField()
    id = UUIDField()
    purpose = TextField(constraints=[Check("purpose IN ('journal', 'cards')")])
    wrapped_by = TextField()
    wrapped = BlobField()
    created_at = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("person", "id")


class Deletion(Table):
    person = BigIntegerField()
    what = TextField(constraints=[Check("what IN ('learner', 'key', 'reflection')")])
    name = UUIDField()
    deleted_at = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("person", "what", "name")


def up(migrator, db):
    with db.bind_ctx([DataKey, Deletion], bind_refs=False, bind_backrefs=False):
        db.create_tables([DataKey, Deletion], safe=False)
