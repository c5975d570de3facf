"""What each learner did on each day, and how often each card was remembered when it returned.

Both are counted here from the log as it stands; afterwards the app keeps them with every review.
"""

from peewee import (
    BigIntegerField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
)


class Table(Model):
    class Meta:
        legacy_table_names = False


class Learner(Table):
    pass


class LearnerDay(Table):
    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    day = IntegerField()
    reviews = IntegerField()
    begun = IntegerField()
    returned = IntegerField()
    remembered = IntegerField()
    duration_ms = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("learner", "day")


# Each review that counts, with the latest day on which its card was answered before it.
_COUNTING = """
    SELECT learner_id, card, day, grade, duration_ms, max(day) OVER (
        PARTITION BY learner_id, card ORDER BY reviewed_at, id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS day_before
    FROM review WHERE NOT EXISTS (
        SELECT 1 FROM voiding
        WHERE voiding.learner_id = review.learner_id AND voiding.review = review.id
    )
"""
_RETURNED = "sum(CASE WHEN day > day_before THEN 1 ELSE 0 END)"
_REMEMBERED = "sum(CASE WHEN day > day_before AND grade > 1 THEN 1 ELSE 0 END)"


def up(migrator, db):
    LearnerDay._meta.without_rowid = isinstance(db, SqliteDatabase)
    with db.bind_ctx([LearnerDay], bind_refs=False, bind_backrefs=False):
        db.create_tables([LearnerDay], safe=False)
    db.execute_sql(f"""
        INSERT INTO learner_day
            (learner_id, day, reviews, begun, returned, remembered, duration_ms)
        SELECT learner_id, day, count(*), sum(CASE WHEN day_before IS NULL THEN 1 ELSE 0 END),
            {_RETURNED}, {_REMEMBERED}, sum(duration_ms)
        FROM ({_COUNTING}) AS counting GROUP BY learner_id, day
    """)
    for column in ("returned", "remembered"):
        db.execute_sql(f"ALTER TABLE memory ADD COLUMN {column} INTEGER NOT NULL DEFAULT 0")
    db.execute_sql(f"""
        UPDATE memory SET returned = counted.returned, remembered = counted.remembered
        FROM (
            SELECT learner_id, card, {_RETURNED} AS returned, {_REMEMBERED} AS remembered
            FROM ({_COUNTING}) AS counting GROUP BY learner_id, card
        ) AS counted
        WHERE counted.learner_id = memory.learner_id AND counted.card = memory.card
    """)
    if not isinstance(db, SqliteDatabase):
        for column in ("returned", "remembered"):
            db.execute_sql(f"ALTER TABLE memory ALTER COLUMN {column} DROP DEFAULT")
