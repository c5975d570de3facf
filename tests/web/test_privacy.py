"""What somebody wrote is read by nobody else: on no page, in no dump, log, mail or error report."""

import logging
import re
import subprocess
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.archive.log_file import LOG_FILE
from app.learning.daily_mail import MailState
from app.storage import learners
from app.storage.database import db
from app.storage.tables import Learner
from app.usecases.check_data import check_data
from app.usecases.export_learner import export_learner
from app.usecases.seed_demo import DEMO_EMAIL, DEMO_PASSWORD, seed_demo
from app.usecases.send_due_mails import send_due_mails
from app.web.export_files import EVERYTHING, ExportFiles
from app.web.state import Haven
from tests.conftest import Clock, Mailbox, Visitor
from tests.web.test_accounts import PASSWORD, sign_up
from tests.web.test_gets_and_posts import address, dump, rules

# Words that stand nowhere else, and that a page would show as they are.
CANARY = "Kanarie in de kelder van 1987"
# What stands at a card in own words, and the note beside it.
CARD_CANARIES = ("Kanarie op zolder in 1988", "Kanarie met een ezelsbrug")
CANARIES = (CANARY, *CARD_CANARIES)
REFLECTION = UUID(int=1)

# Where its own learner sees the text. A new page that shows it is added here with a reason.
OWN_PAGES = {"journal.show", "journal.search", "journal.edit", "journal.ask_to_delete"}
# The card itself, its form, and wherever it is asked.
OWN_PAGES_OF_CARDS = {
    "cards.show",
    "own_cards.words",
    "lessons.show",
    "reviews.show",
    "reviews.stack",
}

Role = Callable[[Flask, Clock, Mailbox], Visitor]


def a_stranger(app: Flask, clock: Clock, mailbox: Mailbox) -> Visitor:
    return Visitor(app)


def a_guest(app: Flask, clock: Clock, mailbox: Mailbox) -> Visitor:
    return Visitor(app).begin()


def a_member(app: Flask, clock: Clock, mailbox: Mailbox) -> Visitor:
    member = Visitor(app)
    sign_up(member, mailbox, "mees@voorbeeld.nl", PASSWORD)
    return member


def the_demo_learner(app: Flask, clock: Clock, mailbox: Mailbox) -> Visitor:
    haven: Haven = app.extensions["haven"]
    seed_demo(haven.course, clock())
    demo = Visitor(app)
    form = {"email": DEMO_EMAIL, "password": DEMO_PASSWORD}
    assert demo.post("/inloggen", page="/inloggen", **form).status_code == 302
    return demo


# Every role there is: whoever gets more rights than a learner (docent, beheerder) joins this table.
ROLES: dict[str, Role] = {
    "a stranger": a_stranger,
    "a guest": a_guest,
    "a member": a_member,
    "the demo learner": the_demo_learner,
}


@pytest.fixture
def author(app: Flask, visitor: Visitor) -> Visitor:
    """Somebody who wrote the canaries, and keeps them on the server."""
    visitor.begin()
    words, note = CARD_CANARIES
    visitor.post("/kaart/band-afstand/woorden", front=words, note=note)
    assert words in visitor.get("/kaart/band-afstand")
    visitor.post("/instellingen/moment", keeping="server")
    visitor.post("/moment", prompt="dichtbij", ending="written", id=REFLECTION, text=CANARY)
    assert CANARY in visitor.get("/schrift")
    return visitor


def answers(app: Flask, visitor: Visitor) -> Iterator[tuple[Rule, int, str]]:
    """What this visitor gets from every route, asked and posted, with the author's own ids."""
    token = visitor.token()
    for rule in rules(app, "GET"):
        with visitor.client.get(address(app, rule)) as response:
            yield rule, response.status_code, response.get_data().decode(errors="replace")
    form = {"csrf_token": token, "woorden": "Kanarie", "prompt": "dichtbij", "text": "Van een ander",
            "ending": "written", "id": str(REFLECTION), "keeping": "server"}  # fmt: skip
    for rule in rules(app, "POST"):
        if rule.endpoint not in ("accounts.leave", "accounts.enter"):
            response = visitor.client.post(address(app, rule), data=form)
            yield rule, response.status_code, response.get_data(as_text=True)


@pytest.mark.parametrize("role", ROLES)
def test_no_role_reads_changes_or_deletes_what_somebody_else_wrote(
    app: Flask, author: Visitor, clock: Clock, mailbox: Mailbox, role: str
) -> None:
    other = ROLES[role](app, clock, mailbox)
    is_learner = role != "a stranger"
    for rule, status, page in answers(app, other):
        assert not [word for word in CANARIES if word in page], rule
        if "reflection_id" in rule.arguments and is_learner:
            assert status == 404, rule
    assert CANARY in author.get("/schrift")
    assert CANARY in author.get(f"/schrift/{REFLECTION}")
    for word in CARD_CANARIES:
        assert word in author.get("/kaart/band-afstand")


def seen_at(app: Flask, author: Visitor, canary: str) -> set[str]:
    """The pages on which the author sees it."""
    seen = set()
    author.get("/hoofdstuk1/eerste-les")
    for rule in rules(app, "GET"):
        query = "?dagen=0" if rule.endpoint == "reviews.stack" else ""
        with author.client.get(address(app, rule) + query) as response:
            if canary in response.get_data().decode(errors="replace"):
                seen.add(rule.endpoint)
    return seen


@pytest.mark.parametrize("canary", CARD_CANARIES)
def test_the_author_sees_own_words_where_the_card_is_and_nowhere_else(
    app: Flask, author: Visitor, canary: str
) -> None:
    assert seen_at(app, author, canary) == OWN_PAGES_OF_CARDS


