"""Columns whose values are the same, to the last digit, on both engines."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from peewee import BigIntegerField, IntegerField

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_MICROSECOND = timedelta(microseconds=1)


def to_microseconds(moment: datetime) -> int:
    """Microseconds since 1970 UTC. Raises ValueError for a moment without a zone."""
    if moment.tzinfo is None:
        raise ValueError("only moments with a time zone are stored")
    return (moment - _EPOCH) // _MICROSECOND


def from_microseconds(value: int) -> datetime:
    return _EPOCH + timedelta(microseconds=value)


def to_day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - _EPOCH_DAY


# The same few thousand days, for every card of everybody: a third of the time of making them.
@lru_cache(maxsize=65_536)
def from_day_number(value: int) -> date:
    return date.fromordinal(value + _EPOCH_DAY)


class UtcDateTimeField(BigIntegerField):
    """An aware moment, kept as microseconds since 1970 UTC."""

    def db_value(self, value: datetime | None) -> int | None:
        return None if value is None else to_microseconds(value)

    def python_value(self, value: int | None) -> datetime | None:
        return None if value is None else from_microseconds(value)


class DayField(IntegerField):
    """A learner's own calendar day, kept as days since 1970-01-01."""

    def db_value(self, value: date | None) -> int | None:
        return None if value is None else to_day_number(value)

    def python_value(self, value: int | None) -> date | None:
        return None if value is None else from_day_number(value)
