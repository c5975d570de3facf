"""The door, as a browser meets it."""

import re
import socket
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.learning.course import Course
from app.settings import Settings
from app.storage import learners
from app.usecases.seed_demo import DEMO_EMAIL, DEMO_PASSWORD, seed_demo
from app.web import create_app
from tests.conftest import Clock, Mailbox, Visitor

EMAIL = "anna@voorbeeld.nl"
PASSWORD = "mijn kat slaapt op de fiets"
OTHER_PASSWORD = "zeven groene lampen en een vis"
REVIEWS = "/herhalen/beoordelingen"


def answer(visitor: Visitor, clock: Clock, review_id: str, card: str = "band-afstand") -> None:
    review = {"id": review_id, "card": card, "grade": "good", "reviewed_at": clock().isoformat()}
    body = {"reviews": [{**review, "duration_ms": 1000, "why_missed": None}]}
    assert visitor.send(REVIEWS, body).get_json()["accepted"] == [review_id]


def sign_up(visitor: Visitor, mailbox: Mailbox, email: str = EMAIL, password: str = PASSWORD):  # type: ignore[no-untyped-def]
    visitor.post("/aanmelden", page="/aanmelden", email=email, password=password)
    code = mailbox.code(email)
    return visitor.post("/aanmelden/code", page="/aanmelden/code", code=code)


def sign_in(visitor: Visitor, email: str = EMAIL, password: str = PASSWORD, **more: str):  # type: ignore[no-untyped-def]
    return visitor.post("/inloggen", page="/inloggen", email=email, password=password, **more)


def test_the_demo_signs_in_at_the_door_as_it_is_printed(
    visitor: Visitor, small_course: Course, clock: Clock
) -> None:
    seed_demo(small_course, clock())
    response = sign_in(visitor, DEMO_EMAIL, DEMO_PASSWORD)
    assert (response.status_code, response.location) == (302, "/vandaag")


def cards_known(visitor: Visitor) -> int:
    return len(visitor.client.get("/herhalen/stapel?dagen=900").get_json()["cards"])


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("haven")
    assert cookie is not None
    return cookie.value


def status_with(app: Flask, cookie: str) -> int:
    """What somebody gets who copied the cookie."""
    thief = app.test_client()
    thief.set_cookie("haven", cookie)
    asked = thief.get("/herhalen/stapel?dagen=0", headers={"Accept": "application/json"})
    return asked.status_code


@pytest.fixture
def member(app: Flask, mailbox: Mailbox) -> Visitor:
    """A browser in which Anna has made an account."""
    visitor = Visitor(app)
    assert sign_up(visitor, mailbox).status_code == 302
    return visitor


# Signing up


def test_a_guest_who_makes_an_account_keeps_everything(
    learner: Visitor, mailbox: Mailbox, clock: Clock
) -> None:
    answer(learner, clock, "5a3c2c58-9d6a-4b11-9f3e-0d4cf7a0b001")
    known = cards_known(learner)
    made = sign_up(learner, mailbox)
    assert made.headers["Location"] == "/aanmelden/klaar"
    assert "anna@voorbeeld.nl" in learner.get("/aanmelden/klaar")
    assert cards_known(learner) == known
    learner.post("/uitloggen", page="/uitloggen")
    assert sign_in(learner).headers["Location"] == "/vandaag"
    assert cards_known(learner) == known


def test_somebody_new_can_make_an_account_before_anything_else(member: Visitor) -> None:
    assert "anna@voorbeeld.nl" in member.get("/instellingen")


def test_an_address_is_the_same_however_it_is_typed(
    member: Visitor, app: Flask, mailbox: Mailbox
) -> None:
    assert sign_in(Visitor(app), " ANNA@Voorbeeld.NL ").status_code == 302


def test_the_code_may_be_typed_with_a_space_or_without(visitor: Visitor, mailbox: Mailbox) -> None:
    visitor.post("/aanmelden", page="/aanmelden", email=EMAIL, password=PASSWORD)
    code = mailbox.code(EMAIL).replace(" ", "")
    assert visitor.post("/aanmelden/code", "/aanmelden/code", code=code).status_code == 302


