"""Leaving for good: what goes, what stays, and nobody is removed by mistake."""

from uuid import UUID

import pytest
from flask import Flask

from app.storage import learners
from app.storage.database import KEY_STORE, db
from tests.conftest import Clock, Visitor
from tests.web.test_accounts import EMAIL, PASSWORD, cookie_of, member, sign_in, status_with
from tests.web.test_gets_and_posts import dump, with_a_past

__all__ = ["member"]

PAGE = "/instellingen/verwijderen"
# A random number in the ledger, how often a password was tried, and what SQLite counts by itself.
LEFT = {f'{KEY_STORE}"."deletion', "attempt", "sqlite_sequence"}


def rows_of_people() -> set[str]:
    """The tables that hold anything."""
    return {table for table, rows in dump().items() if rows and "migrat" not in table} - LEFT


def test_a_member_leaves_and_nothing_of_theirs_is_left(app: Flask, member: Visitor) -> None:
    member.get("/hoofdstuk1/eerste-les")
    member.post("/herhalen", card="band-afstand", grade="again", id=f"{1:032x}")
    member.post("/kaart/band-afstand/woorden", front="Mijn woorden", note="")
    member.post("/kaart/band-afstand/melding", message="Er mist een komma.")
    member.post("/instellingen/moment", keeping="server")
    member.post("/moment", prompt="dichtbij", ending="written", id=UUID(int=1), text="Zij knikte.")
    member.post("/instellingen/mail", at="08:00", weekdays="0", contents="both", rhythm="daily")
    assert {"learner", "review", "reflection", "report"} <= rows_of_people()
    page = member.get(PAGE)
    assert 'href="/gegevens"' in page and 'href="/instellingen"' in page
    copied = cookie_of(member.client)
    left = member.post(PAGE, page=PAGE, current_password=PASSWORD)
    assert left.headers["Location"] == "/verwijderd"
    assert "Alles van jou is verwijderd" in member.get("/verwijderd")
    assert not rows_of_people()
    assert status_with(app, copied) == 401
    assert sign_in(member).status_code == 422
    dumped = repr(dump())
    assert EMAIL not in dumped and "Zij knikte" not in dumped


@pytest.mark.parametrize("given", ["", "iets anders dan het is", PASSWORD.upper(), "x" * 5000])
def test_a_wrong_password_keeps_the_account_and_the_page(member: Visitor, given: str) -> None:
    before = learners.learner_ids()
    kept = member.post(PAGE, page=PAGE, current_password=given, sure="1")
    assert kept.status_code == 422
    page = kept.get_data(as_text=True)
    assert "Dit is niet je wachtwoord van nu" in page and "Account verwijderen</h1>" in page
    assert learners.learner_ids() == before
    assert "Account verwijderen" in member.get("/instellingen")


def test_a_password_cannot_be_guessed_here_for_ever(member: Visitor) -> None:
    answers = [member.post(PAGE, page=PAGE, current_password="raad").status_code for _ in range(30)]
    assert answers[0] == 422 and answers[-1] == 429
    assert learners.learner_ids()


def test_a_guest_leaves_with_a_tick_and_not_without(learner: Visitor, clock: Clock) -> None:
    with_a_past(learner, clock)
    without = learner.post(PAGE, page=PAGE, current_password="")
    assert without.status_code == 422 and "Zet eerst het vinkje" in without.get_data(as_text=True)
    assert learners.learner_ids()
    assert learner.post(PAGE, page=PAGE, sure="1").headers["Location"] == "/verwijderd"
    assert not rows_of_people()


def test_only_who_is_signed_in_and_proves_it_can_leave(app: Flask, learner: Visitor) -> None:
    assert learner.client.post(PAGE, data={"sure": "1"}).status_code in (400, 403)
    assert Visitor(app).client.get(PAGE).headers["Location"].startswith("/inloggen")
    assert learner.client.get("/verwijderd").headers["Location"] == "/vandaag"
    assert db.execute_sql("SELECT COUNT(*) FROM learner").fetchone()[0] == 1