def test_the_author_sees_it_on_the_pages_of_the_journal_and_nowhere_else(
    app: Flask, author: Visitor
) -> None:
    seen = seen_at(app, author, CANARY)
    found = author.post("/schrift/zoeken", woorden="kanarie").get_data(as_text=True)
    assert seen | ({"journal.search"} if CANARY in found else set()) == OWN_PAGES


def test_the_canary_is_in_no_dump_log_mail_or_error_report(
    app: Flask,
    author: Visitor,
    mailbox: Mailbox,
    clock: Clock,
    db_url: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger().setLevel(logging.DEBUG)
    sign_up(author, mailbox, "ada@voorbeeld.nl", PASSWORD)
    author.post("/schrift/zoeken", woorden=CANARY)
    author.post(f"/schrift/{REFLECTION}", text=f"{CANARY}, anders")
    assert CANARY in author.get("/schrift")
    words, note = CARD_CANARIES
    author.post("/kaart/band-afstand/woorden", front=f"{words}, anders", back=words, note=note)
    last = re.search(r'name="id" value="([^"]+)"', author.get("/kaart/band-afstand"))
    assert last
    for step in ("ongedaan", "opnieuw"):
        assert author.post(f"/herhalen/{step}", id=last[1]).status_code == 302
    assert f"{words}, anders" in author.get("/kaart/band-afstand")
    # The same learner in another install: what comes in is sealed as what is written here.
    with author.client.get("/gegevens/haven.zip") as sent:
        file = BytesIO(sent.data)
    other = Visitor(app).begin()
    other.post("/gegevens/terugzetten", page="/gegevens", file=(file, "haven.zip"))
    assert f"{words}, anders" in other.get("/kaart/band-afstand")
    assert f"{CANARY}, anders" in other.get("/schrift")
    author.post("/herhalen", card="band-afstand", grade="again", id=f"{1:032x}")
    assert author.post("/instellingen/mail", at="09:00", contents="both").status_code == 302
    clock.forward(days=1)
    haven: Haven = app.extensions["haven"]
    mails = list(send_due_mails(haven.course, haven.mailer, "one", clock()))
    assert [each.state for each in mails] == [MailState.SENT]
    checked = [difference.what for difference in check_data()]
    seeds = [row.seed for row in Learner.select()]

    everything = [*checked, repr(dump()), caplog.text, *_files(tmp_path), *_dumps(db_url)]
    assert any(str(seeds[0]) in text for text in everything), "the dump is of another database"

    # An error in the middle of keeping a text: its report goes to an operator.
    caplog.clear()
    form = {"prompt": "dichtbij", "ending": "written", "id": UUID(int=2), "text": CANARY}
    sealed = (("reflection", "/moment", form),
              ("own_card", "/kaart/band-lena/woorden", {"front": words, "note": note}))  # fmt: skip
    for table, path, fields in sealed:
        caplog.clear()
        db.execute_sql(f"ALTER TABLE {table} RENAME TO gone")
        broken = author.post(path, **fields)
        assert broken.status_code == 500 and "Traceback" in caplog.text
        everything += [broken.get_data(as_text=True), caplog.text]
        db.execute_sql(f"ALTER TABLE gone RENAME TO {table}")

    for text in everything:
        for word in (*CANARIES, "Kanarie", *(canary.encode().hex() for canary in CANARIES)):
            assert word not in text


def test_the_learner_takes_what_they_wrote_along_and_an_operator_does_not(
    app: Flask, author: Visitor, mailbox: Mailbox, clock: Clock
) -> None:
    sign_up(author, mailbox, "ada@voorbeeld.nl", PASSWORD)
    with author.client.get("/gegevens/schrift.md") as alone:
        assert alone.get_data(as_text=True) == (
            f"# Je schrift\n\n## maandag 2 maart 2026\n\n> Wie was vandaag even dichtbij?\n\n{CANARY}\n"
        )
    with author.client.get("/gegevens/haven.zip") as sent, ZipFile(BytesIO(sent.data)) as own:
        assert CANARY in own.read("schrift.md").decode() and CANARY in own.read(LOG_FILE).decode()
        for word in CARD_CANARIES:
            assert word in own.read("teksten.md").decode() and word in own.read(LOG_FILE).decode()
        page = own.read("index.html").decode()
        assert "schrift.md" in page and "teksten.md" in page
    # As `python -m app export-learner` does it.
    made = BytesIO()
    ada = learners.learner_with_email("ada@voorbeeld.nl")
    assert ada is not None
    with export_learner(ada, clock()) as export:
        ExportFiles(app.extensions["haven"], app.jinja_env).write(EVERYTHING, export, made)
    with ZipFile(made) as theirs:
        page = theirs.read("index.html").decode()
        for name in ("schrift.md", "teksten.md"):
            assert name not in theirs.namelist() and name not in page
        for name in theirs.namelist():
            assert b"Kanarie" not in theirs.read(name)
        with ZipFile(BytesIO(theirs.read("haven.apkg"))) as package:
            assert b"Kanarie" not in package.read("collection.anki21")


def _files(folder: Path) -> Iterator[str]:
    """Everything on disk: the database, its log, the keys, the mails."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.read_bytes().decode("latin-1")


def _dumps(url: str) -> Iterator[str]:
    """What PostgreSQL's own program writes down, the store of keys included."""
    if url.startswith("postgresql"):
        yield subprocess.run(["pg_dump", url], capture_output=True, text=True, check=True).stdout
