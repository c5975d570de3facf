"""The worker: one tick after another, whatever a task does."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from time import sleep

import pytest
from apscheduler.events import EVENT_JOB_SUBMITTED

from app.content.help_lines import read_help_lines
from app.learning.course import Course
from app.learning.email_codes import EmailCode, Purpose
from app.mail.mailer import mailer_at
from app.storage import database, email_codes
from app.worker.timetable import Task, Worker, run_tasks, timetable
from tests.conftest import Clock
from tests.mail_scene import a_member, with_a_card
from tests.mail_server import mail_server


@contextmanager
def signals_as_they_were() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_a_tick_forgets_what_has_expired(db_url: str, clock: Clock) -> None:
    code = EmailCode(Purpose.RESET, "anna@voorbeeld.nl", "h", None, clock() - timedelta(minutes=1))
    with database.transaction():
        email_codes.save_code("browser", code)
    run_tasks(clock())
    assert email_codes.code_of("browser", Purpose.RESET) is None


def test_a_task_that_fails_is_logged_and_keeps_no_other_from_its_turn(
    db_url: str, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[object] = []

    def fail(_now: object) -> None:
        raise RuntimeError("the disk is full")

    run_tasks(clock(), [Task("first", fail), Task("second", seen.append)])
    assert seen == [clock()]
    assert "'first' failed" in caplog.text
    assert "the disk is full" in caplog.text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_worker_after_its_tick(
    db_url: str, clock: Clock, number: signal.Signals
) -> None:
    ticked = Event()

    def now():  # type: ignore[no-untyped-def]
        ticked.set()
        return clock()

    def interrupt() -> None:
        assert ticked.wait(10)
        os.kill(os.getpid(), number)

    with signals_as_they_were():
        worker = Worker(now)
        Thread(target=interrupt).start()
        worker.run()


def test_a_worker_can_be_stopped_from_another_thread(db_url: str, clock: Clock) -> None:
    def stop_then_stop_again(worker: Worker) -> None:
        assert ticked.wait(10)
        worker.stop()
        worker.stop()

    ticked = Event()

    def now():  # type: ignore[no-untyped-def]
        ticked.set()
        return clock()

    with signals_as_they_were():
        worker = Worker(now)
        Thread(target=stop_then_stop_again, args=[worker]).start()
        worker.run()


def test_a_worker_told_to_stop_while_a_tick_begins_ends_after_that_tick(
    db_url: str, clock: Clock
) -> None:
    seen: list[str] = []
    is_told = Event()

    def tick(_now: object) -> None:
        assert is_told.wait(10)
        sleep(0.2)  # long enough for `run` to return too early
        seen.append("ticked")

    worker = Worker(clock, [Task("slow", tick)])

    def stop_at_once(_event: object) -> None:
        # In the thread of `run`, which has just handed out the tick.
        Thread(target=worker.stop).start()
        while worker._scheduler.running:
            sleep(0.01)
        is_told.set()

    worker._scheduler.add_listener(stop_at_once, EVENT_JOB_SUBMITTED)
    with signals_as_they_were():
        worker.run()
        seen.append("ended")
    assert seen == ["ticked", "ended"]


def test_a_worker_told_to_stop_as_soon_as_it_starts_does_stop(db_url: str, clock: Clock) -> None:
    with signals_as_they_were():
        worker = Worker(clock)
        worker.run(worker.stop)


def test_a_tick_sends_the_mails_whose_moment_has_come(
    db_url: str, clock: Clock, small_course: Course
) -> None:
    anna = a_member("anna", clock())
    with_a_card(anna, small_course, clock())
    clock.forward(days=1)
    with mail_server() as server:
        url = f"smtp://127.0.0.1:{server.port}"
        mailer = mailer_at(url, "haven@example.nl", "https://haven.example.nl", read_help_lines())
        run_tasks(clock(), timetable(small_course, mailer, clock))
        run_tasks(clock(), timetable(small_course, mailer, clock))
    assert [mail["To"] for mail in server.taken] == [anna.email]


def test_a_mail_server_that_is_away_is_logged_and_asked_again_later(
    db_url: str, clock: Clock, small_course: Course, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("anna", "bram"):
        with_a_card(a_member(name, clock()), small_course, clock())
    clock.forward(days=1)
    with mail_server(answers={"connect": "drop"}) as server:
        url = f"smtp://127.0.0.1:{server.port}"
        mailer = mailer_at(url, "haven@example.nl", "https://haven.example.nl", read_help_lines())
        run_tasks(clock(), timetable(small_course, mailer, clock))
        assert server.connections == 1
    assert "mail of learner" in caplog.text
    assert "@voorbeeld.nl" not in caplog.text
