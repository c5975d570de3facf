"""The mail of the day: finding who is due among many, and mails a second beside a bare smtplib loop."""

import gc
import multiprocessing
import os
import smtplib
import socket
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter, sleep
from uuid import UUID

from app.content.help_lines import read_help_lines
from app.content.library import read_library
from app.learning.course import Course
from app.learning.daily_mail import MailKind
from app.learning.reviews import Grade, Review
from app.learning.scheduling import Spacing, remember
from app.mail.daily import DailyContents, build_daily_mail
from app.mail.mailer import Mailer
from app.mail.message import build_message
from app.mail.outbox import SmtpOutbox
from app.settings import ROOT
from app.storage import database, learners, mail_wishes, reviews
from app.storage.database import Statement, transaction
from app.storage.fields import to_day_number, to_microseconds
from app.usecases.send_due_mails import send_due_mails
from app.worker.timetable import send_mails

CROWD = 100_000
DUE = 2_000
MAILS = 1_000
# Of each worker, before the clock runs.
WARMING_UP = 50
SENDER = "Haven <haven@example.nl>"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)

_LEARNERS = Statement(
    "INSERT INTO learner (id, person, email, seed, joined_at, zone_name, track, buttons, simulated) "
    "VALUES (?, ?, ?, 1, ?, 'Europe/Amsterdam', 'kern', 2, ?)"
)
_WISHES = Statement(
    "INSERT INTO mail_wishes (learner_id, token, at_minute, weekdays, contents, rhythm, changed_at, "
    "next_day, next_at) VALUES (?, ?, 480, 127, 'both', 'daily', ?, ?, ?)"
)
_AGAIN = Statement("UPDATE mail_wishes SET next_day = ?, next_at = ?, changed_at = ?")
_FORGET = Statement("DELETE FROM daily_mail")
_FORGET_PROMPTS = Statement("DELETE FROM prompt_day")


def gather_crowd(people: int, due: int) -> None:
    """Learners who asked for mail, of whom the moment of `due` has come. The database is empty."""
    day = to_day_number(NOW.date())
    moments = [to_microseconds(NOW - timedelta(minutes=30))] * due
    moments += [to_microseconds(NOW + timedelta(minutes=1 + n % 1400)) for n in range(people - due)]
    Random(1).shuffle(moments)
    joined = to_microseconds(NOW - timedelta(days=60))
    with transaction():
        for number, moment in enumerate(moments, start=1):
            _LEARNERS.run(number, number, f"p{number}@voorbeeld.nl", joined, True)
            _WISHES.run(number, f"token-{number:016}", joined, day, moment)


def give_cards(taught: Course, people: int, cards: int = 100) -> None:
    """Everybody has answered so many cards once, a month ago."""
    names = list(taught.cards)[:cards]
    moment = NOW - timedelta(days=30)
    for learner_id in range(1, people + 1):
        log = [
            Review(UUID(int=learner_id << 32 | n), card, Grade.GOOD, moment, moment.date(), 4000)
            for n, card in enumerate(names)
        ]
        with transaction(learner_id):
            reviews.add_reviews(learner_id, log)
            reviews.save_memories(
                learner_id, [remember(None, review, Spacing(1)) for review in log]
            )


def all_due_again() -> None:
    """As it was before the round."""
    day = to_day_number(NOW.date())
    with transaction():
        _FORGET.run()
        _FORGET_PROMPTS.run()
        _AGAIN.run(day, to_microseconds(NOW - timedelta(minutes=30)), to_microseconds(NOW))


def find_due() -> tuple[float, int]:
    """Seconds in which all who are due are found, a batch at a time, and the most memory in bytes."""
    tracemalloc.start()
    started, found = perf_counter(), 0
    while True:
        with transaction():
            batch = mail_wishes.lease_due(NOW, NOW + timedelta(days=1), 50)
        if not batch:
            break
        found += len(batch)
    seconds = perf_counter() - started
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == DUE, found
    return seconds, most


def find_one_batch() -> float:
    """Seconds in which the first fifty are found and taken."""
    started = perf_counter()
    with transaction():
        batch = mail_wishes.lease_due(NOW, NOW + timedelta(minutes=10), 50)
    seconds = perf_counter() - started
    for learner_id in batch:
        mail_wishes.release(learner_id, NOW + timedelta(minutes=10), NOW - timedelta(minutes=30))
    return seconds


@contextmanager
def sink(kind: str) -> Iterator[int]:
    """A mail server (see `bench/mail_sink.py`) in a process of its own; its port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "bench.mail_sink", kind, str(port)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                sleep(0.05)
        try:
            yield port
        finally:
            process.terminate()


def bare(port: int) -> Callable[[], float]:
    """Mails a second of smtplib alone: one connection, one message, again and again."""
    message = build_message(
        sender=SENDER, to="p@voorbeeld.nl", subject="Je moment van vandaag",
        text="Een regel van een mail.\n" * 60, html="<p>Een regel van een mail.</p>\n" * 90, now=NOW,
    )  # fmt: skip
    content = message.as_bytes()

    def run() -> float:
        with smtplib.SMTP("127.0.0.1", port) as server:
            started = perf_counter()
            for _ in range(MAILS):
                server.sendmail("haven@example.nl", ["p@voorbeeld.nl"], content)
            return MAILS / (perf_counter() - started)

    return run


def ours(url: str, port: int, workers: int) -> Callable[[], float]:
    """Mails a second of so many workers, each a process, from who is due to what was answered."""

    def run() -> float:
        database.bind(url)
        all_due_again()
        database.close()
        spawn = multiprocessing.get_context("spawn")
        start = spawn.Barrier(workers)
        counts: multiprocessing.Queue[tuple[int, int, float, float]] = spawn.Queue()
        arguments = (url, port, start, counts)
        processes = [spawn.Process(target=_work, args=arguments) for _ in range(workers)]
        for process in processes:
            process.start()
        results = [counts.get(timeout=300) for _ in processes]
        for process in processes:
            process.join()
        sent = sum(count for _, count, _, _ in results)
        assert sent + sum(before for before, *_ in results) == MAILS, results
        return sent / (max(end for *_, end in results) - min(begin for *_, begin, _ in results))

    return run


def course() -> Course:
    """The course at hand."""
    return read_library(Path(os.environ.get("COURSE_ROOT", ROOT)))


def _work(url: str, port: int, start, counts) -> None:  # type: ignore[no-untyped-def]
    database.bind(url)
    database.connect()
    found = course()
    outbox = SmtpOutbox("127.0.0.1", port)
    mailer = Mailer(outbox, SENDER, "https://haven.example.nl", read_help_lines())
    learners.learner_of(1)
    # A worker lives for days: its templates have been read.
    build_daily_mail(
        mailer, DailyContents("p@voorbeeld.nl", "t", "", MailKind.DAILY, None, None), NOW
    )
    gc.freeze()  # as `python -m app work` does
    # And its first mails are long ago: the file of the database is in memory.
    before = sum(1 for _ in send_due_mails(found, mailer, "bench", NOW, WARMING_UP))
    start.wait(60)
    begin = perf_counter()
    sent = send_mails(found, mailer, lambda: NOW)
    counts.put((before, sent, begin, perf_counter()))
    database.close()
