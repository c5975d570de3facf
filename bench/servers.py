"""Servers, started as a process of their own on a free port of loopback, and stopped again."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

from app.secrets.codes import key_of, new_secret
from app.settings import ROOT, usual_workers
from app.storage import sessions
from bench import anki_connect
from bench.scene import Scene

STARTS_WITHIN = 120  # seconds; the site makes HTML of 20,000 cards first

_SITE = "bench.site:application"


# The first is what `make run` is.
def _granian(workers: int, threads: int) -> tuple[str, ...]:
    return (
        "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", "{port}",
        "--workers", str(workers), "--blocking-threads", str(threads), "--no-ws",
        "--log-level", "error", _SITE,
    )  # fmt: skip


COMMANDS = {
    "granian": _granian(usual_workers(), 128),
    "granian, 1 process": _granian(1, 128),
    "granian, 1 thread": _granian(1, 1),
    "gunicorn, 4 threads": (
        "-m", "gunicorn", "--bind", "127.0.0.1:{port}", "--worker-class", "gthread",
        "--threads", "4", "--log-level", "error", _SITE,
    ),
    "waitress, 4 threads": (
        "-m", "waitress", "--listen", "127.0.0.1:{port}", "--threads", "4", _SITE,
    ),
}  # fmt: skip


@contextmanager
def haven(url: str, server: str = "granian") -> Iterator[int]:
    """The site on the database at `url`; gives its port."""
    port = _free_port()
    command = [sys.executable, *(part.format(port=port) for part in COMMANDS[server])]
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "SECRET_KEY": "k" * 40,
        "PORT": str(port),
        "COURSE_ROOT": str(ROOT),
    }
    with _running(command, environment, port):
        yield port


@contextmanager
def anki_connect_server(program: Path, collection: Path) -> Iterator[int]:
    """anki-connect-server on that collection; gives its port."""
    port = _free_port()
    with _running([str(program), "api"], anki_connect.environment(collection, port), port):
        yield port


def signed_in(scene: Scene, port: int) -> list[tuple[str, str]]:
    """A browser for every learner of the scene, whose database is bound: cookie and token."""
    browsers = []
    for learner in scene.learners:
        secret = new_secret()
        sessions.add_session(learner.id, key_of(secret), "bench", datetime.now(UTC))
        cookie = f"haven={secret}"
        connection = HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/vandaag", headers={"Cookie": cookie})
        found = re.search(
            r'name="csrf-token" content="(\w+)"', connection.getresponse().read().decode()
        )
        connection.close()
        assert found, "not signed in"
        browsers.append((cookie, found[1]))
    return browsers


@contextmanager
def _running(command: Sequence[str], environment: dict[str, str], port: int) -> Iterator[None]:
    # A file, not a pipe: a server that logs into a pipe nobody reads stands still when it is full.
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said) as process,
    ):
        try:
            if not _answers(process, port):
                said.seek(0)
                raise RuntimeError(f"{process.args!r} does not serve:\n{said.read().decode()}")
            yield
        finally:
            process.terminate()


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Whether the process comes to listen on its port; waits for it."""
    give_up_at = time.monotonic() + STARTS_WITHIN
    while process.poll() is None and time.monotonic() < give_up_at:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