def test_a_code_is_worth_nothing_in_another_browser(
    visitor: Visitor, app: Flask, mailbox: Mailbox
) -> None:
    visitor.post("/aanmelden", page="/aanmelden", email=EMAIL, password=PASSWORD)
    code = mailbox.code(EMAIL)
    other = Visitor(app)
    assert "werkt niet meer" in other.post("/aanmelden/code", code=code).text
    other.post("/aanmelden", page="/aanmelden", email="eve@voorbeeld.nl", password=PASSWORD)
    wrong = other.post("/aanmelden/code", page="/aanmelden/code", code=code)
    assert wrong.status_code == 422
    assert "klopt niet" in wrong.text
    assert visitor.post("/aanmelden/code", "/aanmelden/code", code=code).status_code == 302


def test_a_code_works_ten_minutes(visitor: Visitor, mailbox: Mailbox, clock: Clock) -> None:
    visitor.post("/aanmelden", page="/aanmelden", email=EMAIL, password=PASSWORD)
    code = mailbox.code(EMAIL)
    clock.forward(minutes=10)
    late = visitor.post("/aanmelden/code", page="/aanmelden/code", code=code)
    assert late.status_code == 422
    assert "werkt niet meer" in late.text
    # A new one comes without typing everything again.
    assert visitor.post("/aanmelden/code/opnieuw", "/aanmelden/code").status_code == 302
    fresh = mailbox.code(EMAIL)
    assert visitor.post("/aanmelden/code", "/aanmelden/code", code=fresh).status_code == 302
    assert sign_in(visitor).status_code == 302


def test_after_five_wrong_codes_the_right_one_is_worth_nothing(
    visitor: Visitor, mailbox: Mailbox
) -> None:
    visitor.post("/aanmelden", page="/aanmelden", email=EMAIL, password=PASSWORD)
    code = mailbox.code(EMAIL)
    wrong = "1111 1111" if code != "1111 1111" else "2222 2222"
    answers = [
        visitor.post("/aanmelden/code", page="/aanmelden/code", code=wrong).text for _ in range(5)
    ]
    assert all("klopt niet" in page for page in answers[:4])
    assert "werkt niet meer" in answers[4]
    right = visitor.post("/aanmelden/code", page="/aanmelden/code", code=code)
    assert right.status_code == 422
    assert "Inloggen" in visitor.get("/")


def test_a_code_works_once(visitor: Visitor, app: Flask, mailbox: Mailbox) -> None:
    sign_up(visitor, mailbox)
    code = mailbox.code(EMAIL)
    again = visitor.post("/aanmelden/code", page="/", code=code)
    assert again.status_code == 422
    assert "werkt niet meer" in again.text


def test_who_asks_again_gets_a_code_that_takes_the_place_of_the_first(
    visitor: Visitor, mailbox: Mailbox
) -> None:
    visitor.post("/aanmelden", page="/aanmelden", email=EMAIL, password=PASSWORD)
    first = mailbox.code(EMAIL)
    visitor.post("/aanmelden/code/opnieuw", page="/aanmelden/code")
    second = mailbox.code(EMAIL)
    assert first != second
    assert visitor.post("/aanmelden/code", "/aanmelden/code", code=first).status_code == 422
    assert visitor.post("/aanmelden/code", "/aanmelden/code", code=second).status_code == 302


def test_two_browsers_cannot_both_make_the_account(app: Flask, mailbox: Mailbox) -> None:
    first, second = Visitor(app), Visitor(app)
    first.post("/aanmelden", page="/aanmelden", email=EMAIL, password=PASSWORD)
    first_code = mailbox.code(EMAIL)
    second.post("/aanmelden", page="/aanmelden", email=EMAIL, password=OTHER_PASSWORD)
    second_code = mailbox.code(EMAIL)
    assert first.post("/aanmelden/code", "/aanmelden/code", code=first_code).status_code == 302
    late = second.post("/aanmelden/code", "/aanmelden/code", code=second_code)
    assert late.status_code == 422
    assert "Inloggen" in second.get("/")
    assert len(learners.learner_ids()) == 1
    assert sign_in(second, password=OTHER_PASSWORD).status_code == 422


