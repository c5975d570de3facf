"""Everything that happens at a time rather than at a request, on one page.

APScheduler is only the clock: one tick, no memory of its own. Each task looks into the database
for what is due, so that a missed tick is made up by the next and any number of workers may run.
"""

import logging
import os
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event, Thread
from types import FrameType

from apscheduler.events import EVENT_SCHEDULER_SHUTDOWN, EVENT_SCHEDULER_STARTED
from apscheduler.schedulers.blocking import BlockingScheduler

from app.learning.course import Course
from app.mail.mailer import Mailer
from app.mail.outbox import Failure
from app.storage import database
from app.usecases.forget_expired import forget_expired
from app.usecases.publish_figures import publish_figures
from app.usecases.send_cohort_mails import send_cohort_mails
from app.usecases.send_due_mails import MailResult, send_due_mails
from app.usecases.show_cohort import keep_lesson_counts

_LOG = logging.getLogger(__name__)

TICK = 60  # seconds
# For an operator who wants to know which worker it was.
_OWNER = f"{socket.gethostname()}:{os.getpid()}"


@dataclass(frozen=True, slots=True)
class Task:
    """What every tick does: a name for the log, and a call that gets the present moment."""

    name: str
    run: Callable[[datetime], object]


TIMETABLE: Sequence[Task] = (
    Task("forget expired", forget_expired),
    Task("publish figures", publish_figures),
)


def timetable(course: Course, mailer: Mailer, clock: Callable[[], datetime]) -> Sequence[Task]:
    """Everything, with the mails of the day first."""
    return (
        Task("send mails", lambda _now: send_mails(course, mailer, clock)),
        Task("send cohort mails", lambda _now: send_all_cohort_mails(mailer, clock)),
        *TIMETABLE,
        Task("keep lesson counts", lambda _now: keep_lesson_counts(course)),
    )


def send_mails(course: Course, mailer: Mailer, clock: Callable[[], datetime]) -> int:
    """All mails that are due; gives how many were decided."""
    decided = 0
    for result in mail_round(course, mailer, clock):
        decided += 1
        if result.error:
            _LOG.warning("mail of learner %s: %s", result.learner_id, result.error)
    return decided


def send_all_cohort_mails(mailer: Mailer, clock: Callable[[], datetime]) -> None:
    """All mails in the name of instructors that are due."""
    while results := list(send_cohort_mails(mailer, clock())):
        for result in results:
            if result.error:
                _LOG.warning("mail of cohort %s: %s", result.mail.cohort_id, result.error)
        if results[-1].failure is Failure.UNREACHABLE:
            return


def mail_round(
    course: Course, mailer: Mailer, clock: Callable[[], datetime]
) -> Iterator[MailResult]:
    """Send what is due, a handful at a time, until nothing is or the mail server is away."""
    while True:
        results = list(send_due_mails(course, mailer, _OWNER, clock()))
        yield from results
        if not results or results[-1].failure is Failure.UNREACHABLE:
            return


def run_tasks(now: datetime, tasks: Sequence[Task] = TIMETABLE) -> None:
    """One tick. A task that fails is logged and keeps no other from its turn."""
    database.connect()
    try:
        for task in tasks:
            try:
                task.run(now)
            except Exception:
                _LOG.exception("the task %r failed; the next tick tries again", task.name)
    finally:
        database.release()


class Worker:
    """The process that ticks until it is told to stop."""

    def __init__(self, clock: Callable[[], datetime], tasks: Sequence[Task] = TIMETABLE) -> None:
        self._clock = clock
        self._tasks = tasks
        self._scheduler = BlockingScheduler(timezone=UTC)
        self._ended = Event()
        self._scheduler.add_listener(lambda _event: self._ended.set(), EVENT_SCHEDULER_SHUTDOWN)
        self._scheduler.add_job(
            self._tick,
            "interval",
            seconds=TICK,
            next_run_time=datetime.now(UTC),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

    def run(self, started: Callable[[], object] = lambda: None) -> None:
        """Tick until SIGTERM, SIGINT or `stop`; a tick that is under way is finished first.

        `started` is called once `stop` will be heard.
        """
        self._scheduler.add_listener(lambda _event: started(), EVENT_SCHEDULER_STARTED)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop_on)
        self._scheduler.start()
        # It returns as soon as it is told to stop, which can be while a tick is under way.
        self._ended.wait()

    def stop(self) -> None:
        """Make `run` return; called from another thread than the one that runs."""
        if self._scheduler.running:
            self._scheduler.shutdown()

    def _stop_on(self, _number: int, _frame: FrameType | None) -> None:
        if not self._scheduler.running:
            raise SystemExit
        # In a thread, because the interrupted one may hold the lock that stopping needs.
        Thread(target=self.stop).start()

    def _tick(self) -> None:
        run_tasks(self._clock(), self._tasks)
