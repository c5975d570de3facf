"""The server and the worker beside it, as real processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.conftest import REFLECTION_KEYS, SMALL_COURSE

ROOT = Path(__file__).parents[1]
PATIENCE = 60.0  # seconds before a test gives up


def until(what: Callable[[], Any]) -> Any:
    """Wait for something to become true, and give it."""
    end = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
    return found


def children(pid: int) -> dict[int, str]:
    """The processes that this one started, with their command lines."""
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        command = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        found[int(child)] = command
    return found


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


class Server:
    """`python -m app serve` on a free port with a database of its own."""

    def __init__(self, folder: Path, **environment: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve"],
            cwd=ROOT,
            env={
                **os.environ,
                "PORT": str(self.port),
                "DATABASE_URL": f"sqlite:///{folder}/haven.db",
                "MAIL_URL": f"folder:{folder}/mail",
                "SECRET_KEY": "k" * 40,
                "REFLECTION_KEYS": REFLECTION_KEYS,
                "COURSE_ROOT": str(SMALL_COURSE),
                **environment,
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def is_up(self) -> bool:
        assert self.process.poll() is None, "the server ended by itself"
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, ConnectionError):
            return False

    def worker(self) -> int:
        """The process id of the worker; 0 where there is none."""
        found = [pid for pid, command in children(self.process.pid).items() if " work" in command]
        return found[0] if found else 0


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    started: list[Server] = []

    def start(**environment: str) -> Server:
        server = Server(tmp_path, **environment)
        started.append(server)
        until(server.is_up)
        return server

    yield start
    for server in started:
        # Asked to stop: killed, it would leave what it forked behind.
        server.process.terminate()
        server.process.wait(PATIENCE)


@pytest.fixture(autouse=True)
def _needs_proc() -> None:
    if not Path("/proc/self/task").exists():
        pytest.skip("these tests look into /proc, which only Linux has")


# Granian forks: what its first process does at a SIGTERM is also what the others do, until they have
# loaded the site. The site is loading here for as long as it takes to be told.
_STOPPED_WHILE_IT_LOADS = """
import os, signal, sys, types
signal.signal(signal.SIGTERM, lambda *_: None)
class Loading(types.ModuleType):
    def __getattr__(self, name):
        os.kill(os.getpid(), signal.SIGTERM)
        return None
sys.modules["wsgi"] = Loading("wsgi")
from app.__main__ import _application
_application()
"""


def test_a_process_of_the_server_that_still_loads_can_be_stopped() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _STOPPED_WHILE_IT_LOADS], cwd=ROOT, timeout=PATIENCE, check=False
    )
    assert done.returncode == -signal.SIGTERM


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_server_takes_its_worker_along_when_it_stops(
    serve: Callable[..., Server], number: signal.Signals
) -> None:
    server = serve()
    worker = until(server.worker)
    server.process.send_signal(number)
    assert server.process.wait(PATIENCE) == 0
    assert not is_alive(worker)


def test_the_worker_ends_when_the_server_is_killed(serve: Callable[..., Server]) -> None:
    server = serve()
    worker = until(server.worker)
    family = list(children(server.process.pid))
    server.process.kill()
    server.process.wait()
    try:
        until(lambda: not is_alive(worker))
    finally:
        # What the server forked is not ended by its death.
        for pid in filter(is_alive, family):
            os.kill(pid, signal.SIGKILL)


def test_a_server_can_do_without_a_worker(serve: Callable[..., Server]) -> None:
    server = serve(HAVEN_WORKER="off")
    assert server.worker() == 0


def test_a_worker_does_not_start_on_tables_that_are_not_there(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app", "work"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/haven.db"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 1
    assert "0001_initial" in done.stderr
