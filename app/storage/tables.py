"""Every table on one page: columns and constraints, no behaviour.

Rows carry the learner first in every key and index they are read by, so that the tables can be
distributed by learner. `session`, `email_code` and `attempt` are found by a secret or a name instead,
because they exist before anybody knows whose they are.
"""

from peewee import (
    AutoField,
    BigIntegerField,
    BooleanField,
    Check,
    CompositeKey,
    DoubleField,
    ForeignKeyField,
    IntegerField,
    Model,
    SmallIntegerField,
    TextField,
    UUIDField,
)

from app.storage.database import db
from app.storage.fields import DayField, UtcDateTimeField


class Table(Model):
    class Meta:
        database = db
        legacy_table_names = False


class Learner(Table):
    """A person who learns; a guest while `email` is empty."""

    id = AutoField()
    email = TextField(null=True, unique=True)
    password_hash = TextField(null=True)
    seed = BigIntegerField()
    joined_at = UtcDateTimeField()
    zone_name = TextField()
    track = TextField(constraints=[Check("track IN ('kern', 'verdieping')")])
    buttons = SmallIntegerField(constraints=[Check("buttons IN (2, 4)")])
    simulated = BooleanField()


class Session(Table):
    """One signed-in browser. The cookie holds the secret, the row only its hash."""

    key = TextField(primary_key=True)
    learner = ForeignKeyField(Learner, on_delete="CASCADE")
    created_at = UtcDateTimeField()
    last_seen_at = UtcDateTimeField()
    label = TextField()


class EmailCode(Table):
    """A code that was mailed, waiting to be typed in the browser that asked for it."""

    browser = TextField()
    purpose = TextField(constraints=[Check("purpose IN ('sign_up', 'reset')")])
    email = TextField()
    code_hash = TextField()
    password_hash = TextField(null=True)
    expires_at = UtcDateTimeField()
    tries_left = SmallIntegerField()
    is_confirmed = BooleanField()

    class Meta:
        primary_key = CompositeKey("browser", "purpose")


class Attempt(Table):
    """How often something was tried in a window of time, for limits that hold across workers."""

    name = TextField()
    window_starts_at = UtcDateTimeField()
    times = IntegerField()

    class Meta:
        primary_key = CompositeKey("name", "window_starts_at")


class LessonOpening(Table):
    """The first time a learner opened a lesson; from then on its cards are offered."""

    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    lesson = TextField()
    opened_at = UtcDateTimeField()

    class Meta:
        primary_key = CompositeKey("learner", "lesson")


class Review(Table):
    """The log. Rows are added and never changed; what is undone gets a row in `voiding`."""

    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    id = UUIDField()
    card = TextField()
    grade = SmallIntegerField(constraints=[Check("grade BETWEEN 1 AND 4")])
    reviewed_at = UtcDateTimeField()
    day = DayField()
    duration_ms = IntegerField(constraints=[Check("duration_ms >= 0")])
    why_missed = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("learner", "id")
        indexes = (
            (("learner", "card", "reviewed_at"), False),
            (("learner", "day"), False),
        )


class Voiding(Table):
    """The event that a review does not count: undo."""

    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    review = UUIDField()
    voided_at = UtcDateTimeField()

    class Meta:
        primary_key = CompositeKey("learner", "review")


class Memory(Table):
    """What a learner remembers of a card: a fold of the log that can be made again at any time."""

    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    card = TextField()
    stability = DoubleField()
    difficulty = DoubleField()
    due_on = DayField()
    last_day = DayField()
    last_at = UtcDateTimeField()
    last_id = UUIDField()
    reviews = IntegerField()
    lapses = IntegerField()
    returned = IntegerField()
    remembered = IntegerField()

    class Meta:
        primary_key = CompositeKey("learner", "card")
        indexes = ((("learner", "due_on", "last_at"), False),)


class CardChange(Table):
    """What a learner did with a card besides answering it. Rows are added and never changed."""

    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    id = UUIDField()
    card = TextField()
    kind = TextField(constraints=[Check("kind IN ('aside', 'bury', 'back', 'words', 'undo')")])
    changed_at = UtcDateTimeField()
    until = DayField(null=True)
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
    """What holds of a card for a learner: a fold of `card_change` that can be made again."""

    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    card = TextField()
    hidden_until = DayField(null=True)
    front = TextField()
    back = TextField()
    note = TextField()
    author_front = TextField()
    author_back = TextField()

    class Meta:
        primary_key = CompositeKey("learner", "card")


