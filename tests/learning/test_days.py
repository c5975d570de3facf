"""When a day begins, for a learner anywhere."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.learning.days import UnknownZone, day_of, start_of, zone_named

# Each is odd in its own way: half-hour summer time, a switch at midnight, a skipped day,
# a quarter of an hour, the far ends of the map, and switches on the other half of the globe.
ZONES = (
    "UTC",
    "Europe/Amsterdam",
    "Europe/Dublin",
    "Australia/Lord_Howe",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Caracas",
    "Africa/Casablanca",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Pyongyang",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Pacific/Niue",
    "Antarctica/Troll",
)
APIA_SKIPPED = date(2011, 12, 30)


@pytest.mark.parametrize(
    ("local", "day"),
    [
        ("2026-03-02T03:59:59.999999", date(2026, 3, 1)),
        ("2026-03-02T04:00", date(2026, 3, 2)),
        ("2026-03-02T23:59", date(2026, 3, 2)),
        ("2026-03-03T01:00", date(2026, 3, 2)),
        # The night summer time begins: at two it is three.
        ("2026-03-29T01:59", date(2026, 3, 28)),
        ("2026-03-29T03:00", date(2026, 3, 28)),
        ("2026-03-29T04:00", date(2026, 3, 29)),
        # The night it ends has two hours between two and three.
        ("2026-10-25T02:30", date(2026, 10, 24)),
        ("2026-10-25T03:59", date(2026, 10, 24)),
        ("2026-10-25T04:00", date(2026, 10, 25)),
        ("2028-02-29T12:00", date(2028, 2, 29)),
        ("2028-03-01T03:00", date(2028, 2, 29)),
        ("2027-01-01T00:30", date(2026, 12, 31)),
    ],
)
def test_a_day_in_amsterdam_runs_from_four_to_four(local: str, day: date) -> None:
    zone = zone_named("Europe/Amsterdam")
    for fold in (0, 1):
        moment = datetime.fromisoformat(local).replace(tzinfo=zone, fold=fold)
        assert day_of(moment.astimezone(UTC), zone) == day


@pytest.mark.parametrize(
    ("zone_name", "utc", "day"),
    [
        ("Pacific/Kiritimati", "2026-03-01T14:00", date(2026, 3, 2)),
        ("Pacific/Niue", "2026-03-02T14:59", date(2026, 3, 1)),
        ("Pacific/Apia", "2011-12-30T09:00", date(2011, 12, 29)),  # 23:00 on the 29th
        ("Pacific/Apia", "2011-12-30T13:59", date(2011, 12, 30)),  # 03:59 on the 31st
        ("Pacific/Apia", "2011-12-30T14:00", date(2011, 12, 31)),  # the 30th was skipped
        ("Australia/Lord_Howe", "2026-10-03T16:59", date(2026, 10, 3)),  # 03:59, half an hour on
        ("Australia/Lord_Howe", "2026-10-03T17:00", date(2026, 10, 4)),
        ("America/Santiago", "2026-09-06T06:59", date(2026, 9, 5)),  # midnight did not exist
        ("America/Santiago", "2026-09-06T07:00", date(2026, 9, 6)),
    ],
)
def test_a_moment_is_another_day_elsewhere(zone_name: str, utc: str, day: date) -> None:
    assert day_of(datetime.fromisoformat(utc).replace(tzinfo=UTC), zone_named(zone_name)) == day


@pytest.mark.parametrize("zone_name", ZONES)
def test_every_day_begins_once_and_just_after_the_day_before(zone_name: str) -> None:
    zone = zone_named(zone_name)
    day = date(2010, 1, 1)
    while day < date(2028, 1, 1):
        following = day + timedelta(days=1)
        if APIA_SKIPPED not in (day, following) or zone_name != "Pacific/Apia":
            assert day_of(start_of(day, zone), zone) == day
            last_moment = start_of(following, zone) - timedelta(microseconds=1)
            assert day_of(last_moment, zone) == day
        day = following


@pytest.mark.parametrize("zone_name", ZONES)
def test_time_never_runs_back_from_one_day_to_the_day_before(zone_name: str) -> None:
    zone = zone_named(zone_name)
    moment, last = datetime(2026, 1, 1, tzinfo=UTC), date.min
    while moment < datetime(2027, 1, 1, tzinfo=UTC):
        assert last <= day_of(moment, zone)
        last = day_of(moment, zone)
        moment += timedelta(minutes=30)


def test_the_offset_in_which_a_moment_is_written_does_not_matter() -> None:
    amsterdam = zone_named("Europe/Amsterdam")
    in_utc = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)
    in_tokyo = in_utc.astimezone(ZoneInfo("Asia/Tokyo"))
    assert day_of(in_tokyo, amsterdam) == day_of(in_utc, amsterdam) == date(2026, 3, 1)


def test_a_moment_without_a_zone_belongs_to_no_day() -> None:
    with pytest.raises(ValueError, match="time zone"):
        day_of(datetime(2026, 3, 2, 12), zone_named("UTC"))  # noqa: DTZ001


@pytest.mark.parametrize(
    "name",
    ["", "Mars/Olympus", "../etc/passwd", "/etc/passwd", "Europe", "a\0b", "é" * 5000, "\ud800"],
)
def test_a_name_that_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(UnknownZone):
        zone_named(name)
