"""Workers as real processes: killed anywhere and racing each other, and still one mail a day."""

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from multiprocessing.synchronize import Barrier
from typing import Any

import pytest

from app.content.library import read_library
from app.learning.course import Course
from app.learning.daily_mail import MailState
from app.learning.mail_wishes import Stopped
from app.mail.mailer import Mailer
from app.mail.outbox import SmtpOutbox
from app.storage import daily_mails, database
from app.storage.database import db
from app.usecases.change_mail_wishes import change_mail_wishes
from app.usecases.send_due_mails import send_due_mails
from tests.conftest import SMALL_COURSE, Clock
from tests.mail_scene import a_member, with_a_card
from tests.mail_server import Plan, mail_server

# Quick to start, and without the threads of this process.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])


@pytest.fixture
def server() -> Iterator[Plan]:
    with mail_server() as plan:
        yield plan


def rounds(course: Course, port: int, now: datetime, owner: str) -> None:
    outbox = SmtpOutbox("127.0.0.1", port)
    mailer = Mailer(outbox, "Haven <haven@example.nl>", "https://haven.example.nl")
    while list(send_due_mails(course, mailer, owner, now)):
        pass


def die_at_query(url: str, port: int, now: datetime, number: int) -> None:
    """A worker that is killed as it asks its database for the so-many-th time."""
    database.bind(url)
    database.connect()
    course = read_library(SMALL_COURSE)
    asked = 0

    def count(_event: Any) -> None:
        nonlocal asked
        asked += 1
        if asked == number:
            os.kill(os.getpid(), signal.SIGKILL)

    db.obj.query_hooks.append(count)
    rounds(course, port, now, "doomed")


def work(url: str, port: int, now: datetime, start: Barrier) -> None:
    database.bind(url)
    database.connect()
    course = read_library(SMALL_COURSE)
    start.wait(300)
    rounds(course, port, now, f"worker {os.getpid()}")
    database.close()


def test_a_worker_killed_at_any_step_sends_at_most_one_and_leaves_no_silent_miss(
    db_url: str, server: Plan, clock: Clock, small_course: Course
) -> None:
    """With two mails in hand, because what became of the first is written with the fence of the next."""
    ends: Counter[str] = Counter()
    number = 0
    while True:
        number += 1
        cast = [a_member(f"{name}{number}", clock()) for name in ("anna", "bram")]
        for learner in cast:
            with_a_card(learner, small_course, clock())
        clock.forward(days=1)
        database.close()
        doomed = PROCESSES.Process(target=die_at_query, args=(db_url, server.port, clock(), number))
        doomed.start()
        doomed.join(60)
        if doomed.exitcode == 0:
            break
        assert doomed.exitcode == -signal.SIGKILL
        database.connect()
        clock.forward(minutes=11)
        rounds(small_course, server.port, clock(), "heir")
        states = []
        for learner in cast:
            [due] = daily_mails.taken_since(learner.id, clock().date())
            mail = daily_mails.mail_on(learner.id, due.day)
            assert mail is not None and learner.email is not None
            states.append(mail.state)
            ends[f"{mail.state.value} {len(server.to(learner.email))}"] += 1
            change_mail_wishes(learner, lambda wishes: wishes.ended(Stopped.LEARNER), clock())
        assert states.count(MailState.IN_DOUBT) <= 1, number
    # Sent once, or in doubt; never twice, and never lost without a word.
    assert ends.keys() <= {"sent 1", "in_doubt 0", "in_doubt 1"}, ends
    assert ends["sent 1"] > 30 and ends["in_doubt 1"] > 0


@pytest.mark.parametrize("stage", ["connect", "EHLO", "MAIL", "RCPT", "DATA", "text"])
def test_a_worker_killed_anywhere_in_the_dialogue_sends_at_most_one(
    db_url: str, server: Plan, clock: Clock, small_course: Course, stage: str
) -> None:
    anna = a_member("anna", clock())
    with_a_card(anna, small_course, clock())
    clock.forward(days=1)
    database.close()
    doomed = PROCESSES.Process(target=die_at_query, args=(db_url, server.port, clock(), 10_000))

    def kill(at: str) -> None:
        # It waits for an answer, so it is dead before it can read one.
        if at == stage and doomed.pid is not None:
            os.kill(doomed.pid, signal.SIGKILL)

    server.before = kill
    doomed.start()
    doomed.join(60)
    assert doomed.exitcode == -signal.SIGKILL
    server.before = lambda _stage: None
    database.connect()
    clock.forward(minutes=11)
    rounds(small_course, server.port, clock(), "heir")
    [due] = daily_mails.taken_since(anna.id, clock().date())
    mail = daily_mails.mail_on(anna.id, due.day)
    assert mail is not None
    if stage == "text":
        assert (mail.state, len(server.taken)) == (MailState.IN_DOUBT, 1)
    else:
        assert (mail.state, len(server.taken)) == (MailState.SENT, 1)


def test_workers_that_race_send_everybody_one_mail(
    db_url: str, server: Plan, clock: Clock, small_course: Course
) -> None:
    cast = [a_member(f"anna{number}", clock()) for number in range(120)]
    for learner in cast:
        with_a_card(learner, small_course, clock())
    clock.forward(days=1)
    database.close()
    start = PROCESSES.Barrier(4)
    workers = [
        PROCESSES.Process(target=work, args=(db_url, server.port, clock(), start)) for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(300)
    assert [worker.exitcode for worker in workers] == [0] * 4
    assert Counter(mail["To"] for mail in server.taken) == {learner.email: 1 for learner in cast}
    database.connect()
    assert daily_mails.counts_since(clock().date() - timedelta(days=1)) == {MailState.SENT: 120}
