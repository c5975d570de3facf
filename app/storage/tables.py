"""Every table on one page: columns and constraints, no behaviour.

Rows carry the learner first in every key and index they are read by, so that the tables can be
distributed by learner. `session`, `email_code` and `attempt` are found by a secret or a name instead,
because they exist before anybody knows whose they are. `mail_wishes` is also found by the moment of
the next mail, which is a question about everybody.
"""

from peewee import (
    AutoField,
    BigIntegerField,
    BlobField,
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

from app.storage.database import KEY_STORE, db
from app.storage.fields import DayField, UtcDateTimeField


class Table(Model):
    class Meta:
        database = db
        legacy_table_names = False


class Learner(Table):
    """A person who learns; a guest while `email` is empty.

    `person` is what the store of keys knows them by: random, never shown and, other than `seed`, never
    brought in from outside.
    """

    id = AutoField()
    email = TextField(null=True, unique=True)
    password_hash = TextField(null=True)
    seed = BigIntegerField()
    person = BigIntegerField(unique=True)
    joined_at = UtcDateTimeField()
    zone_name = TextField()
    track = TextField(constraints=[Check("track IN ('kern', 'verdieping')")])
    buttons = SmallIntegerField(constraints=[Check("buttons IN (2, 4)")])
    simulated = BooleanField()
    retention = SmallIntegerField(
        default=90, constraints=[Check("retention BETWEEN 70 AND 97")]
    )  # percent
    easy_days = SmallIntegerField(
        default=0, constraints=[Check("easy_days BETWEEN 0 AND 126")]
    )  # a bit for each weekday, Monday is 1; never all of them
    new_a_day = SmallIntegerField(default=8, constraints=[Check("new_a_day BETWEEN 0 AND 30")])
    paused_until = DayField(null=True)
    exam_on = DayField(null=True)
    exam_retention = SmallIntegerField(
        default=95, constraints=[Check("exam_retention BETWEEN 70 AND 97")]
    )  # percent
    # The parameters of FSRS the memories are folded with; all three empty are FSRS's own.
    parameters = TextField(null=True)
    parameters_source = TextField(null=True)
    parameters_since = DayField(null=True)


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
    decay = DoubleField()
    returned = IntegerField()
    remembered = IntegerField()

    class Meta:
        primary_key = CompositeKey("learner", "card")
        indexes = ((("learner", "due_on", "last_at"), False),)


class Journal(Table):
    """What a learner chose about reflecting; no row before the first choice."""

    learner = ForeignKeyField(Learner, on_delete="CASCADE", primary_key=True)
    keeping = TextField(
        null=True, constraints=[Check("keeping IN ('server', 'device', 'nowhere')")]
    )
    wants_heavy = BooleanField()


class PromptDay(Table):
    """The reflective prompt of one day: page and mail show the same one."""

    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    day = DayField()
    prompt = TextField()
    shown_at = UtcDateTimeField()
    ending = TextField(
        null=True, constraints=[Check("ending IN ('written', 'in_head', 'later', 'not_for_me')")]
    )
    is_fruitful = BooleanField()

    class Meta:
        primary_key = CompositeKey("learner", "day")


class MailWishes(Table):
    """What a learner asked of the mail, and the queue of the worker: whom to look at, and when.

    `weekdays` has bit n for day n of the week, Monday first; `next_day` is the local day whose mail
    comes next, `next_at` the moment to look at it, both empty while there is no mail.
    """

    learner = ForeignKeyField(Learner, primary_key=True, on_delete="CASCADE")
    token = TextField(unique=True)
    at_minute = SmallIntegerField(constraints=[Check("at_minute BETWEEN 0 AND 1439")])
    weekdays = SmallIntegerField(constraints=[Check("weekdays BETWEEN 1 AND 127")])
    contents = TextField(constraints=[Check("contents IN ('both', 'cards', 'prompt')")])
    rhythm = TextField(constraints=[Check("rhythm IN ('daily', 'weekly')")])
    changed_at = UtcDateTimeField()
    stopped = TextField(null=True)
    paused_until = DayField(null=True)
    next_day = DayField(null=True)
    next_at = UtcDateTimeField(null=True, index=True)


class DailyMail(Table):
    """The mail of one local day of a learner: there is one row for a day, so there is one mail."""

    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    day = DayField(index=True)
    kind = TextField(constraints=[Check("kind IN ('daily', 'weekly', 'farewell')")])
    reason = TextField()
    state = TextField(
        constraints=[Check("state IN ('claimed', 'waiting', 'in_doubt', 'sent', 'missed', 'dead')")]
    )
    due_at = UtcDateTimeField()
    message_id = TextField(unique=True)
    attempts = IntegerField()
    owner = TextField()
    changed_at = UtcDateTimeField()
    error = TextField()
    returned = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("learner", "day")


class Reflection(Table):
    """What a learner wrote, sealed with the data key of that id (`DataKey`)."""

    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    id = UUIDField()
    prompt = TextField()
    day = DayField()
    written_at = UtcDateTimeField()
    changed_at = UtcDateTimeField(null=True)
    key = UUIDField()
    sealed = BlobField()

    class Meta:
        primary_key = CompositeKey("learner", "id")
        # With the key, so that a start that looks for lost ones reads no texts.
        indexes = ((("learner", "written_at", "key"), False),)


class DataKey(Table):
    """A key that seals the writing of one person, itself wrapped by one of REFLECTION_KEYS.

    In a store of its own, with backups of its own that are kept shorter: what is removed here makes
    the writing in older backups of everything else unreadable. `person` is the learner's; emptying
    a journal must leave own words at cards alone, so `purpose` keeps their keys apart.
    """

    person = BigIntegerField()
    id = UUIDField()
    purpose = TextField(constraints=[Check("purpose IN ('journal', 'cards')")])
    wrapped_by = TextField()
    wrapped = BlobField()
    created_at = UtcDateTimeField()

    class Meta:
        schema = KEY_STORE
        primary_key = CompositeKey("person", "id")


class Deletion(Table):
    """The ledger of what was deleted for good, replayed after a backup is restored: random ids only."""

    person = BigIntegerField()
    what = TextField(constraints=[Check("what IN ('learner', 'key', 'reflection')")])
    name = UUIDField()
    deleted_at = UtcDateTimeField()

    class Meta:
        schema = KEY_STORE
        primary_key = CompositeKey("person", "what", "name")


class CalendarFeed(Table):
    """The secret address at which a learner's calendar program finds the days with cards."""

    learner = ForeignKeyField(Learner, primary_key=True, on_delete="CASCADE")
    token = TextField(unique=True)
    created_at = UtcDateTimeField()


class CardChange(Table):
    """What a learner did with a card besides answering it. Rows are added and never changed.

    Own words are sealed with the data key of that id; the author's beside them are open.
    """

    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    id = UUIDField()
    card = TextField()
    kind = TextField(constraints=[Check("kind IN ('aside', 'bury', 'back', 'words', 'undo')")])
    changed_at = UtcDateTimeField()
    until = DayField(null=True)
    undoes = UUIDField(null=True)
    key = UUIDField(null=True)
    sealed = BlobField(null=True)
    author_front = TextField()
    author_back = TextField()

    class Meta:
        primary_key = CompositeKey("learner", "id")
        # With the key, so that a start that looks for lost ones reads no texts.
        indexes = ((("learner", "card", "key"), False),)


class OwnCard(Table):
    """What holds of a card for a learner: a fold of `card_change` that can be made again."""

    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    card = TextField()
    hidden_until = DayField(null=True)
    key = UUIDField(null=True)
    sealed = BlobField(null=True)
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


class CourseParameters(Table):
    """Every fit of the whole course that came into use; the last one is what new learners get."""

    id = AutoField()
    parameters = TextField()
    since = DayField()


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
    """A learner in a cohort. Who left stays in this table, for what was looked at meanwhile.

    A learner is counted in the figures of one cohort at most, for good (decision 17).
    """

    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    cohort = ForeignKeyField(Cohort, on_delete="CASCADE")
    name = TextField()
    joined_on = DayField()
    left_on = DayField(null=True)
    is_counted = BooleanField(default=False)

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


class CohortInvitation(Table):
    """Somebody an instructor asked to join, under the name on the instructor's list.

    The name goes when the invitation has ended; `learner` is who joined with it.
    """

    cohort = ForeignKeyField(Cohort, on_delete="CASCADE", index=False)
    email = TextField()
    name = TextField()
    token = TextField(unique=True)
    invited_on = DayField()
    ended = TextField(
        null=True, constraints=[Check("ended IN ('joined', 'withdrawn', 'declined')")]
    )
    learner = ForeignKeyField(Learner, null=True, on_delete="CASCADE")

    class Meta:
        primary_key = CompositeKey("cohort", "email")


class CohortMail(Table):
    """A mail in an instructor's name, and the queue of the worker: an invitation to an address, or a
    message to a learner, whose `text` goes once the mail went out.

    `next_at` is when the worker looks at it, empty once it has ended.
    """

    id = TextField(primary_key=True)
    cohort = ForeignKeyField(Cohort, on_delete="CASCADE", index=False)
    sender = TextField()
    email = TextField(null=True)
    learner = ForeignKeyField(Learner, null=True, on_delete="CASCADE", index=False)
    about = TextField()
    reply_to = TextField()
    text = TextField()
    day = DayField()
    state = TextField(
        constraints=[Check("state IN ('waiting', 'in_doubt', 'sent', 'missed', 'dead')")]
    )
    next_at = UtcDateTimeField(null=True, index=True)
    attempts = IntegerField()
    message_id = TextField(unique=True)
    changed_at = UtcDateTimeField()
    error = TextField()

    class Meta:
        indexes = (
            (("learner", "cohort", "day"), False),
            (("cohort", "email", "day"), False),
        )


class NoMessages(Table):
    """That a learner wants no messages of the instructors of a cohort."""

    learner = ForeignKeyField(Learner, on_delete="CASCADE", index=False)
    cohort = ForeignKeyField(Cohort, on_delete="CASCADE")

    class Meta:
        primary_key = CompositeKey("learner", "cohort")


class StaffAct(Table):
    """What staff did that others should be able to read back. Rows are added and never changed."""

    id = AutoField()
    done_at = UtcDateTimeField()
    who = TextField()
    what = TextField()
    about = TextField()


class Retention(Table):
    """How many days something is kept, where an admin chose that; `done_on` is the day the worker last
    removed what was older."""

    kept = TextField(
        primary_key=True, constraints=[Check("kept IN ('cohorts', 'guests', 'looks')")]
    )
    days = IntegerField(null=True)
    changed_on = DayField(null=True)
    done_on = DayField(null=True)


TABLES: tuple[type[Table], ...] = (
    Learner,
    Session,
    EmailCode,
    Attempt,
    LessonOpening,
    Review,
    Voiding,
    Memory,
    Journal,
    PromptDay,
    Reflection,
    MailWishes,
    DailyMail,
    CalendarFeed,
    CardChange,
    OwnCard,
    Report,
    CourseParameters,
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
    CohortInvitation,
    CohortMail,
    NoMessages,
    StaffAct,
    Retention,
)
KEY_TABLES: tuple[type[Table], ...] = (DataKey, Deletion)
