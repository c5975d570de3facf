"""Mail as a learner meets it: asked for, changed, paused, stopped, and back again."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.content.help_lines import read_help_lines
from app.learning.course import Course
from app.learning.daily_mail import MailKind, MailReason, MailState
from app.learning.mail_wishes import Due
from app.learning.people import Learner
from app.mail.mailer import Mailer
from app.mail.outbox import FolderOutbox
from app.settings import Settings
from app.storage import daily_mails, learners, mail_wishes
from app.storage.daily_mails import DailyMail
from app.storage.database import transaction
from app.usecases.send_due_mails import send_due_mails
from app.web import create_app
from tests.conftest import Clock, Mailbox, Visitor
from tests.mail.test_reports import ID, ORIGINAL, postfix
from tests.mail_scene import with_a_card
from tests.web.test_accounts import EMAIL, member
from tests.web.test_gets_and_posts import dump

__all__ = ["member"]

PAGE = "/instellingen/mail"


def anna() -> Learner:
    found = learners.learner_with_email(EMAIL)
    assert found is not None
    return found


def mailing() -> mail_wishes.Mailing:
    found = mail_wishes.mailing_of(anna().id)
    assert found is not None
    return found


@pytest.fixture
def mailed(member: Visitor) -> Visitor:
    """Anna has asked for mail every day at eight."""
    assert member.post(PAGE, at="08:00").status_code == 302
    return member


def test_nobody_gets_mail_who_did_not_ask_for_it(member: Visitor) -> None:
    assert "Stuur me mail" in member.get(PAGE)
    assert mail_wishes.mailing_of(anna().id) is None


def test_asking_for_mail_is_confirmed_on_the_page_and_by_mail(
    mailed: Visitor, mailbox: Mailbox
) -> None:
    page = mailed.get(f"{PAGE}?bewaard=wensen")
    assert "Je wensen zijn bewaard" in page
    assert "dinsdag 3 maart 2026 om 08.00 uur" in page
    subject, text = mailbox.mails(EMAIL)[0]
    assert subject == "Je krijgt mail van Haven"
    assert f"/mail/{mailing().token}" in text and "om 08.00 uur" in text
    # Changing a wish is no reason for another mail.
    before = len(mailbox.mails(EMAIL))
    mailed.post(PAGE, at="09:30")
    assert len(mailbox.mails(EMAIL)) == before


def test_every_wish_is_kept_and_the_next_mail_follows_it(mailed: Visitor) -> None:
    mailed.post(
        PAGE, at="23:59", contents="cards", rhythm="weekly", has_days="1", day=["2", "4"],
        zone="America/Paramaribo",
    )  # fmt: skip
    page = mailed.get(PAGE)
    assert "woensdag 4 maart 2026 om 23.59 uur" in page
    for chosen in ('id="contents-cards"', 'id="rhythm-weekly"', 'id="day-2"', 'id="day-4"'):
        assert re.search(rf"{chosen}[^>]* checked", page), chosen
    assert not re.search(r'id="day-0"[^>]* checked', page)
    assert anna().zone_name == "America/Paramaribo"


def test_what_the_form_leaves_out_stays(mailed: Visitor) -> None:
    mailed.post(PAGE, at="19:05")
    mailed.post(PAGE, contents="prompt")
    wishes = mailing().wishes
    assert (wishes.at.hour, wishes.at.minute, wishes.contents.value) == (19, 5, "prompt")
    assert wishes.weekdays == frozenset(range(7))


@pytest.mark.parametrize(
    "form",
    [{"at": "24:00"}, {"at": "8"}, {"at": "x"}, {"at": ""}, {"at": "08:00:00\n"},
     {"contents": "alles"}, {"rhythm": "hourly"}, {"day": "7", "has_days": "1"},
     {"day": "-1", "has_days": "1"}, {"zone": "Europe/Atlantis"}, {"zone": ""}],
)  # fmt: skip
def test_a_wish_that_does_not_exist_changes_nothing(mailed: Visitor, form: dict[str, str]) -> None:
    before = dump()
    assert mailed.post(PAGE, **form).status_code == 400
    assert {**dump(), "session": []} == {**before, "session": []}


def test_no_day_at_all_is_explained(mailed: Visitor) -> None:
    asked = mailed.post(PAGE, has_days="1")
    assert "kies minstens één dag" in mailed.get(asked.location)
    assert mailing().wishes.is_on


def test_a_guest_is_told_that_an_address_is_needed(learner: Visitor) -> None:
    assert "Maak een account" in learner.get(PAGE)
    assert learner.post(PAGE, at="08:00").status_code == 403
    assert learner.post(f"{PAGE}/pauze", until="2026-04-01").status_code == 403
    assert learner.post(f"{PAGE}/aan").status_code == 403


def test_a_pause_has_an_end_and_can_end_sooner(mailed: Visitor) -> None:
    saved = mailed.post(f"{PAGE}/pauze", until="2026-03-20")
    page = mailed.get(saved.location)
    assert "Je mail staat op pauze" in page
    assert "vrijdag 20 maart 2026 om 08.00 uur" in page
    # Another wish does not end it.
    mailed.post(PAGE, at="09:00")
    assert "vrijdag 20 maart 2026 om 09.00 uur" in mailed.get(PAGE)
    mailed.post(f"{PAGE}/aan")
    assert "dinsdag 3 maart 2026 om 09.00 uur" in mailed.get(PAGE)


@pytest.mark.parametrize("until", ["2026-03-02", "2020-01-01", "2028-01-01"])
def test_a_pause_that_makes_no_sense_is_explained(mailed: Visitor, until: str) -> None:
    asked = mailed.post(f"{PAGE}/pauze", until=until)
    assert "Kies voor een pauze een dag vanaf morgen" in mailed.get(asked.location)
    assert mailing().wishes.paused_until is None


@pytest.mark.parametrize("until", ["", "morgen", "2026-13-01", "9" * 5000])
def test_a_pause_until_no_day_is_refused(mailed: Visitor, until: str) -> None:
    assert mailed.post(f"{PAGE}/pauze", until=until).status_code == 400


def test_one_click_stops_and_one_click_returns(mailed: Visitor) -> None:
    mailed.post(f"{PAGE}/uit")
    assert mailing().next_at is None
    assert "Je mail staat uit" in mailed.get(PAGE)
    mailed.post(f"{PAGE}/aan")
    assert "dinsdag 3 maart 2026 om 08.00 uur" in mailed.get(PAGE)


def test_a_doubt_is_shown_to_whom_it_concerns(mailed: Visitor, clock: Clock) -> None:
    due = Due(clock().date() - timedelta(days=1), clock() - timedelta(days=1))
    mail = DailyMail(
        anna().id, due, MailKind.DAILY, MailReason.PROMPT, MailState.IN_DOUBT, "<1@x>", 1, "w", clock()
    )  # fmt: skip
    with transaction():
        daily_mails.save_mail(mail)
    page = mailed.get(PAGE)
    assert "zondag 1 maart 2026 weten we niet zeker of hij aankwam" in page


def rounds(course: Course, settings: Settings, clock: Clock, days: int) -> FolderOutbox:
    outbox = FolderOutbox(Path(settings.mail_url.removeprefix("folder:")))
    mailer = Mailer(outbox, settings.mail_from, settings.site_url, read_help_lines())
    for _ in range(days):
        clock.forward(days=1)
        list(send_due_mails(course, mailer, "one", clock()))
    return outbox


def test_the_preview_is_what_happens_also_while_backing_off(
    mailed: Visitor, clock: Clock, settings: Settings, small_course: Course
) -> None:
    with_a_card(anna(), small_course, clock())
    for _ in range(26):
        promised = re.search(r"komt op <strong>(.*?) om", mailed.get(PAGE))
        assert promised
        last = daily_mails.last_mail(anna().id)
        while daily_mails.last_mail(anna().id) == last:
            rounds(small_course, settings, clock, 1)
            if not mailing().wishes.is_on:
                return
        now_last = daily_mails.last_mail(anna().id)
        assert now_last is not None
        assert promised[1].split()[1] == str(now_last.due.day.day)
    raise AssertionError("the silent were never told goodbye")


def test_a_mail_program_unsubscribes_with_one_post_and_no_cookie(
    mailed: Visitor, app: Flask
) -> None:
    stranger = app.test_client()
    address = f"/mail/{mailing().token}"
    response = stranger.post(address, data={"List-Unsubscribe": "One-Click"})
    assert (response.status_code, response.get_data()) == (200, b"")
    assert not mailing().wishes.is_on
    assert stranger.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert stranger.post("/mail/x", data={"List-Unsubscribe": "One-Click"}).status_code == 404


def test_looking_at_a_link_changes_nothing_however_often(mailed: Visitor, app: Flask) -> None:
    before = dump()
    stranger = app.test_client()
    for method in ("GET", "HEAD", "OPTIONS"):
        for _ in range(3):
            for query in ("", "?what=stop", "?gedaan=stop", "?List-Unsubscribe=One-Click"):
                stranger.open(f"/mail/{mailing().token}{query}", method=method).close()
    assert dump() == before
    assert "Stop alle mail" in stranger.get(f"/mail/{mailing().token}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("what", "sees"),
    [
        ("stop", "Je krijgt geen mail meer"),
        ("weekly", "Dat is geregeld"),
        ("pause", "Je mail staat op pauze"),
        ("resume", "Je krijgt weer mail"),
    ],
)
def test_the_page_behind_a_link_works_without_signing_in(
    mailed: Visitor, app: Flask, what: str, sees: str
) -> None:
    stranger = Visitor(app)
    address = f"/mail/{mailing().token}"
    done = stranger.post(address, page=address, what=what)
    page = stranger.get(done.location)
    assert sees in page
    assert EMAIL not in page
    # The link signs nobody in.
    assert stranger.client.get("/vandaag").status_code == 302
    assert stranger.client.get(PAGE).status_code == 302


def test_an_unknown_link_or_deed_is_refused(mailed: Visitor, app: Flask) -> None:
    stranger = Visitor(app)
    assert stranger.client.get("/mail/niet-van-ons").status_code == 404
    address = f"/mail/{mailing().token}"
    assert stranger.post(address, page=address, what="alles").status_code == 400


KEY = "h" * 40


def hook(app: Flask, body: object, key: str = KEY):  # type: ignore[no-untyped-def]
    headers = {"Authorization": f"Bearer {key}"}
    return app.test_client().post("/haken/mail", json=body, headers=headers)


@pytest.fixture
def hooked(settings: Settings, clock: Clock, small_course: Course) -> Flask:
    return create_app(replace(settings, mail_hook_key=KEY), clock, small_course)


def message_id(course: Course, settings: Settings, clock: Clock) -> str:
    rounds(course, settings, clock, 1)
    last = daily_mails.last_mail(anna().id)
    assert last is not None
    return last.message_id


@pytest.mark.parametrize(
    ("event", "times", "sees"),
    [("hard_bounce", 1, "omdat je mails terugkwamen"),
     ("complaint", 1, "als ongewenst is gemeld"),
     ("soft_bounce", 5, "omdat je mails terugkwamen"),
     ("soft_bounce", 4, "Je volgende mail komt")],
)  # fmt: skip
def test_mail_that_comes_back_ends_the_mail_and_the_learner_sees_why(
    mailed: Visitor, hooked: Flask, settings: Settings, clock: Clock, small_course: Course,
    event: str, times: int, sees: str,
) -> None:  # fmt: skip
    with_a_card(anna(), small_course, clock())
    for _ in range(times):
        told = {"message_id": message_id(small_course, settings, clock), "event": event}
        assert hook(hooked, told).get_json() == {"noted": event}
    assert sees in mailed.get(PAGE)


def test_the_hook_reads_a_mail_that_came_back(
    mailed: Visitor, hooked: Flask, settings: Settings, clock: Clock, small_course: Course
) -> None:
    with_a_card(anna(), small_course, clock())
    theirs = message_id(small_course, settings, clock)
    ours = {"original": ORIGINAL.replace(ID, theirs)}

    def told(raw: bytes, key: str = KEY) -> tuple[int, object]:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "message/rfc822"}
        answer = hooked.test_client().post("/haken/mail", data=raw, headers=headers)
        return answer.status_code, answer.get_json()

    bounce = postfix(**ours).replace(b"anna@voorbeeld.nl", (anna().email or "").encode())
    late = postfix("delayed", "4.4.1", **ours)
    assert told(late) == (200, {"noted": []})
    assert told(postfix(**ours), "x" * 40)[0] == 401
    assert told(postfix())[0] == 404, "a Message-ID of nobody"
    assert told(b"Subject: Afwezig")[0] == 400
    others = postfix(**ours).replace(b"anna@", b"bram@").replace(b"Anna@", b"bram@")
    assert told(others)[0] == 404, "the address of somebody else"
    assert "Je volgende mail komt" in mailed.get(PAGE)
    assert told(bounce) == (200, {"noted": ["hard_bounce"]})
    assert "omdat je mails terugkwamen" in mailed.get(PAGE)


def test_the_hook_hears_only_who_knows_its_key(mailed: Visitor, app: Flask, hooked: Flask) -> None:
    told = {"message_id": "<1@x>", "event": "complaint"}
    assert hook(hooked, told).status_code == 404
    assert hook(hooked, told, "x" * 40).status_code == 401
    assert hook(app, told, "").status_code == 401
    for strange in ("", "\0", "\ud800", "é", "x" * 9000):
        assert hook(hooked, {**told, "message_id": strange}).status_code == 404
    bodies: list[object] = [[], "x", {"event": "complaint"}]
    bodies += [{**told, "message_id": 1}, {**told, "event": "boos"}]
    for body in bodies:
        assert hook(hooked, body).status_code == 400, body


def test_a_calendar_has_neutral_days_and_an_address_that_can_be_taken_away(
    mailed: Visitor, app: Flask, clock: Clock, small_course: Course
) -> None:
    with_a_card(anna(), small_course, clock())
    page = "/instellingen/agenda"
    assert "Maak een adres" in mailed.get(page)
    mailed.post(page)
    first = address_in(mailed.get(page))
    text = calendar(app, first)
    assert text.count("BEGIN:VEVENT") == 1
    assert "DTSTART;VALUE=DATE:20260302\r\nDTEND;VALUE=DATE:20260303\r\n" in text
    assert re.findall(r"SUMMARY:(.*)\r", text) == ["Leerstof"]
    assert max(map(len, text.split("\r\n"))) <= 75
    for secret in (EMAIL, first.split("/")[2][:10], "hecht", "kaart"):
        assert secret not in text.lower()
    mailed.post(page)
    second = address_in(mailed.get(page))
    assert first != second
    assert app.test_client().get(first).status_code == 404
    calendar(app, second)
    mailed.post(f"{page}/weg")
    assert app.test_client().get(second).status_code == 404


def address_in(page: str) -> str:
    found = re.search(r'value="http://127.0.0.1:8000(/agenda/[^"]+\.ics)"', page)
    assert found
    return found[1]


def calendar(app: Flask, address: str) -> str:
    response = app.test_client().get(address)
    assert response.status_code == 200
    assert response.mimetype == "text/calendar"
    return response.get_data(as_text=True)


@pytest.mark.parametrize(("path", "most"), [(PAGE, 8), ("/instellingen/agenda", 2)])
def test_a_page_asks_the_database_no_more_than_it_needs(
    mailed: Visitor,
    count_queries: Callable[[], AbstractContextManager[list[str]]],
    path: str,
    most: int,
) -> None:
    with count_queries() as queries:
        assert mailed.client.get(path).status_code == 200
    assert len(queries) <= most, queries


def test_the_page_behind_a_link_asks_the_database_no_more_than_it_needs(
    mailed: Visitor, app: Flask, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    stranger, address = app.test_client(), f"/mail/{mailing().token}"
    with count_queries() as queries:
        assert stranger.get(address).status_code == 200
    assert len(queries) <= 9, queries
