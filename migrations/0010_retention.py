"""How long things are kept, the log of what staff did, and in whose figures a member counts."""

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    BooleanField,
    Check,
    IntegerField,
    Model,
    TextField,
)


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


# The cohort somebody joined first.
_COUNT_FIRST = """
    UPDATE cohort_member SET is_counted = TRUE WHERE NOT EXISTS (
        SELECT 1 FROM cohort_member AS other
        WHERE other.learner_id = cohort_member.learner_id AND (
            other.joined_on < cohort_member.joined_on
            OR (other.joined_on = cohort_member.joined_on
                AND other.cohort_id < cohort_member.cohort_id)
        )
    )
"""


def up(migrator, db):
    tables = [StaffAct, Retention]
    with db.bind_ctx(tables, bind_refs=False, bind_backrefs=False):
        db.create_tables(tables, safe=False)
    is_counted = BooleanField(constraints=[SQL("DEFAULT FALSE")])
    migrator.migrate(
        migrator.add_column("cohort_member", "is_counted", is_counted, allow_not_null=True)
    )
    db.execute_sql(_COUNT_FIRST)
