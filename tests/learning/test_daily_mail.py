"""A mail when it is worth it, and less when nobody answers: as the page of mail publishes it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.learning.daily_mail import (
    GRACE,
    MailFacts,
    MailKind,
    MailReason,
    cards_are_worth_it,
    decide_mail,
    retry_after,
)
from app.learning.mail_wishes import FIRST_WISHES, Contents, MailWishes, Rhythm, due_on
from app.learning.queue import Reason, TodayPlan

ZONE = ZoneInfo("Europe/Amsterdam")
DAY = date(2026, 3, 2)
DUE = due_on(DAY, time(8), ZONE)


def wishes(**given: Any) -> MailWishes:
    changed_at = datetime(2026, 1, 1, tzinfo=UTC)
    return replace(FIRST_WISHES, stopped=None, changed_at=changed_at, **given)


def facts(**given: Any) -> MailFacts:
    standard: dict[str, Any] = {
        "cards": 0, "are_worth_it": False, "has_prompt": False, "is_done": False,
        "unanswered": 0, "last_on": None,
    }  # fmt: skip
    return MailFacts(**{**standard, **given})


@pytest.mark.parametrize(
    ("asked", "known", "reason", "kind"),
    [
        ("both", {"has_prompt": True, "cards": 3}, "prompt_and_cards", "daily"),
        ("both", {"has_prompt": True}, "prompt", "daily"),
        ("both", {"cards": 3, "are_worth_it": True}, "cards", "daily"),
        ("both", {"cards": 3}, "not_worth_it", None),
        ("both", {}, "nothing_today", None),
        ("both", {"is_done": True}, "done_today", None),
        ("both", {"has_prompt": True, "cards": 12, "is_on_break": True}, "on_break", None),
        ("cards", {"has_prompt": True}, "nothing_today", None),
        ("cards", {"has_prompt": True, "cards": 12, "are_worth_it": True}, "cards", "daily"),
        ("prompt", {"has_prompt": True, "cards": 12, "are_worth_it": True}, "prompt", "daily"),
        ("prompt", {"cards": 12, "are_worth_it": True}, "nothing_today", None),
    ],
)
def test_a_mail_comes_when_it_is_worth_it(
    asked: str, known: dict[str, Any], reason: str, kind: str | None
) -> None:
    decision = decide_mail(wishes(contents=Contents(asked)), facts(**known), DUE, DUE.at)
    assert decision.reason is MailReason(reason)
    assert decision.kind is (None if kind is None else MailKind(kind))


def test_once_a_week_any_card_is_worth_it() -> None:
    asked = wishes(contents=Contents.CARDS, rhythm=Rhythm.WEEKLY)
    assert decide_mail(asked, facts(cards=1), DUE, DUE.at).kind is MailKind.WEEKLY


def test_a_mail_that_is_half_a_day_late_stays_away() -> None:
    known = facts(has_prompt=True)
    assert decide_mail(wishes(), known, DUE, DUE.at + GRACE - timedelta(minutes=1)).kind
    late = decide_mail(wishes(), known, DUE, DUE.at + GRACE)
    assert (late.kind, late.reason) == (None, MailReason.TOO_LATE)


def days_of_silence(asked: MailWishes) -> list[tuple[int, MailKind]]:
    """The days, from 0, on which somebody who never answers gets which mail."""
    sent: list[tuple[int, MailKind]] = []
    for number in range(400):
        day = DAY + timedelta(days=number)
        if not asked.wants_on(day) or (sent and sent[-1][1] is MailKind.FAREWELL):
            continue
        due = due_on(day, time(8), ZONE)
        last_on = DAY + timedelta(days=sent[-1][0]) if sent else None
        known = facts(
            has_prompt=True, cards=12, are_worth_it=True, unanswered=len(sent), last_on=last_on
        )
        decision = decide_mail(asked, known, due, due.at)
        if decision.kind is not None:
            sent.append((number, decision.kind))
    return sent


def test_silence_is_answered_as_published() -> None:
    # "na vijf mails op rij drie keer om de dag, dan twee keer eens per week"
    days = [day for day, _ in days_of_silence(wishes())]
    assert days == [0, 1, 2, 3, 4, 6, 8, 10, 17, 24, 31]
    # "telkens met een langere tussenpoos, van 2, 2, 5, 10, 20 en 30 dagen": Orbit's days, and the end
    days = [day for day, _ in days_of_silence(wishes(contents=Contents.CARDS))]
    assert days == [0, 2, 4, 9, 19, 39, 69, 99]
    # "eens per week: zes keer"
    days = [day for day, _ in days_of_silence(wishes(rhythm=Rhythm.WEEKLY))]
    assert days == [0, 7, 14, 21, 28, 35, 42]


@pytest.mark.parametrize("given", [{}, {"contents": Contents.CARDS}, {"rhythm": Rhythm.WEEKLY}])
def test_the_last_of_them_says_that_we_stop(given: dict[str, Any]) -> None:
    kinds = [kind for _, kind in days_of_silence(wishes(**given))]
    assert kinds[-1] is MailKind.FAREWELL
    assert MailKind.FAREWELL not in kinds[:-1]


def test_an_answer_ends_the_backing_off_at_once() -> None:
    yesterday = DAY - timedelta(days=1)
    silent = facts(has_prompt=True, unanswered=8, last_on=yesterday)
    assert decide_mail(wishes(), silent, DUE, DUE.at).reason is MailReason.BACKING_OFF
    assert decide_mail(wishes(), replace(silent, unanswered=0), DUE, DUE.at).kind


@pytest.mark.parametrize(
    ("cards", "coming", "is_worth_it"), [(0, 0, False), (12, 30, True), (5, 3, True), (5, 8, False)]
)
def test_cards_alone_are_worth_a_mail_when_there_are_many_or_no_better_day_comes(
    cards: int, coming: int, is_worth_it: bool
) -> None:
    plan = TodayPlan(cards, 0, 60, Reason.CARDS_DUE, None)
    assert cards_are_worth_it(plan, [], [0, coming], DAY) is is_worth_it


def test_retries_wait_longer_and_never_longer_than_half_an_hour() -> None:
    waits = [retry_after(attempts).total_seconds() / 60 for attempts in range(8)]
    assert waits == [1, 2, 4, 8, 16, 30, 30, 30]
    assert retry_after(10**6) == timedelta(minutes=30)
