"""The commands an operator types, as an operator sees them."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from threading import Event
from urllib.error import URLError
from urllib.request import urlopen
from uuid import uuid4
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result

from app.__main__ import main
from app.content.library import read_library
from app.learning.people import Learner
from app.secrets.sealing import Keyring, new_reflection_keys
from app.settings import ROOT
from app.storage import daily_mails, database, learners
from app.usecases.erase_learner import erase_learner
from app.usecases.missing_keys import missing_keys
from app.usecases.read_journal import read_journal
from app.usecases.seed_demo import DEMO_EMAIL, DEMO_PASSWORD, INSTRUCTOR_EMAIL
from app.usecases.write_reflection import write_reflection
from tests.conftest import REFLECTION_KEYS, SMALL_COURSE, Clock
from tests.mail.test_reports import ID, ORIGINAL, postfix
from tests.mail_scene import a_member, with_a_card

Command = Callable[..., Result]


@pytest.fixture
def command(db_url: str, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs `python -m app` with these arguments and this environment, on this test's database."""

    def run(*arguments: str, **environment: str) -> Result:
        given = {
            "DATABASE_URL": db_url,
            "SECRET_KEY": "k" * 40,
            "REFLECTION_KEYS": REFLECTION_KEYS,
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


@pytest.fixture
def author(anna: Learner, keyring: Keyring, clock: Clock) -> Learner:
    """Anna wrote something, and keeps it on the server."""
    write_reflection(keyring, anna, uuid4(), "dichtbij", clock().date(), "Zij knikte.", clock())
    return anna


def test_reflection_keys_are_rotated_and_the_old_one_can_go(
    command: Command, author: Learner
) -> None:
    fresh = new_reflection_keys("2027")
    only_new = command("rotate-reflection-keys", REFLECTION_KEYS=fresh)
    assert only_new.output == "Error: REFLECTION_KEYS has no key 'test'\n"
    both = {"REFLECTION_KEYS": f"{fresh},{REFLECTION_KEYS}"}
    rotated = "1 keys wrapped anew; all are wrapped by '2027'\n"
    assert command("rotate-reflection-keys", **both).output == rotated
    assert command("rotate-reflection-keys", **both).output == rotated.replace("1", "0", 1)
    journal = read_journal(Keyring.of_text(fresh), author)
    assert [each.text for each in journal.reflections] == ["Zij knikte."]


def test_a_server_does_not_start_where_writing_could_not_be_read(
    command: Command, author: Learner, tmp_path: Path
) -> None:
    # A key of REFLECTION_KEYS that is in use was taken out too early.
    lacking = command("serve", REFLECTION_KEYS=new_reflection_keys("2027"))
    assert (lacking.exit_code, lacking.output) == (1, "Error: REFLECTION_KEYS lacks test\n")
    assert command("backup-keys", str(tmp_path / "kept")).exit_code == 0
    # The store of keys was left behind when the database moved.
    database.db.execute_sql(f"DELETE FROM {database.KEY_STORE}.data_key")
    lost = command("serve")
    assert lost.exit_code == 1
    assert lost.output.startswith("Error: the keys of 1 texts are not in the store of keys")
    assert command("restore-keys", str(tmp_path / "kept")).output == ""
    assert missing_keys(Keyring.of_text(REFLECTION_KEYS)) is None


def test_a_restore_deletes_again_what_was_deleted_meanwhile(
    command: Command, author: Learner, bram: Learner, clock: Clock, tmp_path: Path
) -> None:
    assert command("backup", str(tmp_path / "old")).exit_code == 0
    erase_learner(author, clock())
    learners.remove_learner(bram.id)
    assert command("restore", str(tmp_path / "old")).output.splitlines() == [
        "1 rows that were deleted for good before are deleted again",
        "1 learners restored",
    ]
    assert learners.learner_ids() == [bram.id]


def test_a_round_of_mail_is_done_as_if_it_were_that_moment_and_says_why(
    command: Command, tmp_path: Path
) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    anna = a_member("anna", now)
    with_a_card(anna, read_library(SMALL_COURSE), now)
    mail = f"folder:{tmp_path}/mail"
    assert command("send-mail", "--now", "2026-03-03T07:00+01:00", MAIL_URL=mail).output == (
        "0 decisions at 2026-03-03T07:00:00+01:00\n"
    )
    sent = command("send-mail", "--now", "2026-03-03T09:00+01:00", MAIL_URL=mail).output
    assert re.fullmatch(
        rf"learner {anna.id}  2026-03-03  daily sent  (prompt_and_)?cards\n"
        r"1 decisions at 2026-03-03T09:00:00\+01:00\n",
        sent,
    )
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1
    late = command("send-mail", "--now", "2026-03-05T00:00+01:00", MAIL_URL=mail).output
    assert f"learner {anna.id}  2026-03-04  missed  too_late\n" in late
    assert command("send-mail", "--now", "morgen").exit_code == 1


def test_an_operator_sees_what_did_not_go_out(command: Command) -> None:
    anna = a_member("anna", datetime.now(UTC) - timedelta(days=2))
    silent = f"smtp://127.0.0.1:{unused_port()}"
    command("send-mail", MAIL_URL=silent)
    report = command("mail-report").output
    assert f"learner {anna.id}  " in report
    assert re.search(r"^(waiting|missed)  \d", report, re.MULTILINE)
    assert "@voorbeeld.nl" not in report


def test_an_operator_pipes_in_a_mail_that_came_back(command: Command, tmp_path: Path) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    anna = a_member("anna", now)
    with_a_card(anna, read_library(SMALL_COURSE), now)
    command("send-mail", "--now", "2026-03-03T09:00+01:00", MAIL_URL=f"folder:{tmp_path}/mail")
    sent = daily_mails.last_mail(anna.id)
    assert sent is not None
    bounce = tmp_path / "bounce.eml"
    bounce.write_bytes(postfix(original=ORIGINAL.replace(ID, sent.message_id)))
    assert command("note-bounce", str(bounce)).output == "noted: hard_bounce\n"
    bounce.write_bytes(postfix())
    assert "no mail of ours" in command("note-bounce", str(bounce)).output
    bounce.write_bytes(b"x" * 10_000_000)
    refused = command("note-bounce", str(bounce))
    assert refused.exit_code == 1 and "not noted: more than" in refused.output


def test_a_key_that_signs_nothing_stops_the_worker(command: Command, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("geen sleutel", encoding="utf-8")
    result = command("work", DKIM_KEY=str(tmp_path / "key.pem"))
    assert result.exit_code == 1 and "DKIM_KEY" in result.output
    assert "DKIM_KEY" in command("work", DKIM_KEY=str(tmp_path / "none.pem")).output
    assert "MAIL_HOOK_KEY" in command("work", MAIL_HOOK_KEY="kort").output
    assert (
        "DKIM_SELECTOR"
        in command("work", MAIL_HOOK_KEY="", DKIM_KEY="", DKIM_SELECTOR="a b").output
    )


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


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


def test_a_course_of_beginners_gets_no_fit_and_hears_how_many_reviews_it_takes(
    command: Command,
) -> None:
    pytest.importorskip("fsrs_rs_python", reason="the optimizer is an extra")
    command("seed-demo", "--learners", "2", "--days", "10")
    assert command("fit").output.splitlines() == [
        "course: too few reviews (0 of 20,000 reviews)",
        "0 of 0 due days moved",
    ]
    tried = command("fit", "--simulated", "--only-look")
    assert tried.exit_code == 0
    course, people, end = tried.output.splitlines()
    assert re.fullmatch(r"course: too few reviews \(\d+ of 20,000 reviews\)", course)
    assert people == "4 learners have too few reviews for a fit of their own"
    assert end == "nothing was changed"


def test_production_is_not_fitted_to_simulated_learners(command: Command) -> None:
    pytest.importorskip("fsrs_rs_python", reason="the optimizer is an extra")
    result = command("fit", "--simulated", HAVEN_ENV="production")
    assert result.exit_code == 1 and "HAVEN_ENV" in result.output


def test_without_the_optimizer_fit_says_in_one_line_what_to_install(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What Python takes for a module that is not there.
    monkeypatch.setitem(sys.modules, "fsrs_rs_python", None)
    result = command("fit")
    assert result.exit_code == 1
    assert re.fullmatch(
        r"Error: fitting needs the optimizer of FSRS, which is not installed: "
        r"pip install fsrs-rs-python==[\d.]+\n",
        result.output,
    )


def test_hard_cards_are_listed_in_dutch_hardest_first_and_never_about_a_few_people(
    command: Command,
) -> None:
    nothing = "Nog geen kaart is door 5 deelnemers na een dag of langer teruggezien.\n"
    assert command("item-difficulty").output == nothing
    command("seed-demo", "--learners", "3", "--days", "30")
    assert command("item-difficulty", "--simulated").output == nothing
    command("seed-demo", "--learners", "12", "--days", "30", "--seed", "2")
    assert command("item-difficulty").output == nothing
    head, *rows = command("item-difficulty", "--simulated").output.splitlines()
    assert head.split() == [
        "kaart",
        "onthouden",
        "(95",
        "%)",
        "verwacht",
        "deelnemers",
        "verschuiving",
    ]
    shifts = []
    for row in rows[:-3]:
        found = re.fullmatch(r"[a-z-]+ +\d+% \(\d+% tot \d+%\) +\d+% +(\d+) +([+-]\d,\d\d)", row)
        assert found and int(found[1]) >= 5
        shifts.append(float(found[2].replace(",", ".")))
    assert len(shifts) > 3 and shifts == sorted(shifts)
    assert rows[-1].startswith("5 deelnemers terugzagen, staan er niet bij: ")


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
                "REFLECTION_KEYS": REFLECTION_KEYS,
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
