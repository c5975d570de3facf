"""What several threads want at once, done in one go by one of them."""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar

Job = TypeVar("Job")


class Together(Generic[Job]):
    """Threads that come while another is at work wait, and then the first of them does the work of all.

    `do` gets the jobs in the order in which they came and notes in each what became of it. What it
    raises reaches the thread that did the work; the others find nothing noted.
    """

    def __init__(self, do: Callable[[Sequence[Job]], None]) -> None:
        self._do = do
        self._lock = Lock()
        self._waiting: list[_Ticket[Job]] = []
        self._is_busy = False

    def __call__(self, job: Job) -> None:
        """Returns when the job was done, by this thread or by another."""
        ticket = _Ticket(job)
        with self._lock:
            self._waiting.append(ticket)
            has_to_wait, self._is_busy = self._is_busy, True
        if has_to_wait:
            ticket.called.acquire()
        if not ticket.is_done:
            self._do_all()

    def _do_all(self) -> None:
        with self._lock:
            tickets, self._waiting = self._waiting, []
        try:
            self._do([ticket.job for ticket in tickets])
        finally:
            for ticket in tickets:
                ticket.is_done = True
                ticket.called.release()
            with self._lock:
                self._is_busy = bool(self._waiting)
                if self._waiting:
                    self._waiting[0].called.release()


class _Ticket(Generic[Job]):
    """A job that waits until it is done, or until it is the turn of its thread."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.is_done = False
        self.called = Lock()
        self.called.acquire()
