"""What a broken mail server refused goes out when an admin tries again: once, and on its own day."""

from datetime import date, timedelta

import pytest

from app.learning.course import Course
from app.learning.daily_mail import MailState
from app.learning.mail_trouble import Again, Trouble, diagnosis_of
from app.storage import mail_wishes
from app.usecases.try_mail_again import try_mail_again
from tests.conftest import Clock
from tests.mail_server import Plan
from tests.usecases import test_send_due_mails as sending
from tests.usecases.test_send_due_mails import Postmaster, mail_of

# Fixtures of the timetable.
server, postmaster = sending.server, sending.postmaster
BY = "beheer@voorbeeld.nl"


def test_a_refused_mail_goes_out_once_after_it_was_tried_again(
    postmaster: Postmaster, server: Plan, clock: Clock, small_course: Course
) -> None:
    anna = postmaster.member("anna")
    clock.forward(days=1)
    server.answers = {"RCPT": "550 5.1.1 everybody is unknown today"}
    postmaster.round()
    server.answers = {}
    clock.forward(hours=1)
    dead = mail_of(anna, date(2026, 3, 3))
    assert dead.state is MailState.DEAD
    assert diagnosis_of(dead.error).trouble is Trouble.ADDRESS
    assert try_mail_again(dead.message_id, BY, clock()) is Again.THIS_MAIL
    assert try_mail_again(dead.message_id, BY, clock()) is Again.NOTHING
    postmaster.rounds(clock() + timedelta(hours=8))
    (mail,) = server.taken
    assert mail["Message-ID"] == dead.message_id
    assert mail_of(anna, date(2026, 3, 3)).state is MailState.SENT
    # And the next day has its own again.
    postmaster.rounds(clock() + timedelta(hours=18))
    assert mail_of(anna, date(2026, 3, 4)).state is MailState.SENT


def test_a_day_later_the_mail_itself_stays_dead_and_the_next_one_comes(
    postmaster: Postmaster, server: Plan, clock: Clock
) -> None:
    anna = postmaster.member("anna")
    clock.forward(days=1)
    server.answers = {"RCPT": "550 5.1.1 everybody is unknown today"}
    postmaster.round()
    server.answers = {}
    clock.forward(hours=20)
    dead = mail_of(anna, date(2026, 3, 3))
    assert try_mail_again(dead.message_id, BY, clock()) is Again.NEXT_MAIL
    mailing = mail_wishes.mailing_of(anna.id)
    assert mailing is not None and mailing.wishes.is_on
    postmaster.rounds(clock() + timedelta(hours=24))
    assert mail_of(anna, date(2026, 3, 3)).state is MailState.DEAD
    assert mail_of(anna, date(2026, 3, 4)).state is MailState.SENT


@pytest.mark.parametrize(
    ("error", "trouble", "codes"),
    [
        ("mx:25: 550 5.1.1 <anna@x.nl> unknown", Trouble.ADDRESS, "550 5.1.1"),
        ("mx:25: 550 no such user anna", Trouble.ADDRESS, "550"),
        ("mx:25: 552 5.2.2 full", Trouble.MAILBOX, "552 5.2.2"),
        ("10.0.0.1:2550: 554 5.7.1 relay denied", Trouble.REFUSED, "554 5.7.1"),
        ("mx:25: 451 4.7.1 greylisted", Trouble.LATER, "451 4.7.1"),
        ("too_late", Trouble.LATER, ""),
        ("554 rejected", Trouble.OTHER, "554"),
        ("mx:25: [Errno 111] Connection refused", Trouble.OTHER, ""),
    ],
)
def test_a_diagnosis_is_codes_and_never_words(error: str, trouble: Trouble, codes: str) -> None:
    found = diagnosis_of(error)
    assert (found.trouble, found.codes) == (trouble, codes)
