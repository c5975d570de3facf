"""Cohorts: staff, groups with their week plan and members, who looked, and published figures."""

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


class Staff(Table):
    email = TextField(primary_key=True)
    role = TextField(constraints=[Check("role IN ('instructor', 'admin')")])
    invited_at = BigIntegerField()


class Cohort(Table):
    id = TextField(primary_key=True)
    name = TextField()
    institution = TextField()
    code = TextField(unique=True)
    starts_on = IntegerField()
    archived_on = IntegerField(null=True)
    figures_on = IntegerField(null=True)


class CohortInstructor(Table):
    email = TextField()
    cohort = ForeignKeyField(Cohort, on_delete="CASCADE")

    class Meta:
        primary_key = CompositeKey("email", "cohort")


class CohortLesson(Table):
    cohort = ForeignKeyField(Cohort, on_delete="CASCADE", index=False)
    lesson = TextField()
    week = SmallIntegerField(constraints=[Check("week >= 1")])

    class Meta:
        primary_key = CompositeKey("cohort", "lesson")


class CohortBreak(Table):
    cohort = ForeignKeyField(Cohort, on_delete="CASCADE", index=False)
    starts_on = IntegerField()
    ends_on = IntegerField()

    class Meta:
        primary_key = CompositeKey("cohort", "starts_on")


class CohortMember(Table):
    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    cohort = ForeignKeyField(Cohort, on_delete="CASCADE")
    name = TextField()
    joined_on = IntegerField()
    left_on = IntegerField(null=True)

    class Meta:
        primary_key = CompositeKey("learner", "cohort")


class CohortLook(Table):
    cohort = ForeignKeyField(Cohort, on_delete="CASCADE", index=False)
    day = IntegerField()
    email = TextField()
    what = TextField()

    class Meta:
        primary_key = CompositeKey("cohort", "day", "email", "what")


class LessonCount(Table):
    learner = ForeignKeyField(Learner, primary_key=True, on_delete="CASCADE")
    mark = TextField()
    done = TextField()


class CohortFigure(Table):
    cohort = ForeignKeyField(Cohort, on_delete="CASCADE", index=False)
    about = TextField()
    people = IntegerField()
    part = IntegerField()
    whole = IntegerField()
    published_on = IntegerField()

    class Meta:
        primary_key = CompositeKey("cohort", "about")


def up(migrator, db):
    tables = [
        Staff,
        Cohort,
        CohortInstructor,
        CohortLesson,
        CohortBreak,
        CohortMember,
        CohortLook,
        LessonCount,
        CohortFigure,
    ]
    for table in tables:
        # SQLite keeps the rows of one cohort together on disk when the key is the table.
        table._meta.without_rowid = isinstance(db, SqliteDatabase)
    LessonCount._meta.without_rowid = False
    with db.bind_ctx(tables, bind_refs=False, bind_backrefs=False):
        db.create_tables(tables, safe=False)
