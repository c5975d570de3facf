"""Mails in the name of instructors on a real mail server: to each one, whatever happens."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from app.archive.rosters import rows_of_text
from app.content.help_lines import read_help_lines
from app.learning.cohorts import Cohort
from app.learning.course import Course
from app.learning.people import Learner
from app.learning.rosters import Ended
from app.mail.mailer import Mailer
from app.mail.outbox import SmtpOutbox
from app.storage import cohort_invitations, cohort_mails, database, learners
from app.storage.database import db, transaction
from app.usecases.change_cohort import archive_cohort
from app.usecases.create_cohort import create_cohort
from app.usecases.invite_instructor import invite_instructor
from app.usecases.invite_learners import invite_again, invite_learners, take_back
from app.usecases.join_cohort import join_cohort
from app.usecases.merge_guest import merge_guest
from app.usecases.send_cohort_mails import send_cohort_mails
from app.usecases.send_due_mails import LEASE
from app.usecases.write_message import write_message
from tests.conftest import Clock
from tests.mail_scene import a_member
from tests.mail_server import Plan, mail_server

DOCENT = "docent@voorbeeld.nl"
ANNA, BRAM = "anna@voorbeeld.nl", "bram@voorbeeld.nl"


@pytest.fixture
def server() -> Iterator[Plan]:
    with mail_server() as plan:
        yield plan


class School:
    """An instructor with a cohort, and a worker against the server of this test."""

    def __init__(self, course: Course, server: Plan, clock: Clock) -> None:
        self.clock = clock
        self.server = server
        site = "https://haven.example.nl"
        outbox = SmtpOutbox("127.0.0.1", server.port)
        self.mailer = Mailer(outbox, "Haven <haven@example.nl>", site, read_help_lines())
        invite_instructor(DOCENT, clock())
        self.cohort: Cohort = create_cohort(
            course, DOCENT, name="Groep B", institution="", starts_on=clock().date(), weeks=2
        )

    def invite(self, text: str) -> int:
        _, invited = invite_learners(
            self.mailer, self.cohort, rows_of_text(text), DOCENT, self.clock()
        )
        return invited

    def round(self) -> list[str]:
        """To whom a mail went out in this round, in order."""
        before = len(self.server.taken)
        list(send_cohort_mails(self.mailer, self.clock()))
        return sorted(mail["To"] for mail in self.server.taken[before:])


@pytest.fixture
def school(db_url: str, small_course: Course, server: Plan, clock: Clock) -> School:
    return School(small_course, server, clock)


def test_everybody_on_the_list_gets_one_invitation_and_a_second_upload_invites_nobody(
    school: School, server: Plan
) -> None:
    text = f"Anna de Vries;{ANNA}\nBram;{BRAM.upper()}"
    assert school.invite(text) == 2
    assert school.invite(text) == 0
    assert school.round() == [ANNA, BRAM]
    assert school.round() == []
    [mail] = server.to(ANNA)
    assert mail["Reply-To"] is None
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    token = cohort_invitations.invitations_of(school.cohort.id)[0].token
    assert "Dag Anna de Vries," in text
    assert f"https://haven.example.nl/uitnodiging/{token}\r\n" in text
    assert mail["List-Unsubscribe"] == f"<https://haven.example.nl/uitnodiging/{token}/nee>"


def test_nobody_is_invited_while_a_line_is_wrong(school: School) -> None:
    assert school.invite(f"Anna;{ANNA}\nBram;bram") == 0
    assert school.round() == []
    assert cohort_invitations.invitations_of(school.cohort.id) == []


def test_an_invitation_is_sent_again_once_a_week_at_most_and_not_after_it_was_taken_back(
    school: School, clock: Clock
) -> None:
    school.invite(f"Anna;{ANNA}")
    school.round()
    assert not invite_again(school.mailer, school.cohort, ANNA, DOCENT, clock())
    clock.forward(days=7)
    assert invite_again(school.mailer, school.cohort, ANNA, DOCENT, clock())
    assert not invite_again(school.mailer, school.cohort, ANNA, DOCENT, clock())
    assert school.round() == [ANNA]
    clock.forward(days=7)
    assert invite_again(school.mailer, school.cohort, ANNA, DOCENT, clock())
    assert take_back(school.cohort, ANNA)
    assert school.round() == []
    clock.forward(days=7)
    assert not invite_again(school.mailer, school.cohort, ANNA, DOCENT, clock())
    [invitation] = cohort_invitations.invitations_of(school.cohort.id)
    assert invitation.name == ""
    assert school.invite(f"Anna;{ANNA}") == 1


def test_what_a_worker_took_and_died_with_is_sent_by_another_after_its_lease(
    school: School, clock: Clock
) -> None:
    school.invite(f"Anna;{ANNA}")
    with transaction():
        assert cohort_mails.lease_due(clock(), clock() + LEASE, 50)
    assert school.round() == []
    clock.now += LEASE
    assert school.round() == [ANNA]


def test_a_mail_whose_answer_nobody_heard_is_not_sent_again(
    school: School, server: Plan, clock: Clock
) -> None:
    school.invite(f"Anna;{ANNA}")
    server.answers = {"text": "lost"}
    assert school.round() == [ANNA]
    server.answers = {}
    for _ in range(5):
        clock.forward(hours=6)
        assert school.round() == []


@pytest.mark.parametrize("answer", ["451 later", "drop"])
def test_a_mail_that_did_not_go_out_goes_later_and_only_once(
    school: School, server: Plan, clock: Clock, answer: str
) -> None:
    school.invite(f"Anna;{ANNA}\nBram;{BRAM}")
    server.answers = {"RCPT": answer}
    assert school.round() == []
    server.answers = {}
    for _ in range(5):
        clock.forward(minutes=10)
        school.round()
    assert sorted(mail["To"] for mail in server.taken) == [ANNA, BRAM]


def test_an_address_that_is_refused_is_told_and_a_server_that_is_away_two_days_ends_it(
    school: School, server: Plan, clock: Clock
) -> None:
    school.invite(f"Anna;{ANNA}")
    server.answers = {"RCPT": "550 5.1.1 nobody"}
    school.round()
    school.invite(f"Bram;{BRAM}")
    server.answers = {"connect": "drop"}
    for _ in range(40):
        clock.forward(hours=2)
        school.round()
    found = cohort_invitations.invitations_of(school.cohort.id)
    assert [each.is_undelivered for each in found] == [True, True]
    server.answers = {}
    clock.forward(days=1)
    assert school.round() == []


def test_two_workers_at_once_send_each_mail_once(
    school: School, server: Plan, clock: Clock
) -> None:
    school.invite("\n".join(f"n{number}@voorbeeld.nl" for number in range(6)))
    rounds = [send_cohort_mails(school.mailer, clock(), most=3) for _ in range(3)]
    while rounds:
        rounds = [each for each in rounds if next(each, None) is not None]
    clock.forward(minutes=20)
    school.round()
    assert len({mail["To"] for mail in server.taken}) == len(server.taken) == 6


def test_a_closed_cohort_mails_nobody(school: School, clock: Clock) -> None:
    school.invite(f"Anna;{ANNA}")
    archive_cohort(school.cohort, clock().date())
    assert school.round() == []


def test_docents_who_write_at_once_reach_each_learner_once(school: School, clock: Clock) -> None:
    members = [a_member(f"n{number}", clock()) for number in range(5)]
    for member in members:
        join_cohort(school.cohort, member, "Naam", clock().date())
    chosen = [member.id for member in members]
    ready = Barrier(4)

    def write(sender: int) -> int:
        database.connect()
        try:
            ready.wait()
            name = f"docent{sender}@voorbeeld.nl"
            return write_message(school.mailer, school.cohort, name, "Hoi", chosen, clock())
        finally:
            database.db.close()

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(write, range(4))) == 5
    sent = school.round()
    assert len(sent) == len(set(sent)) == 5


def test_who_joined_as_a_guest_is_still_the_one_who_was_invited_after_signing_in(
    school: School, anna: Learner, clock: Clock
) -> None:
    school.invite(f"Anna;{ANNA}")
    [invitation] = cohort_invitations.invitations_of(school.cohort.id)
    join_cohort(school.cohort, anna, "Anna", clock().date(), invitation.token)
    account = a_member("elders", clock())
    merge_guest(anna, account)
    [invitation] = cohort_invitations.invitations_of(school.cohort.id)
    assert (invitation.ended, invitation.is_member) == (Ended.JOINED, True)
    assert school.invite(f"Anna;{ANNA}") == 0
    # Nothing of an erased learner stays, and nothing of a cohort that is removed.
    with transaction():
        learners.remove_learner(account.id)
    assert cohort_invitations.invitations_of(school.cohort.id) == []
    school.invite(f"Bram;{BRAM}")
    with transaction():
        db.execute_sql("DELETE FROM cohort")
    for table in ("cohort_invitation", "cohort_mail", "no_messages"):
        assert not db.execute_sql(f"SELECT 1 FROM {table}").fetchall(), table
