"""The parameters of FSRS of a learner and of the course; memories say how their curve falls."""

from peewee import AutoField, IntegerField, Model, SqliteDatabase, TextField

# That of FSRS-6, which every memory so far was folded with.
DECAY = 0.1542


class CourseParameters(Model):
    id = AutoField()
    parameters = TextField()
    since = IntegerField()

    class Meta:
        legacy_table_names = False


def up(migrator, db):
    migrator.migrate(
        migrator.add_column("learner", "parameters", TextField(null=True)),
        migrator.add_column("learner", "parameters_source", TextField(null=True)),
        migrator.add_column("learner", "parameters_since", IntegerField(null=True)),
    )
    # By hand, because peewee would copy the whole table to make it NOT NULL on SQLite.
    kind = "REAL" if isinstance(db, SqliteDatabase) else "DOUBLE PRECISION"
    db.execute_sql(f"ALTER TABLE memory ADD COLUMN decay {kind} NOT NULL DEFAULT {DECAY}")
    with db.bind_ctx([CourseParameters]):
        db.create_tables([CourseParameters], safe=False)
