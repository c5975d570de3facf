"""The learner's own day: the one place where a moment becomes a date."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

# Whoever studies at one in the morning is still in yesterday evening.
DAY_STARTS_AT = time(4)
_SHIFT = timedelta(hours=DAY_STARTS_AT.hour)

DEFAULT_ZONE = "Europe/Amsterdam"


class UnknownZone(ValueError):
    """The name is not one of the time zones of the IANA database."""


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """The zone of that IANA name. Raises UnknownZone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZone(name) from error


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """The zones somebody can live in, in order: those named by a region and a place."""
    regions = (
        "Africa/", "America/", "Antarctica/", "Arctic/", "Asia/",
        "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/",
    )  # fmt: skip
    return tuple(sorted(name for name in available_timezones() if name.startswith(regions)))


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The learning day, from 04:00 to 04:00 local wall time, that an aware `moment` falls in."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone belongs to no day")
    return (moment.astimezone(zone).replace(tzinfo=None) - _SHIFT).date()


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which the learning day `day` begins."""
    return datetime.combine(day, DAY_STARTS_AT, tzinfo=zone).astimezone(UTC)
