"""Real processes on one database: nothing is lost when they race or when one is killed."""

import multiprocessing
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from multiprocessing.synchronize import Barrier
from random import Random
from uuid import UUID

from app.content.library import read_library
from app.learning.course import Course
from app.learning.people import Learner
from app.learning.reviews import Grade, Review
from app.learning.scheduling import fold
from app.settings import ROOT
from app.storage import database, learners, reviews
from app.usecases.check_data import check_data
from app.usecases.record_reviews import record_reviews
from tests.conftest import SMALL_COURSE, Clock

PROCESSES = 6
GRADES_EACH = 10


def test_six_processes_that_grade_one_card_lose_nothing(
    anna: Learner, db_url: str, clock: Clock
) -> None:
    database.close()
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Barrier(PROCESSES)
    workers = [
        spawn.Process(target=grade_one_card, args=(db_url, anna.id, number, clock(), start))
        for number in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(300)
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES

    log = reviews.all_reviews(anna.id)
    assert len(log) == PROCESSES * GRADES_EACH
    memory = reviews.memory_of(anna.id, "band-afstand")
    assert memory is not None
    assert memory.reviews == PROCESSES * GRADES_EACH
    assert memory == fold(log, anna.spacing)


def grade_one_card(url: str, learner_id: int, number: int, now: datetime, start: Barrier) -> None:
    """What each of the six does: wait for the others, then grade in its own order."""
    database.bind(url)
    course = read_library(SMALL_COURSE)
    learner = learners.learner_of(learner_id)
    assert learner is not None
    seconds = list(range(number, PROCESSES * GRADES_EACH, PROCESSES))
    Random(number).shuffle(seconds)
    start.wait(300)
    for second in seconds:
        record_reviews(course, learner, [review_at(now, second, "band-afstand")], now)
    database.close()


def review_at(now: datetime, second: int, card: str) -> Review:
    grade = list(Grade)[second % 4]
    return Review(UUID(int=second), card, grade, now + timedelta(seconds=second), now.date(), 0)


def test_a_process_that_is_killed_loses_nothing_it_acknowledged_and_leaves_nothing_half(
    anna: Learner, db_url: str, clock: Clock, small_course: Course, review: Callable[..., Review]
) -> None:
    with child(grade_until_killed, db_url, anna, clock) as writer:
        assert writer.stdout is not None
        acknowledged = [writer.stdout.readline().strip() for _ in range(40)]
        writer.kill()
        acknowledged += writer.stdout.read().split()

    log = reviews.all_reviews(anna.id)
    assert {UUID(name) for name in acknowledged} <= {event.id for event in log}
    assert len(acknowledged) <= len(log) <= len(acknowledged) + 2
    by_card = {card: sum(event.card == card for event in log) for card in PAIR}
    assert by_card[PAIR[0]] == by_card[PAIR[1]], "each batch held both cards"
    assert list(check_data()) == []
    # The lock of the killed process does not outlive it.
    assert record_reviews(small_course, anna, [review("los-vaster")], clock()).accepted


def test_a_process_that_is_killed_within_a_grade_leaves_nothing_of_it(
    anna: Learner, db_url: str, clock: Clock
) -> None:
    with child(grade_half, db_url, anna, clock) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "half\n"
        writer.kill()
    assert reviews.all_reviews(anna.id) == []
    assert list(check_data()) == []


PAIR = ("band-afstand", "band-engels")


def child(
    task: Callable[[Learner, datetime], None], url: str, learner: Learner, clock: Clock
) -> "subprocess.Popen[str]":
    """A process of its own that does `task`; its output is a pipe."""
    database.close()
    command = [sys.executable, "-m", __name__, task.__name__]
    arguments = [url, str(learner.id), clock().isoformat()]
    return subprocess.Popen(
        [*command, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )


def grade_until_killed(learner: Learner, now: datetime) -> None:
    """Grade two cards at a time for ever, and name the reviews when they are acknowledged."""
    course = read_library(SMALL_COURSE)
    second = 0
    while True:
        batch = [review_at(now, second + n, card) for n, card in enumerate(PAIR)]
        later = now + timedelta(seconds=second)
        for accepted in record_reviews(course, learner, batch, later).accepted:
            sys.stdout.write(f"{accepted.hex}\n")
        sys.stdout.flush()
        second += 2


def grade_half(learner: Learner, now: datetime) -> None:
    """Write a review, and wait before the memory is written too."""
    with database.transaction(learner.id):
        reviews.add_reviews(learner.id, [review_at(now, 0, "band-afstand")])
        sys.stdout.write("half\n")
        sys.stdout.flush()
        sys.stdin.read()


def main(task: str, url: str, learner_id: str, now: str) -> None:
    database.bind(url)
    learner = learners.learner_of(int(learner_id))
    assert learner is not None
    {"grade_until_killed": grade_until_killed, "grade_half": grade_half}[task](
        learner, datetime.fromisoformat(now)
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
