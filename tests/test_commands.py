"""The commands an operator types, as an operator sees them."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from shutil import copytree
from threading import Event
from urllib.error import URLError
from urllib.request import urlopen
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result

from app.__main__ import main
from app.settings import ROOT
from app.storage import database, learners
from app.usecases.seed_demo import DEMO_EMAIL, DEMO_PASSWORD, INSTRUCTOR_EMAIL
from tests.conftest import SMALL_COURSE

Command = Callable[..., Result]


@pytest.fixture
def command(db_url: str, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs `python -m app` with these arguments and this environment, on this test's database."""

    def run(*arguments: str, **environment: str) -> Result:
        given = {
            "DATABASE_URL": db_url,
            "SECRET_KEY": "k" * 40,
            "COURSE_ROOT": str(SMALL_COURSE),
            "HAVEN_ENV": "development",
            **environment,
        }
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        # A command binds the database anew, as in a process of its own.
        database.close()
        return CliRunner().invoke(main, arguments, prog_name="python -m app")

    return run


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_help_lists_every_command_with_what_it_does() -> None:
    shown = CliRunner().invoke(main, ["--help"]).output
    for name, verb in main.commands.items():
        assert verb.help and re.search(rf"^  {name} +\S", shown, re.MULTILINE), name
        assert CliRunner().invoke(main, [name, "--help"]).exit_code == 0


def test_a_variable_that_makes_no_sense_stops_every_command(command: Command) -> None:
    result = command("migrate", PORT="acht")
    assert result.exit_code == 1
    assert result.output == "Error: PORT is 'acht'; it is a number from 1 to 65535\n"


def test_a_port_in_use_is_said_in_one_line_that_names_the_variable(
    command: Command, taken_port: int
) -> None:
    result = command("serve", "--demo", PORT=str(taken_port))
    assert result.exit_code == 1
    assert result.output.startswith(f"Error: PORT {taken_port} cannot be used")
    assert result.output.count("\n") == 1
    assert learners.learner_ids() == []


def test_an_address_of_another_machine_is_said_to_be_wrong(command: Command) -> None:
    result = command("serve", HOST="192.0.2.1")
    assert result.output == "Error: HOST is '192.0.2.1'; this machine has no such address\n"


def test_a_broken_course_does_not_start_and_says_in_dutch_where_to_look(
    command: Command, tmp_path: Path
) -> None:
    copytree(SMALL_COURSE, tmp_path / "course_root")
    cards = tmp_path / "course_root/cards/hoofdstuk1/01-eerste-les.md"
    text = cards.read_text(encoding="utf-8").replace("soort: invul", "soort: invullen")
    cards.write_text(text, encoding="utf-8")
    result = command("serve", COURSE_ROOT=str(tmp_path / "course_root"))
    assert result.exit_code == 1
    line = text.splitlines().index("soort: invullen") + 1
    assert f"cards/hoofdstuk1/01-eerste-les.md, regel {line}: " in result.output


def test_simulated_learners_are_added_once(command: Command) -> None:
    first = command("seed-demo", "--learners", "2", "--days", "10", "--seed", "3")
    assert re.fullmatch(r"4 simulated learners, \d+ reviews\n", first.output)
    assert command("seed-demo", "--learners", "2", "--seed", "3").output == "nobody to add\n"
    assert len(learners.learner_ids()) == 4


def test_production_gets_no_simulated_learners(command: Command) -> None:
    result = command("seed-demo", HAVEN_ENV="production")
    assert result.exit_code == 1 and "HAVEN_ENV" in result.output
    assert learners.learner_ids() == []


def test_everything_of_a_learner_goes_to_a_file_of_the_operators_alone(
    command: Command, tmp_path: Path
) -> None:
    command("seed-demo", "--learners", "0", "--days", "20")
    file = tmp_path / "demo.zip"
    done = command("export-learner", DEMO_EMAIL.upper(), str(file))
    assert (done.exit_code, done.output) == (0, f"{file}: {file.stat().st_size} bytes\n")
    assert file.stat().st_mode & 0o777 == 0o600
    with ZipFile(file) as archive:
        assert "haven.jsonl" in archive.namelist()

    again = command("export-learner", DEMO_EMAIL, str(file))
    assert (again.exit_code, again.output) == (1, f"Error: {file}: File exists\n")
    nobody = command("export-learner", "nobody@haven.test", str(tmp_path / "x"))
    assert nobody.output == "Error: nobody here has the address nobody@haven.test\n"
    assert not (tmp_path / "x").exists()


class Server:
    """`python -m app serve` as a process of its own, from the checkout, with a database of its own."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", *arguments],
            cwd=ROOT,
            env={
                **os.environ,
                "PORT": str(self.port),
                "HOST": "127.0.0.1",
                "DATABASE_URL": f"sqlite:///{folder}/haven.db",
                "MAIL_URL": f"folder:{folder}/mail",
                "SECRET_KEY": "k" * 40,
                "COURSE_ROOT": str(SMALL_COURSE),
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def page(self) -> str:
        """The welcome page, as soon as there is one."""
        for _ in range(600):
            try:
                with urlopen(f"http://127.0.0.1:{self.port}/") as response:
                    return str(response.read().decode())
            except URLError:
                assert self.process.poll() is None, self.process.stdout
                Event().wait(0.05)
        raise AssertionError("no page within half a minute")

    def stop(self) -> str:
        """Ctrl-C, which a terminal sends to everything in it; gives what was printed."""
        os.killpg(self.process.pid, signal.SIGINT)
        printed, _ = self.process.communicate(timeout=30)
        return printed


def test_the_demo_is_served_with_a_few_calm_lines_and_stops_without_a_word(tmp_path: Path) -> None:
    server = Server(tmp_path, "--demo")
    try:
        assert "<h1>" in server.page()
    finally:
        printed = server.stop()
    assert server.process.returncode == 0
    site = f"http://127.0.0.1:{server.port}"
    assert re.sub(r"\d+ reviews", "N reviews", printed).splitlines() == [
        "42 simulated learners, N reviews",
        f"Haven  {site}",
        f"Demo   {site}/inloggen  {DEMO_EMAIL}  {DEMO_PASSWORD}",
        f"Docent {site}/groepen  {INSTRUCTOR_EMAIL}  {DEMO_PASSWORD}",
        f"Mail   {site}/dev/mail",
        "Stop   Ctrl-C",
    ]


def test_production_serves_without_a_demo(tmp_path: Path) -> None:
    server = Server(tmp_path, "--demo", HAVEN_ENV="production", SITE_URL="http://127.0.0.1")
    try:
        server.page()
    finally:
        printed = server.stop()
    assert printed.splitlines() == ["Haven  http://127.0.0.1", "Stop   Ctrl-C"]


def test_bodies_that_come_in_slowly_hold_up_nobody_else(tmp_path: Path) -> None:
    server = Server(tmp_path)
    try:
        server.page()
        with ExitStack() as slow:
            for _ in range(60):
                phone = slow.enter_context(socket.create_connection(("127.0.0.1", server.port)))
                phone.sendall(
                    b"POST /herhalen HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                    b"Content-Type: application/x-www-form-urlencoded\r\n"
                    b"Content-Length: 1000\r\n\r\ngrade="
                )
            with urlopen(f"http://127.0.0.1:{server.port}/healthz", timeout=10) as response:
                assert response.status == 200
    finally:
        server.stop()