class Report(Table):
    """What a learner told the author about a card; a row in `voiding` takes it back.

    One that came with an answer has the id of that review.
    """

    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    id = UUIDField()
    card = TextField()
    version = TextField()
    message = TextField()
    reported_at = UtcDateTimeField()

    class Meta:
        primary_key = CompositeKey("learner", "id")


class LearnerDay(Table):
    """What a learner did on a day: sums of the log that can be made again at any time."""

    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    day = DayField()
    reviews = IntegerField()
    begun = IntegerField()
    returned = IntegerField()
    remembered = IntegerField()
    duration_ms = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("learner", "day")


class Staff(Table):
    """Who teaches or runs Haven, by the address of their account."""

    email = TextField(primary_key=True)
    role = TextField(constraints=[Check("role IN ('instructor', 'admin')")])
    invited_at = UtcDateTimeField()


class Cohort(Table):
    """A group that follows the course together; `code` lets learners in. Its figures were last
    looked at on `figures_on`."""

    id = TextField(primary_key=True)
    name = TextField()
    institution = TextField()
    code = TextField(unique=True)
    starts_on = DayField()
    archived_on = DayField(null=True)
    figures_on = DayField(null=True)


class CohortInstructor(Table):
    """Who may see a cohort. A member of staff has the address first, as a learner the id."""

    email = TextField()
    cohort = ForeignKeyField(Cohort, on_delete="CASCADE")

    class Meta:
        primary_key = CompositeKey("email", "cohort")


class CohortLesson(Table):
    """In which teaching week, from 1, a cohort does a lesson."""

    cohort = ForeignKeyField(Cohort, on_delete="CASCADE", index=False)
    lesson = TextField()
    week = SmallIntegerField(constraints=[Check("week >= 1")])

    class Meta:
        primary_key = CompositeKey("cohort", "lesson")


class CohortBreak(Table):
    """Days without lessons, both ends included."""

    cohort = ForeignKeyField(Cohort, on_delete="CASCADE", index=False)
    starts_on = DayField()
    ends_on = DayField()

    class Meta:
        primary_key = CompositeKey("cohort", "starts_on")


class CohortMember(Table):
    """A learner in a cohort. Who left stays in this table, for what was looked at meanwhile."""

    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    cohort = ForeignKeyField(Cohort, on_delete="CASCADE")
    name = TextField()
    joined_on = DayField()
    left_on = DayField(null=True)

    class Meta:
        primary_key = CompositeKey("learner", "cohort")


class CohortLook(Table):
    """That a member of staff looked at the people of a cohort on a day, and at what."""

    cohort = ForeignKeyField(Cohort, on_delete="CASCADE", index=False)
    day = DayField()
    email = TextField()
    what = TextField()

    class Meta:
        primary_key = CompositeKey("cohort", "day", "email", "what")


class LessonCount(Table):
    """Which lessons a learner has done: a cache, good while `mark` is that of the present log."""

    learner = ForeignKeyField(Learner, primary_key=True, on_delete="CASCADE")
    mark = TextField()
    done = TextField()


class CohortFigure(Table):
    """A figure about a cohort as it was last published: `part` of `whole`, by so many people."""

    cohort = ForeignKeyField(Cohort, on_delete="CASCADE", index=False)
    about = TextField()
    people = IntegerField()
    part = IntegerField()
    whole = IntegerField()
    published_on = DayField()

    class Meta:
        primary_key = CompositeKey("cohort", "about")


TABLES: tuple[type[Table], ...] = (
    Learner,
    Session,
    EmailCode,
    Attempt,
    LessonOpening,
    Review,
    Voiding,
    Memory,
    CardChange,
    OwnCard,
    Report,
    LearnerDay,
    Staff,
    Cohort,
    CohortInstructor,
    CohortLesson,
    CohortBreak,
    CohortMember,
    CohortLook,
    LessonCount,
    CohortFigure,
)
