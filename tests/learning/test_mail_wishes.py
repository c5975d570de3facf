"""When a mail is due: on somebody's own wall clock, once a day, whatever clocks and calendars do."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.learning.mail_wishes import (
    AT_LEAST_APART,
    FIRST_WISHES,
    Due,
    MailWishes,
    Rhythm,
    Stopped,
    due_on,
    next_due,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
START = datetime(2026, 3, 1, tzinfo=UTC)


def wishes(at: time = time(8), **given: Any) -> MailWishes:
    return replace(FIRST_WISHES, at=at, stopped=None, changed_at=START, **given)


def dues(asked: MailWishes, zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[Due]:
    """Every mail from `start` to `end`, each planned after the one before."""
    after = start
    while (due := next_due(asked, zone, after)) is not None and due.at < end:
        yield due
        after = due.at


@pytest.mark.parametrize(
    ("day", "at", "moment"),
    [
        (date(2026, 3, 28), time(2, 30), "2026-03-28T02:30+01:00"),
        (date(2026, 3, 29), time(2, 30), "2026-03-29T03:30+02:00"),
        (date(2026, 10, 25), time(2, 30), "2026-10-25T02:30+02:00"),
        (date(2026, 10, 25), time(8, 0), "2026-10-25T08:00+01:00"),
        (date(2028, 2, 29), time(8, 0), "2028-02-29T08:00+01:00"),
    ],
)
def test_a_mail_is_due_on_the_wall_clock(day: date, at: time, moment: str) -> None:
    assert due_on(day, at, AMSTERDAM).at == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("zone_name", "year"),
    [("Europe/Amsterdam", 2026), ("America/Santiago", 2026), ("Australia/Lord_Howe", 2026),
     ("Pacific/Apia", 2012), ("Africa/Casablanca", 2026), ("America/Nuuk", 2024),
     ("Asia/Kathmandu", 2028), ("America/New_York", 2028), ("Africa/Cairo", 2026)],
)  # fmt: skip
@pytest.mark.parametrize("at", [time(0), time(0, 30), time(2, 30), time(8), time(23, 59)], ids=str)
def test_every_local_day_of_a_year_has_one_mail(zone_name: str, year: int, at: time) -> None:
    zone = ZoneInfo(zone_name)
    first, last = date(year, 1, 1), date(year, 12, 31)
    start = datetime.combine(first, time(0), zone) - timedelta(minutes=1)
    end = datetime.combine(last, time(23, 59, 30), zone)
    found = list(dues(wishes(at), zone, start.astimezone(UTC), end.astimezone(UTC)))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    assert [due.day for due in found] == days
    gaps = [b.at - a.at for a, b in pairwise(found)]
    assert timedelta(hours=20) <= min(gaps) and max(gaps) <= timedelta(hours=28)


def test_a_day_that_the_calendar_skips_has_no_mail() -> None:
    apia = ZoneInfo("Pacific/Apia")
    start, end = datetime(2011, 12, 27, tzinfo=UTC), datetime(2012, 1, 2, tzinfo=UTC)
    found = list(dues(wishes(), apia, start, end))
    days = [due.day.day for due in found]
    assert 30 not in days and len(days) == len(set(days))
    assert {28, 29, 31, 1} <= set(days)


def test_a_leap_day_is_a_day() -> None:
    start, end = datetime(2028, 2, 28, 12, tzinfo=UTC), datetime(2028, 3, 2, tzinfo=UTC)
    assert [due.day for due in dues(wishes(), AMSTERDAM, start, end)] == [
        date(2028, 2, 29),
        date(2028, 3, 1),
    ]


def test_only_the_days_asked_for_have_mail() -> None:
    asked = wishes(weekdays=frozenset({0, 4}))
    found = dues(asked, AMSTERDAM, START, START + timedelta(days=28))
    assert {due.day.weekday() for due in found} == {0, 4}


def test_once_a_week_is_the_first_day_asked_for() -> None:
    asked = wishes(weekdays=frozenset({2, 5}), rhythm=Rhythm.WEEKLY)
    found = list(dues(asked, AMSTERDAM, START, START + timedelta(days=28)))
    assert [due.day.weekday() for due in found] == [2, 2, 2, 2]


def test_a_pause_ends_by_itself_on_the_day_that_was_chosen() -> None:
    today = date(2026, 3, 1)
    asked = wishes().paused(date(2026, 9, 1), today, START)
    due = next_due(asked, AMSTERDAM, START)
    assert due is not None and due.day == date(2026, 9, 1)


@pytest.mark.parametrize("until", [date(2026, 2, 1), date(2026, 3, 1), date(2027, 3, 3)])
def test_a_pause_that_makes_no_sense_is_refused(until: date) -> None:
    with pytest.raises(ValueError, match="makes no sense"):
        wishes().paused(until, date(2026, 3, 1), START)


def test_who_stopped_gets_nothing_and_returns_with_one_step() -> None:
    for why in Stopped:
        stopped = wishes().ended(why)
        assert next_due(stopped, AMSTERDAM, START) is None
        assert next_due(stopped.resumed(START), AMSTERDAM, START) is not None
    # What was said first stays said.
    assert wishes().ended(Stopped.LEARNER).ended(Stopped.SILENCE).stopped is Stopped.LEARNER


def test_a_day_that_had_its_mail_gets_no_second_at_another_hour() -> None:
    had = due_on(date(2026, 3, 2), time(8), AMSTERDAM)
    later = next_due(wishes(time(20)), AMSTERDAM, had.at, [had])
    assert later is not None and later.day == date(2026, 3, 3)


def test_nobody_gets_two_mails_within_a_night() -> None:
    had = due_on(date(2026, 3, 2), time(23, 59), AMSTERDAM)
    due = next_due(wishes(time(0, 5)), AMSTERDAM, had.at, [had])
    assert due is not None and due.day == date(2026, 3, 4)
    assert due.at - had.at >= AT_LEAST_APART


@pytest.mark.parametrize(
    "journey",
    [("Europe/Amsterdam", "America/Paramaribo"), ("Europe/Amsterdam", "Asia/Tokyo"),
     ("Pacific/Honolulu", "Pacific/Auckland"), ("Pacific/Auckland", "Pacific/Honolulu")],
)  # fmt: skip
def test_who_travels_gets_at_most_one_mail_a_day_and_soon_the_next(
    journey: tuple[str, str],
) -> None:
    home, away = map(ZoneInfo, journey)
    for hours in range(48):
        had = due_on(date(2026, 3, 2), time(8), home)
        left = had.at + timedelta(hours=hours)
        at_home = [had, *dues(wishes(), home, had.at, left)]
        due = next_due(wishes(), away, left, at_home)
        assert due is not None
        assert due.day not in {each.day for each in at_home}
        assert AT_LEAST_APART <= due.at - at_home[-1].at <= timedelta(hours=56)
