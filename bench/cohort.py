"""A cohort of 500 people with 1,000,000 reviews: its pages beside plain aggregates over the log.

Two of them, which hold no more than the list and the subject matter: by our engine, and by DuckDB,
which is made for that and keeps nothing for it either.
"""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from statistics import median
from uuid import UUID

import duckdb
from peewee import SqliteDatabase

from app.learning.cohorts import cohort_day
from app.learning.course import Course
from app.learning.learner_day import days_of_log
from app.learning.people import Learner
from app.learning.reviews import Review
from app.learning.scheduling import Memory, remember
from app.secrets.sealing import new_reflection_keys
from app.settings import Settings
from app.storage import cohort_members, database, learner_days, learners, lessons, reviews
from app.storage.database import Statement, transaction
from app.usecases.begin_session import begin_session
from app.usecases.create_cohort import create_cohort
from app.usecases.invite_instructor import invite_instructor
from app.usecases.publish_figures import publish_figures
from app.usecases.show_cohort import keep_lesson_counts
from app.web import create_app
from bench.measure import Result, in_milliseconds, median_seconds, ratio, take_turns
from bench.scene import GRADES, SEED, ZONE

PEOPLE = 500
REVIEWS_EACH = 2_000
DAYS = 150
PAGES = ("", "/deelnemers", "/leerstof", "/weekplan", "/export/deelnemers.xlsx")
LONGEST = 0.1  # seconds a page may take

_INSTRUCTOR = "docent@bench.test"
_SECRET = "s" * 43
_COPIES = tuple(
    Statement(
        f"INSERT INTO {table} (learner_id, {columns}) "
        f"SELECT CAST(? AS integer), {columns} FROM {table} WHERE learner_id = ?"
    )
    for table, columns in (
        ("review", "id, card, grade, reviewed_at, day, duration_ms, why_missed"),
        ("memory", "card, stability, difficulty, due_on, last_day, last_at, last_id, reviews, "
                   "lapses, decay, returned, remembered"),
        ("learner_day", "day, reviews, begun, returned, remembered, duration_ms"),
        ("lesson_opening", "lesson, opened_at"),
    )
)  # fmt: skip
_MEMBERS = "SELECT learner_id FROM cohort_member WHERE cohort_id = ?"
# What the list and the subject matter would ask of the log itself.
_PLAIN = (
    "SELECT learner_id, max(day), count(*), count(DISTINCT card) FROM review "
    f"WHERE learner_id IN ({_MEMBERS}) GROUP BY learner_id",
    "SELECT card, count(*), sum(CASE WHEN grade > 1 THEN 1 ELSE 0 END) FROM review "
    f"WHERE learner_id IN ({_MEMBERS}) GROUP BY card",
)
_LOG = Statement("SELECT card, grade, day FROM review WHERE learner_id = ?")
_ALL_MEMBERS = Statement("SELECT learner_id, cohort_id FROM cohort_member")


def cohort_results(
    course: Course, url: str, folder: Path, others: int, rounds: int
) -> Iterator[Result]:
    """The pages of one cohort in the empty database at `url`, among so many others of its size;
    DuckDB's file goes into `folder`."""
    database.bind(url)
    database.migrate()
    now = datetime.now(UTC)
    address = _set_scene(course, now, others)
    if not isinstance(database.db.obj, SqliteDatabase):
        database.db.execute_sql("ANALYZE")  # as PostgreSQL does by itself within a minute
    settings = Settings(
        database_url=url, secret_key="k" * 40, reflection_keys=new_reflection_keys("bench")
    )
    app = create_app(settings, lambda: now, course)
    client = app.test_client()
    client.set_cookie("haven", _SECRET)
    cohort_id = address.rpartition("/")[2]

    def page(path: str) -> Callable[[], float]:
        def ask() -> None:
            assert client.get(address + path).status_code == 200

        return lambda: median_seconds(ask, 5)

    sides = {path: page(path) for path in PAGES}
    plain = [Statement(each) for each in _PLAIN]
    sides["plain"] = lambda: median_seconds(lambda: [each.rows(cohort_id) for each in plain], 1)
    with duckdb.connect(folder / "log.duckdb") as duck:
        _fill(duck)
        sides["duckdb"] = lambda: median_seconds(
            lambda: [duck.execute(each, [cohort_id]).fetchall() for each in _PLAIN], 3
        )
        taken = take_turns(rounds, sides)
    engine = url.partition(":")[0]
    log = f"{PEOPLE * REVIEWS_EACH * (1 + others):,} reviews"
    for path in PAGES:
        yield Result(
            f"/groepen/<id>{path}, {engine}, {log}, server time / 100 ms",
            in_milliseconds(taken[path]), in_milliseconds([LONGEST]),
            median(taken[path]) / LONGEST, "<= 1.0",
        )  # fmt: skip
    for peer, note in (
        ("plain", f"plain aggregates by {engine}"),
        ("duckdb", "the same by DuckDB"),
    ):
        yield Result(
            f"/groepen/<id>/deelnemers, {engine}, {log} / {note}",
            in_milliseconds(taken["/deelnemers"]), in_milliseconds(taken[peer]),
            ratio(taken["/deelnemers"], taken[peer]),
        )  # fmt: skip
    database.close()