@pytest.mark.parametrize(
    ("email", "password", "sentence", "field"),
    [
        ("anna", PASSWORD, "Dit is geen e-mailadres.", "email"),
        ("anna@voorbeeld.nl\nBcc: eve@x.nl", PASSWORD, "Dit is geen e-mailadres.", "email"),
        ("=?utf-8?q?a=0ABcc:eve?=@voorbeeld.nl", PASSWORD, "geen e-mailadres", "email"),
        (EMAIL, "tulp!", "Dit wachtwoord is te kort. Maak het 15 tekens of langer", "password"),
        (EMAIL, "x" * 300, "Dit wachtwoord is te lang.", "password"),
        (EMAIL, "wachtwoord12345", "makkelijk te raden", "password"),
        (EMAIL, "voorbeeldvoorbeeld", "makkelijk te raden", "password"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    visitor: Visitor, mailbox: Mailbox, email: str, password: str, sentence: str, field: str
) -> None:
    answered = visitor.post("/aanmelden", page="/aanmelden", email=email, password=password)
    assert answered.status_code == 422
    page = answered.text
    assert f'<p class="veldfout" id="{field}-fout">' in page
    assert page.count(sentence) == 2, "in the summary and beside the field"
    asked = re.search(f'<input id="{field}"[^>]*>', page)
    assert asked is not None
    assert f"{field}-fout" in asked[0]
    assert 'aria-invalid="true"' in asked[0]
    assert email.split("\n")[0] in page
    assert password not in page.replace(email, "")
    assert not mailbox.folder.exists()


# Nobody learns who has an account


def _plain(response: Any) -> tuple[int, str, list[tuple[str, str]]]:
    """What a reader could compare: without the secrets that differ for every browser."""
    body = re.sub(r'(csrf_token" value|csrf-token" content)="\w+"', r"\1", response.text)
    headers = [
        (name, re.sub(r"haven=[^;]+", "haven=", value))
        for name, value in response.headers
        if name not in ("Date", "Content-Length")
    ]
    return response.status_code, body, headers


def test_signing_up_is_the_same_for_an_address_with_an_account_and_one_without(
    member: Visitor, app: Flask, mailbox: Mailbox
) -> None:
    seen = []
    # As long as the other, so that the pages are too.
    for email in (EMAIL, "lena@voorbeeld.nl"):
        browser = Visitor(app)
        asked = browser.post("/aanmelden", page="/aanmelden", email=email, password=PASSWORD)
        page = browser.client.get("/aanmelden/code")
        tries = [browser.post("/aanmelden/code", "/aanmelden/code", code="1") for _ in range(6)]
        again = browser.post("/aanmelden/code/opnieuw", "/aanmelden/code")
        seen.append([_plain(response) for response in (asked, page, *tries, again)])
    assert str(seen[0]).replace(EMAIL, "?") == str(seen[1]).replace("lena@voorbeeld.nl", "?")
    subject, text = mailbox.mails(EMAIL)[0]
    assert "Je hebt er al een" in text
    assert not re.search(r"\d{4} \d{4}", text)
    assert subject == "Over je account bij Haven"


def test_an_account_is_not_taken_over_by_signing_up_again(
    member: Visitor, app: Flask, mailbox: Mailbox
) -> None:
    browser = Visitor(app)
    browser.post("/aanmelden", page="/aanmelden", email=EMAIL, password=OTHER_PASSWORD)
    assert sign_in(Visitor(app), password=OTHER_PASSWORD).status_code == 422
    assert sign_in(Visitor(app)).status_code == 302


def test_a_forgotten_password_is_the_same_for_an_address_with_an_account_and_one_without(
    member: Visitor, app: Flask, mailbox: Mailbox
) -> None:
    seen = []
    for email in (EMAIL, "lena@voorbeeld.nl"):
        browser = Visitor(app)
        asked = browser.post("/wachtwoord-vergeten", page="/wachtwoord-vergeten", email=email)
        page = browser.client.get("/wachtwoord-vergeten/code")
        tried = browser.post("/wachtwoord-vergeten/code", "/wachtwoord-vergeten/code", code="1")
        seen.append([_plain(response) for response in (asked, page, tried)])
    assert str(seen[0]).replace(EMAIL, "?") == str(seen[1]).replace("lena@voorbeeld.nl", "?")
    assert "Er is geen account met dit adres" in mailbox.mails("lena@voorbeeld.nl")[0][1]


def test_a_wrong_password_is_the_same_for_an_address_with_an_account_and_one_without(
    member: Visitor, app: Flask
) -> None:
    known = sign_in(Visitor(app), EMAIL, OTHER_PASSWORD)
    unknown = sign_in(Visitor(app), "lena@voorbeeld.nl", OTHER_PASSWORD)
    assert known.status_code == 422
    assert "horen niet bij elkaar" in known.text
    lena = str(_plain(unknown)).replace("lena@voorbeeld.nl", EMAIL)
    assert lena == str(_plain(known))
    assert OTHER_PASSWORD not in known.text


# Signing in


def test_what_a_guest_did_elsewhere_joins_the_account(
    member: Visitor, app: Flask, clock: Clock
) -> None:
    answer(member, clock, "5a3c2c58-9d6a-4b11-9f3e-0d4cf7a0b001")
    phone = Visitor(app).begin()
    answer(phone, clock, "5a3c2c58-9d6a-4b11-9f3e-0d4cf7a0b002", "band-lena")
    guest_cookie = cookie_of(phone.client)
    entered = sign_in(phone, next="/begrippen")
    assert entered.headers["Location"] == "/inloggen/samengevoegd?next=/begrippen"
    page = phone.get("/inloggen/samengevoegd?next=/begrippen")
    assert "hoort nu bij je account" in page
    assert 'href="/begrippen"' in page
    assert cards_known(phone) == cards_known(member) == 2
    assert status_with(app, guest_cookie) == 401


def test_a_guest_who_did_nothing_goes_straight_on(member: Visitor, app: Flask) -> None:
    assert sign_in(Visitor(app).begin()).headers["Location"] == "/vandaag"


def test_somebody_goes_on_where_the_door_stopped_them(member: Visitor, app: Flask) -> None:
    browser = Visitor(app)
    stopped = browser.client.get("/herhalen?kaarten=3&over=x")
    assert stopped.status_code == 302
    door = stopped.headers["Location"]
    assert door == "/inloggen?next=/herhalen?kaarten%3D3%26over%3Dx"
    page = browser.get(door)
    assert "Begin zonder account" in page
    wanted = re.search(r'name="next" value="([^"]+)"', page)
    assert wanted is not None
    entered = sign_in(browser, next=wanted[1].replace("&amp;", "&"))
    assert entered.headers["Location"] == "/herhalen?kaarten=3&over=x"


@pytest.mark.parametrize("place", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_the_door_leads_to_no_other_site(member: Visitor, app: Flask, place: str) -> None:
    assert "evil" not in Visitor(app).client.get("/inloggen", query_string={"next": place}).text
    assert sign_in(Visitor(app), next=place).headers["Location"] == "/vandaag"
    passed = member.client.get("/inloggen", query_string={"next": place})
    assert passed.headers["Location"] == "/vandaag"
    merged = member.client.get("/inloggen/samengevoegd", query_string={"next": place})
    assert "evil" not in merged.text


@pytest.mark.parametrize(
    "path",
    ["/vandaag", "/instellingen", "/instellingen/wachtwoord", "/instellingen/sessies",
     "/uitloggen", "/aanmelden/klaar", "/inloggen/samengevoegd"],
)  # fmt: skip
def test_a_stranger_is_sent_to_the_door(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Location"] == f"/inloggen?next={path}"
    asked = client.get(path, headers={"Accept": "application/json"})
    assert (asked.status_code, asked.get_json()) == (401, {"error": "not_signed_in"})


def test_a_post_of_a_stranger_is_not_gone_back_to(visitor: Visitor) -> None:
    stopped = visitor.post("/instellingen", track="kern")
    assert stopped.headers["Location"] == "/inloggen"


# Cookies and sessions


def test_the_secret_changes_whenever_somebody_becomes_somebody(
    app: Flask, mailbox: Mailbox
) -> None:
    visitor = Visitor(app)
    visitor.get("/inloggen")
    secrets = [cookie_of(visitor.client)]
    visitor.begin()
    secrets.append(cookie_of(visitor.client))
    sign_up(visitor, mailbox)
    secrets.append(cookie_of(visitor.client))
    change_password(visitor)
    secrets.append(cookie_of(visitor.client))
    visitor.post("/uitloggen", page="/uitloggen")
    sign_in(visitor, password=OTHER_PASSWORD)
    secrets.append(cookie_of(visitor.client))
    assert len(set(secrets)) == 5
    assert [status_with(app, secret) for secret in secrets] == [401, 401, 401, 401, 200]


def test_a_cookie_that_was_planted_before_signing_in_is_worth_nothing_after(
    member: Visitor, app: Flask
) -> None:
    victim = Visitor(app)
    victim.client.set_cookie("haven", "planted-by-somebody-else")
    assert sign_in(victim).status_code == 302
    assert status_with(app, "planted-by-somebody-else") == 401


def test_a_cookie_copied_before_signing_out_is_worth_nothing_after(
    member: Visitor, app: Flask
) -> None:
    stolen = cookie_of(member.client)
    assert status_with(app, stolen) == 200
    left = member.post("/uitloggen", page="/uitloggen")
    assert left.headers["Location"] == "/"
    assert left.headers["Clear-Site-Data"] == '"cookies"'
    assert member.client.get_cookie("haven") is None
    assert status_with(app, stolen) == 401


def test_a_browser_that_becomes_somebody_else_is_no_longer_who_it_was(
    member: Visitor, app: Flask, mailbox: Mailbox
) -> None:
    sign_up(Visitor(app), mailbox, "lena@voorbeeld.nl", OTHER_PASSWORD)
    token, before = member.token("/instellingen"), cookie_of(member.client)
    form = {"csrf_token": token, "email": "lena@voorbeeld.nl", "password": OTHER_PASSWORD}
    assert member.client.post("/inloggen", data=form).status_code == 302
    assert "lena@voorbeeld.nl" in member.get("/instellingen")
    assert status_with(app, before) == 401


def test_signing_out_takes_a_button_not_a_link(member: Visitor, app: Flask) -> None:
    member.get("/uitloggen")
    assert status_with(app, cookie_of(member.client)) == 200
    assert member.client.post("/uitloggen").status_code == 400
    assert status_with(app, cookie_of(member.client)) == 200


def test_signing_out_after_a_day_does_not_bring_the_cookie_back(
    member: Visitor, clock: Clock
) -> None:
    clock.forward(days=2)
    member.post("/uitloggen", page="/uitloggen")
    assert member.client.get_cookie("haven") is None


def test_a_guest_hears_what_signing_out_costs(learner: Visitor) -> None:
    assert "kun je niet meer bij wat je hier deed" in learner.get("/uitloggen")


def test_a_session_runs_out_after_half_a_year_without_use(
    learner: Visitor, app: Flask, clock: Clock
) -> None:
    cookie = cookie_of(learner.client)
    clock.forward(days=179)
    assert status_with(app, cookie) == 200
    learner.post("/instellingen", page="/instellingen", buttons="4")
    clock.forward(days=179)
    assert status_with(app, cookie) == 200
    clock.forward(days=2)
    assert status_with(app, cookie) == 401


def test_looking_at_pages_does_not_write_the_session(
    learner: Visitor, app: Flask, clock: Clock
) -> None:
    clock.forward(days=100)
    learner.get("/vandaag")
    clock.forward(days=81)
    assert status_with(app, cookie_of(learner.client)) == 401


def test_the_cookie_is_out_of_reach(settings: Settings, clock: Clock, small_course: Course) -> None:
    secure = replace(settings, site_url="https://haven.example.nl")
    client = create_app(secure, clock, small_course).test_client()
    sent = client.get("/inloggen", base_url="https://haven.example.nl").headers["Set-Cookie"]
    assert sent.startswith("__Host-haven=")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in sent
    assert "Domain" not in sent


def test_pages_of_the_door_are_kept_nowhere(visitor: Visitor) -> None:
    for path in ("/aanmelden", "/inloggen", "/wachtwoord-vergeten"):
        assert visitor.client.get(path).headers["Cache-Control"] == "no-store"


# A forgotten password, and another one


def forget(visitor: Visitor, mailbox: Mailbox, password: str = OTHER_PASSWORD):  # type: ignore[no-untyped-def]
    page = "/wachtwoord-vergeten"
    visitor.post(page, page=page, email=EMAIL)
    code = mailbox.code(EMAIL)
    visitor.post(f"{page}/code", page=f"{page}/code", code=code)
    return visitor.post(f"{page}/nieuw", page=f"{page}/nieuw", password=password)


def change_password(visitor: Visitor, current: str = PASSWORD, chosen: str = OTHER_PASSWORD):  # type: ignore[no-untyped-def]
    page = "/instellingen/wachtwoord"
    return visitor.post(page, page=page, current_password=current, password=chosen)


def test_who_forgot_the_password_chooses_another_and_is_out_everywhere_else(
    member: Visitor, app: Flask, mailbox: Mailbox
) -> None:
    stolen = cookie_of(member.client)
    browser = Visitor(app)
    assert forget(browser, mailbox).headers["Location"] == "/vandaag"
    assert "anna@voorbeeld.nl" in browser.get("/instellingen")
    assert status_with(app, stolen) == 401
    assert sign_in(Visitor(app)).status_code == 422
    assert sign_in(Visitor(app), password=OTHER_PASSWORD).status_code == 302
    assert "is veranderd" in mailbox.mails(EMAIL)[0][1]


def test_a_guest_who_forgot_the_password_keeps_what_was_done_here(
    member: Visitor, app: Flask, mailbox: Mailbox, clock: Clock
) -> None:
    phone = Visitor(app).begin()
    answer(phone, clock, "5a3c2c58-9d6a-4b11-9f3e-0d4cf7a0b002")
    assert forget(phone, mailbox).headers["Location"].startswith("/inloggen/samengevoegd")
    assert cards_known(phone) == 1


def test_a_weak_new_password_can_be_tried_again_without_another_code(
    member: Visitor, app: Flask, mailbox: Mailbox
) -> None:
    browser = Visitor(app)
    weak = forget(browser, mailbox, "wachtwoord12345")
    assert weak.status_code == 422
    assert "makkelijk te raden" in weak.text
    page = "/wachtwoord-vergeten/nieuw"
    assert browser.post(page, page=page, password=OTHER_PASSWORD).status_code == 302


def test_a_new_password_takes_the_code_first(
    member: Visitor, app: Flask, mailbox: Mailbox, clock: Clock
) -> None:
    browser, page = Visitor(app), "/wachtwoord-vergeten"
    browser.post(page, page=page, email=EMAIL)
    assert browser.client.get(f"{page}/nieuw").headers["Location"] == page
    refused = browser.post(f"{page}/nieuw", page=page, password=OTHER_PASSWORD)
    assert refused.status_code == 422
    browser.post(f"{page}/code", page=f"{page}/code", code=mailbox.code(EMAIL))
    clock.forward(minutes=10)
    refused = browser.post(f"{page}/nieuw", page=page, password=OTHER_PASSWORD)
    assert refused.status_code == 422
    assert "werkt niet meer" in refused.text
    assert sign_in(browser).status_code == 302


@pytest.mark.parametrize("path", ["/aanmelden", "/inloggen", "/wachtwoord-vergeten/nieuw",
                                  "/instellingen/wachtwoord"])  # fmt: skip
def test_no_password_comes_back_on_a_page_that_was_open_too_long(
    member: Visitor, path: str
) -> None:
    form = {"password": PASSWORD, "current_password": OTHER_PASSWORD, "csrf_token": "stale"}
    answered = member.client.post(path, data=form)
    assert answered.status_code == 400
    assert PASSWORD not in answered.text
    assert OTHER_PASSWORD not in answered.text


def test_a_new_password_is_chosen_once(member: Visitor, app: Flask, mailbox: Mailbox) -> None:
    browser = Visitor(app)
    forget(browser, mailbox)
    again = browser.post("/wachtwoord-vergeten/nieuw", page="/", password=PASSWORD)
    assert again.status_code == 422
    assert sign_in(Visitor(app), password=OTHER_PASSWORD).status_code == 302


def test_another_password_ends_every_other_session(
    member: Visitor, app: Flask, mailbox: Mailbox
) -> None:
    phone = Visitor(app)
    sign_in(phone)
    here = cookie_of(member.client)
    changed = change_password(member)
    assert changed.headers["Location"] == "/instellingen?bewaard=wachtwoord"
    assert "Je wachtwoord is veranderd" in member.get("/instellingen?bewaard=wachtwoord")
    assert status_with(app, cookie_of(phone.client)) == 401
    assert status_with(app, here) == 401
    assert status_with(app, cookie_of(member.client)) == 200
    assert "is veranderd" in mailbox.mails(EMAIL)[0][1]


@pytest.mark.parametrize(
    ("current", "chosen", "sentence"),
    [
        ("iets anders dan het is", OTHER_PASSWORD, "Dit is niet je wachtwoord van nu."),
        (PASSWORD, "kort", "te kort"),
        (PASSWORD, "wachtwoord12345", "makkelijk te raden"),
    ],
)
def test_a_password_stays_where_something_is_wrong(
    member: Visitor, app: Flask, current: str, chosen: str, sentence: str
) -> None:
    answered = change_password(member, current, chosen)
    assert answered.status_code == 422
    assert answered.text.count(sentence) == 2
    assert sign_in(Visitor(app)).status_code == 302


def test_the_current_password_cannot_be_guessed_without_end(member: Visitor) -> None:
    for _ in range(10):
        change_password(member, "een gok")
    assert change_password(member).status_code == 429


# Limits and failing mail


def test_a_limit_holds_for_all_servers_together_and_says_when_it_is_over(
    member: Visitor, app: Flask, settings: Settings, clock: Clock, small_course: Course
) -> None:
    clock.forward(minutes=3, seconds=20)
    servers = [Visitor(app), Visitor(create_app(settings, clock, small_course))]
    statuses = [sign_in(servers[n % 2], password="een gok").status_code for n in range(12)]
    assert statuses == [422] * 10 + [429] * 2
    refused = sign_in(servers[0])
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == str(11 * 60 + 40)
    assert "over 12 minuten nog eens" in refused.text
    clock.forward(minutes=12)
    assert sign_in(servers[0]).status_code == 302


def test_nobody_is_flooded_with_mail(visitor: Visitor, app: Flask, mailbox: Mailbox) -> None:
    for path in ("/aanmelden", "/wachtwoord-vergeten"):
        for _ in range(4):
            Visitor(app).post(path, page=path, email=EMAIL, password=PASSWORD)
    assert len(mailbox.mails(EMAIL)) == 5


def test_json_hears_of_a_limit_in_json(app: Flask, visitor: Visitor) -> None:
    answered = None
    for _ in range(11):
        form = {"csrf_token": visitor.token("/inloggen"), "email": EMAIL, "password": "x"}
        answered = visitor.client.post(
            "/inloggen", data=form, headers={"Accept": "application/json"}
        )
    assert answered is not None
    assert (answered.status_code, answered.get_json()) == (429, {"error": "too_many"})


def test_a_proxy_tells_who_asks_only_where_it_is_trusted(
    settings: Settings, clock: Clock, small_course: Course
) -> None:
    def tries(app: Flask) -> list[int]:
        visitor = Visitor(app)
        seen = []
        for number in range(12):
            visitor.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"192.0.2.{number}"
            seen.append(sign_in(visitor, password="een gok").status_code)
        return seen

    behind = create_app(replace(settings, proxies=1), clock, small_course)
    assert tries(behind) == [422] * 12
    assert tries(create_app(settings, clock, small_course)) == [422] * 10 + [429] * 2


@pytest.fixture
def silent(settings: Settings, clock: Clock, small_course: Course) -> Flask:
    """The site while its mail server is away."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return create_app(replace(settings, mail_url=f"smtp://127.0.0.1:{port}"), clock, small_course)


@pytest.mark.parametrize("path", ["/aanmelden", "/wachtwoord-vergeten"])
def test_a_mail_that_fails_is_told_and_nothing_typed_is_lost(silent: Flask, path: str) -> None:
    answered = Visitor(silent).post(path, page=path, email="Anna@voorbeeld.nl", password=PASSWORD)
    assert answered.status_code == 503
    assert "De mail kon niet worden verstuurd" in answered.text
    assert 'value="Anna@voorbeeld.nl"' in answered.text
    assert PASSWORD not in answered.text


def test_a_failing_mail_does_not_tell_who_has_an_account(member: Visitor, silent: Flask) -> None:
    for path in ("/aanmelden", "/wachtwoord-vergeten"):
        known = Visitor(silent).post(path, page=path, email=EMAIL, password=PASSWORD)
        unknown = Visitor(silent).post(
            path, page=path, email="lena@voorbeeld.nl", password=PASSWORD
        )
        lena = str(_plain(unknown)).replace("lena@voorbeeld.nl", EMAIL)
        assert lena == str(_plain(known))


def test_a_password_is_changed_even_when_the_mail_about_it_fails(
    member: Visitor, silent: Flask, app: Flask
) -> None:
    browser = Visitor(silent)
    sign_in(browser)
    assert change_password(browser).status_code == 302
    assert sign_in(Visitor(app), password=OTHER_PASSWORD).status_code == 302
