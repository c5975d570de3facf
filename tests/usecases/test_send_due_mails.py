"""The mail of the day on a real mail server: one for each local day, whatever happens."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.content.help_lines import read_help_lines
from app.learning.course import Course
from app.learning.daily_mail import MailReason, MailState
from app.learning.mail_wishes import Contents, Rhythm, Stopped
from app.learning.people import Learner
from app.learning.reviews import Review
from app.learning.week_plan import Break
from app.mail.mailer import Mailer
from app.mail.outbox import SmtpOutbox
from app.storage import daily_mails, database, learners, mail_wishes
from app.storage.database import db
from app.usecases.change_cohort import change_week_plan
from app.usecases.change_mail_wishes import change_mail_wishes
from app.usecases.change_preferences import change_preferences
from app.usecases.create_cohort import create_cohort
from app.usecases.invite_instructor import invite_instructor
from app.usecases.join_cohort import join_cohort
from app.usecases.preview_mail import preview_mail
from app.usecases.record_reviews import record_reviews
from app.usecases.send_due_mails import BATCH, MailResult, send_due_mails
from tests.conftest import Clock
from tests.mail_scene import a_member, next_at, with_a_card
from tests.mail_server import Plan, mail_server

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ANNA = "anna@voorbeeld.nl"


@pytest.fixture
def server() -> Iterator[Plan]:
    with mail_server() as plan:
        yield plan


class Postmaster:
    """Does rounds of the timetable against the server of this test."""

    def __init__(self, course: Course, server: Plan, clock: Clock) -> None:
        self.course = course
        self.clock = clock
        outbox = SmtpOutbox("127.0.0.1", server.port)
        site = "https://haven.example.nl"
        self.mailer = Mailer(outbox, "Haven <haven@example.nl>", site, read_help_lines())

    def member(self, name: str, zone_name: str = "Europe/Amsterdam", **wishes: Any) -> Learner:
        """Somebody who asked for mail and has a card that waits, so that every day is worth one."""
        learner = a_member(name, self.clock(), zone_name, **wishes)
        with_a_card(learner, self.course, self.clock())
        return learner

    def round(self, owner: str = "one") -> list[MailResult]:
        """Until nothing is left."""
        results: list[MailResult] = []
        while found := list(send_due_mails(self.course, self.mailer, owner, self.clock())):
            results += found
        return results

    def rounds(self, until: datetime, every: timedelta = timedelta(minutes=30)) -> None:
        while self.clock.now < until:
            self.round()
            self.clock.now += every


@pytest.fixture
def postmaster(db_url: str, small_course: Course, server: Plan, clock: Clock) -> Postmaster:
    return Postmaster(small_course, server, clock)


def days_sent(learner: Learner) -> list[date]:
    taken = daily_mails.taken_since(learner.id, date(2000, 1, 1))
    return sorted(due.day for due in taken)


def mail_of(learner: Learner, day: date) -> daily_mails.DailyMail:
    found = daily_mails.mail_on(learner.id, day)
    assert found is not None
    return found


def test_cards_and_prompt_come_in_one_mail(
    postmaster: Postmaster, server: Plan, clock: Clock, review: Callable[..., Review],
    small_course: Course,
) -> None:  # fmt: skip
    anna = postmaster.member("anna")
    record_reviews(small_course, anna, [review()], clock())
    clock.now = datetime(2026, 3, 12, 8, 0, tzinfo=UTC)
    mail_wishes.release(anna.id, next_at(anna) or clock(), clock())
    [result] = [each for each in postmaster.round() if each.state is MailState.SENT]
    assert result.decision.reason is MailReason.PROMPT_AND_CARDS
    [mail] = server.taken
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    for part in (text, html):
        assert "1 kaart voor je klaar" in part
        assert "https://haven.example.nl/mail/token-anna" in part
        for number in ("113", "0800-0113", "1813", "112"):
            assert number in part


def test_the_mail_says_what_a_mail_must_say(
    postmaster: Postmaster, server: Plan, clock: Clock
) -> None:
    anna = postmaster.member("anna")
    clock.forward(days=1)
    postmaster.round()
    [mail] = server.taken
    assert mail["Subject"] == "Je moment van vandaag"
    assert mail["List-Unsubscribe"] == "<https://haven.example.nl/mail/token-anna>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == "<dagelijks.haven.example.nl>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "nl"
    assert mail["Message-ID"] == mail_of(anna, date(2026, 3, 3)).message_id
    assert len(mail.as_bytes()) < 30_000
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert '<html lang="nl">' in html
    assert html.count("<h1>") == 1
    for absent in ("<img", "<script", "url(", "utm_", "http://"):
        assert absent not in html, absent


@pytest.mark.parametrize(
    ("zone_name", "start"),
    [("Europe/Amsterdam", "2026-03-27"), ("Europe/Amsterdam", "2026-10-23"),
     ("America/Santiago", "2026-04-03"), ("America/Santiago", "2026-09-04"),
     ("Australia/Lord_Howe", "2026-04-03"), ("Australia/Lord_Howe", "2026-10-02"),
     ("Pacific/Apia", "2011-12-28"), ("Europe/Amsterdam", "2028-02-27")],
)  # fmt: skip
def test_every_local_day_has_one_mail_over_every_change_of_the_clock(
    postmaster: Postmaster, server: Plan, clock: Clock, zone_name: str, start: str
) -> None:
    zone = ZoneInfo(zone_name)
    first = datetime.fromisoformat(start).replace(tzinfo=zone)
    clock.now = first.astimezone(UTC) - timedelta(seconds=30)
    hours = {"middernacht": time(0), "nacht": time(2, 30), "ochtend": time(8), "laat": time(23, 59)}
    cast = {name: postmaster.member(name, zone_name, at=at) for name, at in hours.items()}
    end = (first + timedelta(days=5)).astimezone(UTC)
    while clock() < end:
        # They answer, so that silence plays no part.
        for learner in cast.values():
            change_mail_wishes(learner, lambda wishes: replace(wishes, changed_at=clock()), clock())
        postmaster.round()
        clock.forward(minutes=30)
    expected = {first.date() + timedelta(days=number) for number in range(5)}
    if zone_name == "Pacific/Apia":
        expected.discard(date(2011, 12, 30))
    for name, learner in cast.items():
        sent = Counter(days_sent(learner))
        assert set(sent) == expected, name
        assert set(sent.values()) == {1}
        assert len(server.to(f"{name}@voorbeeld.nl")) == len(sent)


def test_another_hour_on_the_same_day_brings_no_second_mail(
    postmaster: Postmaster, server: Plan, clock: Clock
) -> None:
    anna = postmaster.member("anna", at=time(12))
    postmaster.rounds(datetime(2026, 3, 2, 12, 0, tzinfo=UTC))
    change_mail_wishes(anna, lambda wishes: replace(wishes, at=time(20)), clock())
    postmaster.rounds(datetime(2026, 3, 3, 12, 0, tzinfo=UTC))
    assert len(server.taken) == 1
    postmaster.rounds(datetime(2026, 3, 4, 0, 0, tzinfo=UTC))
    assert [mail.due.at.hour for mail in (mail_of(anna, day) for day in days_sent(anna))] == [
        11,
        19,
    ]


def test_a_learner_who_travels_is_mailed_at_the_hour_of_the_place(
    postmaster: Postmaster, server: Plan, clock: Clock
) -> None:
    anna = postmaster.member("anna")
    postmaster.rounds(datetime(2026, 3, 3, 12, 0, tzinfo=UTC))
    change_preferences(
        anna, track=anna.track, buttons=2, zone_name="America/Paramaribo", now=clock()
    )
    postmaster.rounds(datetime(2026, 3, 5, 13, 0, tzinfo=UTC))
    sent = [mail_of(anna, day).due.at for day in days_sent(anna)]
    assert [moment.hour for moment in sent] == [8, 12, 12]
    assert len(server.taken) == 3


def test_in_a_break_of_ones_cohort_no_mail_comes_and_the_page_says_when_the_next_does(
    postmaster: Postmaster, server: Plan, clock: Clock
) -> None:
    anna, bram = postmaster.member("anna"), postmaster.member("bram")
    invite_instructor("docent@voorbeeld.nl", clock())
    today = date(2026, 3, 2)
    cohort = create_cohort(
        postmaster.course, "docent@voorbeeld.nl", name="B", institution="", starts_on=today, weeks=2
    )
    change_week_plan(cohort, today, {}, [Break(date(2026, 3, 4), date(2026, 3, 6))])
    join_cohort(cohort, anna, "Anna", today)
    postmaster.rounds(datetime(2026, 3, 3, 12, 0, tzinfo=UTC))
    shown = preview_mail(anna, clock())
    assert shown.next and shown.next.day == date(2026, 3, 7)
    assert shown.break_until == date(2026, 3, 6)
    reasons = []
    while clock() < datetime(2026, 3, 8, 0, 0, tzinfo=UTC):
        reasons += [each.decision.reason for each in postmaster.round()]
        clock.forward(minutes=30)
    assert reasons.count(MailReason.ON_BREAK) == 3
    # He answered as little as she did, and is in no cohort.
    assert [day.day for day in days_sent(bram)] == [3, 4, 5, 6, 7]
    assert [day.day for day in days_sent(anna)] == [3, 7]


def test_a_worker_that_was_away_for_three_days_sends_one_mail_and_names_the_others(
    postmaster: Postmaster, server: Plan, clock: Clock
) -> None:
    anna = postmaster.member("anna")
    clock.now = datetime(2026, 3, 6, 10, 0, tzinfo=UTC)
    results = postmaster.round()
    assert [result.state for result in results] == [MailState.MISSED] * 3 + [MailState.SENT]
    assert len(server.taken) == 1
    assert mail_of(anna, date(2026, 3, 4)).reason is MailReason.TOO_LATE
    assert postmaster.round() == []


def test_a_worker_that_was_away_for_a_year_does_not_go_through_all_of_it(
    postmaster: Postmaster, server: Plan, clock: Clock
) -> None:
    postmaster.member("anna")
    clock.forward(days=365)
    assert len(postmaster.round()) <= 9
    assert len(server.taken) <= 1


def test_a_clock_that_is_set_back_brings_no_second_mail_and_keeps_nobody_waiting(
    postmaster: Postmaster, server: Plan, clock: Clock
) -> None:
    anna = postmaster.member("anna")
    clock.forward(days=1)
    postmaster.round()
    right = clock()
    for back in (timedelta(hours=6), timedelta(days=1), timedelta(minutes=1)):
        clock.now = right - back
        postmaster.round()
        clock.now = right
        postmaster.round()
    assert len(server.taken) == 1
    clock.forward(days=40)
    postmaster.round()
    clock.now = right
    before = len(server.taken)
    postmaster.rounds(right + timedelta(days=2))
    assert set(days_sent(anna)) >= {date(2026, 3, 4)}
    assert len(server.taken) == before + 2


@pytest.mark.parametrize(
    ("stage", "answer"),
    [("connect", "drop"), ("EHLO", "drop"), ("MAIL", "451 later"), ("MAIL", "550 5.7.1 no"),
     ("RCPT", "450 greylisted"), ("RCPT", "drop"), ("DATA", "451 later"), ("text", "452 full")],
)  # fmt: skip
def test_a_mail_that_was_not_taken_is_tried_again_until_it_is(
    postmaster: Postmaster, server: Plan, clock: Clock, stage: str, answer: str
) -> None:
    anna = postmaster.member("anna")
    clock.forward(days=1)
    server.answers = {stage: answer}
    [first] = list(send_due_mails(postmaster.course, postmaster.mailer, "one", clock()))
    assert first.state is MailState.WAITING and first.error
    assert postmaster.round() == []
    server.answers = {}
    clock.forward(minutes=5)
    [again] = postmaster.round()
    assert again.state is MailState.SENT
    assert mail_of(anna, date(2026, 3, 3)).attempts == 2
    assert len(server.taken) == 1
    assert server.taken[0]["Message-ID"] == mail_of(anna, date(2026, 3, 3)).message_id
    assert postmaster.round() == []


def test_a_mail_that_stays_refused_is_a_dead_letter_when_the_day_is_over(
    postmaster: Postmaster, server: Plan, clock: Clock
) -> None:
    anna = postmaster.member("anna")
    clock.forward(days=1)
    server.answers = {"MAIL": "451 later"}
    tries = 0
    for _ in range(30 * 60 // 10):
        tries += len(postmaster.round())
        clock.forward(minutes=10)
    dead = mail_of(anna, date(2026, 3, 3))
    assert dead.state is MailState.DEAD and "451 later" in dead.error
    # Half an hour at most between tries, half a day long; and then the next day's.
    assert 24 <= dead.attempts <= 32
    server.answers = {}
    clock.forward(hours=1)
    postmaster.round()
    assert [mail["To"] for mail in server.taken] == [ANNA]
    assert dead in daily_mails.troubles_since(date(2026, 3, 1), 10)


def test_an_address_that_does_not_exist_ends_the_mail_and_the_learner_sees_it(
    postmaster: Postmaster, server: Plan, clock: Clock
) -> None:
    anna = postmaster.member("anna")
    clock.forward(days=1)
    server.answers = {"RCPT": "550 5.1.1 no such user"}
    [result] = postmaster.round()
    assert result.state is MailState.DEAD
    mailing = mail_wishes.mailing_of(anna.id)
    assert mailing is not None
    assert mailing.wishes.stopped is Stopped.BOUNCED and mailing.next_at is None


@pytest.mark.parametrize("answer", ["drop", "lost"])
def test_a_line_that_breaks_after_the_text_leaves_a_doubt_and_no_second_mail(
    postmaster: Postmaster, server: Plan, clock: Clock, answer: str
) -> None:
    anna = postmaster.member("anna")
    clock.forward(days=1)
    server.answers = {"text": answer}
    [result] = postmaster.round()
    assert result.state is MailState.IN_DOUBT
    server.answers = {}
    postmaster.rounds(clock() + timedelta(hours=20))
    assert len(server.taken) == (1 if answer == "lost" else 0)
    doubted = mail_of(anna, date(2026, 3, 3))
    assert doubted.state is MailState.IN_DOUBT and doubted.error
    assert doubted in daily_mails.troubles_since(date(2026, 3, 1), 10)
    postmaster.rounds(clock() + timedelta(hours=8))
    assert mail_of(anna, date(2026, 3, 4)).state is MailState.SENT


def test_a_server_that_is_away_is_asked_once_a_round_and_nobody_is_forgotten(
    postmaster: Postmaster, server: Plan, clock: Clock
) -> None:
    cast = [postmaster.member(f"anna{number}") for number in range(5)]
    clock.forward(days=1)
    server.answers = {"connect": "drop"}
    results = postmaster.round()
    assert [result.state for result in results] == [MailState.WAITING]
    assert server.connections == 1
    server.answers = {}
    clock.forward(minutes=3)
    postmaster.round()
    assert Counter(mail["To"] for mail in server.taken) == {learner.email: 1 for learner in cast}


def test_one_learner_who_makes_trouble_keeps_no_other_from_their_mail(
    postmaster: Postmaster, server: Plan, clock: Clock
) -> None:
    cast = [postmaster.member(f"anna{number}") for number in range(3)]
    clock.forward(days=1)
    db.execute_sql("UPDATE learner SET zone_name = 'Nergens/Hier' WHERE id = 1")
    with pytest.raises(Exception, match="Nergens"):
        postmaster.round()
    clock.forward(minutes=2)
    postmaster.round()
    assert {mail["To"] for mail in server.taken} == {learner.email for learner in cast[1:]}


def test_a_guest_and_a_learner_who_is_gone_get_nothing(
    postmaster: Postmaster, server: Plan, clock: Clock, anna: Learner
) -> None:
    gone = postmaster.member("bram")
    change_mail_wishes(anna, lambda wishes: wishes.resumed(clock()), clock())
    learners.remove_learner(gone.id)
    clock.forward(days=1)
    assert [result.decision.reason for result in postmaster.round()] == [MailReason.NO_ADDRESS]
    assert server.taken == []


def test_the_silent_get_less_and_then_a_farewell_and_return_with_one_step(
    postmaster: Postmaster, server: Plan, clock: Clock
) -> None:
    anna = postmaster.member("anna")
    start = date(2026, 3, 3)
    postmaster.rounds(clock() + timedelta(days=60), every=timedelta(hours=6))
    days = [(day - start).days for day in days_sent(anna)]
    assert days == [0, 1, 2, 3, 4, 6, 8, 10, 17, 24, 31]
    assert server.taken[-1]["Subject"] == "We mailen je even niet"
    mailing = mail_wishes.mailing_of(anna.id)
    assert mailing is not None and mailing.wishes.stopped is Stopped.SILENCE
    change_mail_wishes(anna, lambda wishes: wishes.resumed(clock()), clock())
    postmaster.rounds(clock() + timedelta(days=3), every=timedelta(hours=6))
    assert len(days_sent(anna)) == 13


def test_a_grade_is_an_answer(
    postmaster: Postmaster, server: Plan, clock: Clock, small_course: Course,
    review: Callable[..., Review],
) -> None:  # fmt: skip
    anna = postmaster.member("anna")
    for number in range(20):
        postmaster.round()
        clock.forward(days=1)
        if number % 4 == 0:
            record_reviews(small_course, anna, [review("los-vaster")], clock())
    results = [mail_of(anna, day).state for day in days_sent(anna)]
    assert len(results) >= 17 and set(results) == {MailState.SENT}


def test_the_weekly_variant_comes_once_a_week(
    postmaster: Postmaster, server: Plan, clock: Clock
) -> None:
    postmaster.member("anna", rhythm=Rhythm.WEEKLY, weekdays=frozenset({3}))
    postmaster.rounds(clock() + timedelta(days=22), every=timedelta(hours=3))
    subjects = [mail["Subject"] for mail in server.taken]
    assert len(subjects) == 3 and all(each.endswith("van deze week") for each in subjects)


def test_cards_alone_bring_no_mail_on_a_day_without_cards(
    postmaster: Postmaster, server: Plan, clock: Clock
) -> None:
    a_member("anna", clock(), contents=Contents.CARDS)
    clock.forward(days=1)
    [result] = postmaster.round()
    assert (result.decision.reason, result.state) == (MailReason.NOTHING_TODAY, None)
    assert server.taken == []


def test_a_round_takes_a_handful_at_a_time_and_leaves_nobody(
    postmaster: Postmaster, server: Plan, clock: Clock
) -> None:
    for number in range(BATCH + 3):
        postmaster.member(f"a{number}")
    clock.forward(days=1)
    first = list(send_due_mails(postmaster.course, postmaster.mailer, "one", clock()))
    assert len(first) == BATCH
    assert len(postmaster.round()) == 3
    assert len({mail["To"] for mail in server.taken}) == BATCH + 3 == len(server.taken)


def test_a_mail_that_another_worker_took_over_is_not_sent_by_the_first(
    postmaster: Postmaster, server: Plan, clock: Clock
) -> None:
    """The first worker was away from before the text until its lease had run out."""
    postmaster.member("anna")
    clock.forward(days=1)
    seconds: list[Any] = []

    def overtake(stage: str) -> None:
        if stage == "DATA" and not seconds:
            seconds.append(stage)
            database.connect()
            clock.forward(minutes=11)
            seconds.extend(postmaster.round("two"))

    server.before = overtake
    now = clock()
    [first] = list(send_due_mails(postmaster.course, postmaster.mailer, "one", now))
    assert first.state is None
    assert seconds[1].state is MailState.SENT
    assert len(server.taken) == 1


def test_what_a_round_asks_of_the_database(
    postmaster: Postmaster, server: Plan, clock: Clock, count_queries: Any
) -> None:
    postmaster.member("anna")
    clock.forward(days=1)
    with count_queries() as queries:
        postmaster.round()
    # Two rounds of one look each (4), the claim and its facts (17), the fence (1), the mark (6).
    assert len(queries) <= 30, queries