def _fill(duck: duckdb.DuckDBPyConnection) -> None:
    """The same log in DuckDB, in the order of learners; everybody's is the first one's."""
    members = _ALL_MEMBERS.rows()
    first = min(learner_id for learner_id, _ in members)
    for name, rows, columns in (
        ("cohort_member", members, "unnest(?) AS learner_id, unnest(?) AS cohort_id"),
        ("log", _LOG.rows(first), "unnest(?) AS card, unnest(?) AS grade, unnest(?) AS day"),
    ):
        values = [list(column) for column in zip(*rows, strict=True)]
        duck.execute(f"CREATE TABLE {name} AS SELECT {columns}", values)
    duck.execute(
        "CREATE TABLE review AS SELECT learner_id, card, grade, day FROM cohort_member, log "
        "ORDER BY learner_id, day"
    )


def _set_scene(course: Course, now: datetime, others: int) -> str:
    invite_instructor(_INSTRUCTOR, now)
    first = learners.add_guest(seed=SEED, now=now - timedelta(days=DAYS), zone_name=ZONE)
    _review(course, first, first.day_at(now))
    addresses = []
    for number in range(1 + others):
        cohort = create_cohort(
            course, _INSTRUCTOR, name=f"Groep {number}", institution="",
            starts_on=cohort_day(now) - timedelta(days=DAYS), weeks=12,
        )  # fmt: skip
        addresses.append(f"/groepen/{cohort.id}")
        for person in range(PEOPLE):
            with transaction():
                learner = learners.add_guest(seed=SEED, now=first.joined_at, zone_name=ZONE)
                for copy in _COPIES:
                    copy.run(learner.id, first.id)
                cohort_members.join(cohort.id, learner.id, f"Naam {person}", cohort.starts_on)
    instructor = learners.add_guest(seed=SEED, now=now, zone_name=ZONE)
    assert learners.give_account(instructor.id, _INSTRUCTOR, "a hash")
    begin_session(instructor, _SECRET, "bench", now)
    keep_lesson_counts(course)
    publish_figures(now)
    return addresses[0]


def _review(course: Course, learner: Learner, today: date) -> None:
    """A log of REVIEWS_EACH over DAYS, of every card of the course, with all that is kept of it."""
    rng = random.Random(SEED)
    cards = list(course.cards)
    memories: dict[str, Memory] = {}
    log: list[Review] = []
    for number in range(REVIEWS_EACH):
        day = today - timedelta(days=DAYS - 1 - number * DAYS // REVIEWS_EACH)
        card = cards[number % len(cards)]
        id_ = UUID(int=rng.getrandbits(128), version=4)
        moment = datetime.combine(day, time(10), UTC) + timedelta(seconds=number)
        review = Review(id_, card, rng.choice(GRADES), moment, day, 4000)
        memories[card] = remember(memories.get(card), review, learner.spacing)
        log.append(review)
    with transaction(learner.id):
        reviews.add_reviews(learner.id, log)
        reviews.save_memories(learner.id, list(memories.values()))
        learner_days.replace_days(learner.id, days_of_log(log))
        names = [f"{chapter}/{lesson}" for chapter, lesson in course.lessons]
        lessons.open_lessons(learner.id, names, learner.joined_at)
