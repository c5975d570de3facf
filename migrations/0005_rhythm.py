"""What a learner chooses about time: pause, easy days, new cards a day, retention, exam."""

from peewee import SQL, Check, IntegerField, SmallIntegerField


def up(migrator, db):
    columns = {
        "retention": _number(90, "retention BETWEEN 70 AND 97"),
        "easy_days": _number(0, "easy_days BETWEEN 0 AND 126"),
        "new_a_day": _number(8, "new_a_day BETWEEN 0 AND 30"),
        "paused_until": IntegerField(null=True),
        "exam_on": IntegerField(null=True),
        "exam_retention": _number(95, "exam_retention BETWEEN 70 AND 97"),
    }
    for name, field in columns.items():
        # With the default in the column itself nobody's row is written, and SQLite, where a column
        # cannot become NOT NULL afterwards, does not copy the table.
        migrator.migrate(migrator.add_column("learner", name, field, allow_not_null=True))


def _number(default, rule):
    return SmallIntegerField(constraints=[SQL(f"DEFAULT {default}"), Check(rule)])
