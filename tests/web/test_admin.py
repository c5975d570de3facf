"""An admin says who may teach and how long things are kept, and sees no learner."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from app.learning.cohorts import Role
from app.learning.daily_mail import MailKind, MailReason, MailState
from app.learning.mail_wishes import Due, Stopped
from app.storage import daily_mails, learners, mail_wishes, staff
from app.storage.daily_mails import DailyMail
from app.storage.database import db, transaction
from app.usecases.invite_instructor import invite_instructor
from tests.conftest import Clock, Visitor
from tests.mail_scene import a_member
from tests.web.test_cohorts import Counting, People
from tests.web.test_gets_and_posts import dump

PAGES = ("/beheer", "/beheer/bewaren", "/beheer/mail", "/beheer/cursus", "/beheer/logboek")
ANNA = "anna@voorbeeld.nl"


@pytest.fixture
def people(app: Flask, clock: Clock) -> People:
    return People(app, clock)


@pytest.fixture
def admin(people: People, clock: Clock) -> Visitor:
    invite_instructor("beheer@voorbeeld.nl", clock(), Role.ADMIN)
    return people.learner("beheer@voorbeeld.nl")


def dead_mail(name: str, clock: Clock, error: str) -> DailyMail:
    """A mail of this morning that the mail server refused for good, while the mail goes on."""
    learner = a_member(name, clock() - timedelta(hours=2))
    due = Due(clock().date(), clock() - timedelta(hours=1))
    mail = DailyMail(
        learner.id, due, MailKind.DAILY, MailReason.CARDS, MailState.DEAD, f"<{name}@haven>",
        1, "worker", clock(), error,
    )  # fmt: skip
    with transaction(learner.id):
        daily_mails.save_mail(mail)
    return mail


@pytest.mark.parametrize("path", PAGES)
def test_only_an_admin_finds_the_pages(people: People, admin: Visitor, path: str) -> None:
    assert admin.client.get(path).status_code == 200
    for other in (people.instructor("docent@voorbeeld.nl"), people.learner(ANNA)):
        assert other.client.get(path).status_code == 404
        assert other.post(path, do="invite", email=ANNA, cohorts="90").status_code in (404, 405)
    assert staff.role_of(ANNA) is None


def test_looking_changes_nothing_and_asks_a_fixed_number_of_times(
    admin: Visitor, clock: Clock, count_queries: Counting
) -> None:
    expected = {"/beheer": 3, "/beheer/bewaren": 6, "/beheer/mail": 7, "/beheer/cursus": 2,
                "/beheer/logboek": 3}  # fmt: skip
    for number in range(4):
        dead_mail(f"anna{number}", clock, "mx:25: 550 5.1.1 anna unknown")
        invite_instructor(f"docent{number}@voorbeeld.nl", clock())
        before, counted = dump(), {}
        for path in PAGES:
            with count_queries() as queries:
                admin.get(path)
            counted[path] = len(queries)
            assert dump() == before, path
        assert counted == expected


def test_an_invitation_waits_for_its_account(people: People, admin: Visitor) -> None:
    assert admin.post("/beheer", do="invite", email="Nieuw@Voorbeeld.nl").status_code == 302
    assert "Heeft nog geen account" in admin.get("/beheer")
    new = people.learner("nieuw@voorbeeld.nl")
    assert new.client.get("/groepen").status_code == 200
    assert "Heeft een account en nog geen groep" in admin.get("/beheer")
    people.cohort(new)
    assert "Geeft les aan 1 groep" in admin.get("/beheer")


def test_a_role_that_is_taken_closes_every_cohort_at_once(people: People, admin: Visitor) -> None:
    docent = people.instructor("docent@voorbeeld.nl")
    cohort = people.cohort(docent)
    admin.post("/beheer", do="dismiss", email="docent@voorbeeld.nl")
    assert docent.client.get(cohort).status_code == 404
    admin.post("/beheer", do="invite", email="docent@voorbeeld.nl")
    assert docent.client.get(cohort).status_code == 200


def test_the_last_admin_stays_and_an_invitation_takes_no_role_away(
    people: People, admin: Visitor
) -> None:
    for do in ("dismiss", "instructor"):
        assert admin.post("/beheer", do=do, email="beheer@voorbeeld.nl").status_code == 422
    admin.post("/beheer", do="invite", email="beheer@voorbeeld.nl")
    assert staff.role_of("beheer@voorbeeld.nl") is Role.ADMIN
    people.instructor("docent@voorbeeld.nl")
    admin.post("/beheer", do="admin", email="docent@voorbeeld.nl")
    assert staff.role_of("docent@voorbeeld.nl") is Role.ADMIN
    left = admin.post("/beheer", do="dismiss", email="beheer@voorbeeld.nl")
    assert admin.client.get(left.location).status_code == 200
    assert admin.client.get("/beheer").status_code == 404


def test_nobody_becomes_an_admin_who_was_not_invited(people: People, admin: Visitor) -> None:
    people.learner(ANNA)
    admin.post("/beheer", do="admin", email=ANNA)
    assert staff.role_of(ANNA) is None


@pytest.mark.parametrize("email", ["", "geen adres", "a@b\r\nBcc: c@d.nl"])
def test_what_is_no_address_is_told(admin: Visitor, email: str) -> None:
    assert admin.post("/beheer", do="invite", email=email).status_code == 422


def test_every_act_is_in_the_log_the_last_first_page_by_page(admin: Visitor, clock: Clock) -> None:
    for number in range(30):
        clock.forward(minutes=1)
        admin.post("/beheer", do="invite", email=f"docent{number}@voorbeeld.nl")
        admin.post("/beheer", do="dismiss", email=f"docent{number}@voorbeeld.nl")
    page = admin.get("/beheer/logboek")
    assert page.index("Nam de rol van docent29@") < page.index("Nodigde docent29@")
    assert page.count('<p class="hulp">') == 50
    older = re.search(r"/beheer/logboek\?voor=\d+", page)
    assert older
    rest = admin.get(older[0])
    # The first line is the admin's own, given by a command.
    assert rest.count('<p class="hulp">') == 11 and "opdrachtregel" in rest
    for odd in ("0", "-1", "x", "9" * 30, "%C2%B2"):
        assert admin.client.get(f"/beheer/logboek?voor={odd}").status_code == 200


def test_a_period_is_chosen_from_a_list_and_waits_two_weeks(admin: Visitor) -> None:
    page = "/beheer/bewaren"
    for odd in ("91", "0", "-1", "veel", "1" * 40):
        assert admin.post(page, cohorts=odd).status_code == 422
    assert admin.post(page, cohorts="180", guests="30", looks="365").status_code == 302
    assert "tot maandag 16 maart 2026" in admin.get(page)
    log = admin.get("/beheer/logboek")
    assert "Bewaart groepen nu een half jaar" in log and log.count("Bewaart") == 1


def test_a_dead_mail_says_why_without_a_name_and_goes_again(admin: Visitor, clock: Clock) -> None:
    mail = dead_mail("anna", clock, "mx.school.nl:25: 550 5.7.1 <anna@voorbeeld.nl>: relay denied")
    page = admin.get("/beheer/mail")
    assert "Code 550 5.7.1" in page and "weigerde de mail" in page
    assert ANNA not in page and "relay" not in page and "mx.school" not in page
    admin.post("/beheer/mail", message_id=mail.message_id)
    again = daily_mails.mail_on(mail.learner_id, mail.due.day)
    mailing = mail_wishes.mailing_of(mail.learner_id)
    assert again is not None and again.state is MailState.WAITING
    assert mailing is not None and mailing.next_at == clock()
    # Twice is once.
    assert admin.post("/beheer/mail", message_id=mail.message_id).location.endswith("gedaan=0")


def test_trying_again_turns_on_what_a_bounce_ended_and_nothing_that_somebody_chose(
    admin: Visitor, clock: Clock
) -> None:
    for number, stopped in enumerate(Stopped):
        mail = dead_mail(f"anna{number}", clock, "mx:25: 550 no such user")
        mailing = mail_wishes.mailing_of(mail.learner_id)
        assert mailing is not None
        ended = replace(mailing.wishes, stopped=stopped)
        mail_wishes.save_mailing(replace(mailing, wishes=ended, next_day=None, next_at=None))
    # A day later the mail itself is of no use any more.
    clock.forward(days=1)
    page = admin.get("/beheer/mail")
    assert page.count(">Ga door met de volgende mail<") == 1
    everyone = [f"<anna{number}@haven>" for number in range(len(Stopped))]
    assert admin.post("/beheer/mail", message_id=everyone).location.endswith("gedaan=1")
    on = [
        mailing.wishes.is_on
        for learner_id in learners.learner_ids()
        if (mailing := mail_wishes.mailing_of(learner_id))
    ]
    assert on == [stopped is Stopped.BOUNCED for stopped in Stopped]


def test_a_mail_that_was_sent_or_may_have_been_is_never_sent_again(
    admin: Visitor, clock: Clock
) -> None:
    for number, state in enumerate(set(MailState) - {MailState.DEAD}):
        mail = dead_mail(f"anna{number}", clock, "")
        db.execute_sql(f"UPDATE daily_mail SET state = '{state.value}'")
        admin.post("/beheer/mail", message_id=mail.message_id)
        left = daily_mails.mail_on(mail.learner_id, mail.due.day)
        assert left is not None and left.state is state
    assert admin.post("/beheer/mail", message_id="<nobody@haven>").status_code == 302


def test_the_course_is_told_by_its_files(admin: Visitor) -> None:
    page = admin.get("/beheer/cursus")
    assert "maandag 2 maart 2026" in page and "2 lessen" in page
    assert re.search(r"<code>[0-9a-f]{12}</code>", page)
    assert "Op schijf staat nu een andere versie" not in page
