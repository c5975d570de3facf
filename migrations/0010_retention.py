"""How long things are kept, and the log of what staff did."""

from peewee import AutoField, BigIntegerField, Check, IntegerField, Model, TextField


class Table(Model):
    class Meta:
        legacy_table_names = False


class StaffAct(Table):
    id = AutoField()
    done_at = BigIntegerField()
    who = TextField()
    what = TextField()
    about = TextField()


class Retention(Table):
    kept = TextField(
        primary_key=True, constraints=[Check("kept IN ('cohorts', 'guests', 'looks')")]
    )
    days = IntegerField(null=True)
    changed_on = IntegerField(null=True)
    done_on = IntegerField(null=True)


def up(migrator, db):
    tables = [StaffAct, Retention]
    with db.bind_ctx(tables, bind_refs=False, bind_backrefs=False):
        db.create_tables(tables, safe=False)
