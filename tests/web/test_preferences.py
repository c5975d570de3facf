"""What a learner chooses."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask

from app.learning.people import Learner
from app.storage import learners
from tests.conftest import Clock, Visitor
from tests.web.test_accounts import cookie_of, member, sign_in, status_with

__all__ = ["member"]

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


def only_learner() -> Learner:
    [learner_id] = learners.learner_ids()
    found = learners.learner_of(learner_id)
    assert found is not None
    return found


def test_a_guest_chooses_track_buttons_and_zone(learner: Visitor) -> None:
    saved = learner.post(
        "/instellingen", track="verdieping", buttons="4", zone="America/Paramaribo"
    )
    assert saved.headers["Location"] == "/instellingen?bewaard=keuzes"
    page = learner.get("/instellingen?bewaard=keuzes")
    assert "Je keuzes zijn bewaard" in page
    assert re.search(r'value="verdieping" checked', page)
    assert re.search(r'value="4" checked', page)
    assert '<option value="America/Paramaribo" selected>Paramaribo</option>' in page
    chosen = only_learner()
    assert (chosen.track.value, chosen.buttons) == ("verdieping", 4)
    assert chosen.zone_name == "America/Paramaribo"


def test_what_hard_means_stands_beside_the_choice(learner: Visitor) -> None:
    # Who gives it to a card they did not know gets it back far too late.
    assert "Moeizaam betekent: ik wist het, met moeite." in learner.get("/instellingen")


def test_what_a_form_leaves_out_stays(learner: Visitor) -> None:
    learner.post("/instellingen", track="verdieping")
    learner.post("/instellingen", buttons="4")
    chosen = only_learner()
    assert (chosen.track.value, chosen.buttons, chosen.zone_name) == (
        "verdieping",
        4,
        "Europe/Amsterdam",
    )


@pytest.mark.parametrize(
    "form",
    [{"track": "alles"}, {"buttons": "3"}, {"buttons": "x"}, {"zone": "Europe/Atlantis"},
     {"zone": "../../etc/passwd"}, {"zone": ""}, {"zone": "posixrules"}, {"zone": "A\0"}],
)  # fmt: skip
def test_a_choice_that_does_not_exist_changes_nothing(
    learner: Visitor, form: dict[str, str]
) -> None:
    before = only_learner()
    assert learner.post("/instellingen", **form).status_code == 400
    assert only_learner() == before


def test_a_guest_is_offered_an_account_and_a_member_is_not(
    learner: Visitor, app: Flask, member: Visitor
) -> None:
    assert "Je bent begonnen zonder account" in learner.get("/instellingen")
    assert "Je bent begonnen zonder account" not in member.get("/instellingen")


def test_a_guest_has_no_password_to_change(learner: Visitor) -> None:
    asked = learner.client.get("/instellingen/wachtwoord")
    assert asked.headers["Location"] == "/aanmelden"
    form = {"current_password": "x", "password": "zeven groene lampen"}
    assert learner.post("/instellingen/wachtwoord", **form).status_code == 403


def test_every_browser_is_listed_and_can_be_signed_out(
    member: Visitor, app: Flask, clock: Clock
) -> None:
    clock.forward(days=1)
    desk, phone = Visitor(app), Visitor(app)
    desk.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    phone.client.environ_base["HTTP_USER_AGENT"] = IPHONE
    sign_in(desk)
    sign_in(phone)
    page = desk.get("/instellingen/sessies")
    assert "<strong>Firefox op Windows</strong> (deze browser)" in page
    assert "<strong>Safari op iPhone</strong>" in page
    assert "Ingelogd op maandag 2 maart 2026" in page
    keys = re.findall(r'name="session" value="(\w+)"', page)
    assert len(keys) == 2

    desk.post("/instellingen/sessies", page="/instellingen/sessies", session=keys[0])
    gone = [status_with(app, cookie_of(visitor.client)) for visitor in (member, desk, phone)]
    assert sorted(gone) == [200, 200, 401]
    assert gone[1] == 200
    desk.post("/instellingen/sessies", page="/instellingen/sessies")
    gone = [status_with(app, cookie_of(visitor.client)) for visitor in (member, desk, phone)]
    assert gone == [401, 200, 401]


def test_nobody_ends_a_session_of_somebody_else(
    member: Visitor, app: Flask, learner: Visitor
) -> None:
    phone = Visitor(app)
    sign_in(phone)
    [key] = re.findall(r'name="session" value="(\w+)"', member.get("/instellingen/sessies"))
    assert learner.post("/instellingen/sessies", session=key).status_code == 404
    assert status_with(app, cookie_of(phone.client)) == 200


def test_a_browser_may_call_itself_anything(app: Flask) -> None:
    visitor = Visitor(app)
    visitor.client.environ_base["HTTP_USER_AGENT"] = "<script>\x00\x1b[31m" + "x" * 5000
    visitor.begin()
    assert "<strong>Onbekende browser</strong>" in visitor.get("/instellingen/sessies")


@pytest.mark.parametrize(
    ("path", "most"),
    [("/aanmelden", 1), ("/inloggen", 1), ("/uitloggen", 1), ("/wachtwoord-vergeten", 1),
     ("/instellingen", 1), ("/instellingen/wachtwoord", 1), ("/instellingen/sessies", 2),
     ("/instellingen/verwijderen", 1), ("/verwijderd", 1)],
)  # fmt: skip
def test_a_page_asks_the_database_no_more_than_it_needs(
    member: Visitor,
    count_queries: Callable[[], AbstractContextManager[list[str]]],
    path: str,
    most: int,
) -> None:
    with count_queries() as queries:
        assert member.client.get(path).status_code in (200, 302)
    assert len(queries) <= most, queries
