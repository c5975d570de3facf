"""What somebody asked of the mail, and on which moment that falls."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

EVERY_DAY = frozenset(range(7))
# Two mails never lie closer together than this, also where somebody travels or chooses another hour.
AT_LEAST_APART = timedelta(hours=8)
LONGEST_PAUSE = timedelta(days=366)
A_WEEK = timedelta(days=7)


class Contents(Enum):
    """What stands in a mail."""

    BOTH = "both"
    CARDS = "cards"
    PROMPT = "prompt"


class Rhythm(Enum):
    """How often at most."""

    DAILY = "daily"
    WEEKLY = "weekly"


class Stopped(Enum):
    """Why there is no mail any more; templates own the sentence."""

    LEARNER = "learner"
    SILENCE = "silence"
    BOUNCED = "bounced"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class MailWishes:
    """The wishes of one learner, in their own time zone.

    `weekdays` are 0 (Monday) to 6; there is at least one. `paused_until` is the first day with mail
    again. `changed_at` is when the learner last chose something here.
    """

    at: time
    weekdays: frozenset[int]
    contents: Contents
    rhythm: Rhythm
    changed_at: datetime
    stopped: Stopped | None = None
    paused_until: date | None = None

    @property
    def is_on(self) -> bool:
        return self.stopped is None

    def wants_on(self, day: date) -> bool:
        """Whether `day` is one of those asked for; once a week is the first day of the week chosen."""
        if self.rhythm is Rhythm.WEEKLY:
            return day.weekday() == min(self.weekdays)
        return day.weekday() in self.weekdays

    def is_paused_on(self, day: date) -> bool:
        return self.paused_until is not None and day < self.paused_until

    def resumed(self, now: datetime) -> "MailWishes":
        """On again, and no longer paused; whatever silence there was is forgotten."""
        return replace(self, stopped=None, paused_until=None, changed_at=now)

    def ended(self, why: Stopped) -> "MailWishes":
        """No mail any more, until the learner asks for it. What was said first stays said."""
        return self if self.stopped else replace(self, stopped=why, paused_until=None)

    def paused(self, until: date, today: date, now: datetime) -> "MailWishes":
        """No mail before `until`, which lies after `today` and within a year. Raises ValueError."""
        if not today < until <= today + LONGEST_PAUSE:
            raise ValueError(f"a pause until {until} makes no sense on {today}")
        return replace(self, stopped=None, paused_until=until, changed_at=now)

    def weekly(self, now: datetime) -> "MailWishes":
        """At most once a week from now on."""
        return replace(self, rhythm=Rhythm.WEEKLY, stopped=None, changed_at=now)


FIRST_WISHES = MailWishes(
    at=time(8),
    weekdays=EVERY_DAY,
    contents=Contents.BOTH,
    rhythm=Rhythm.DAILY,
    changed_at=datetime(1970, 1, 1, tzinfo=UTC),
    stopped=Stopped.LEARNER,
)


@dataclass(frozen=True, slots=True)
class Due:
    """A local calendar day, and the moment (UTC) at which its mail is to go out."""

    day: date
    at: datetime


def due_on(day: date, at: time, zone: ZoneInfo) -> Due:
    """The moment of that wall time: the first of two where the clock goes back, the moment after
    the gap where it goes forward (research/reliability.md, 1.2)."""
    return Due(day, datetime.combine(day, at.replace(fold=0), tzinfo=zone).astimezone(UTC))


def next_due(
    wishes: MailWishes,
    zone: ZoneInfo,
    after: datetime,
    taken: Collection[Due] = (),
    not_before: date | None = None,
) -> Due | None:
    """The first moment after `after` that was asked for; None while there is no mail.

    `taken` are days that had their mail already, which no other hour or zone gives them again.
    """
    if not wishes.is_on:
        return None
    first = after.astimezone(zone).date() - timedelta(days=1)
    start = max(day for day in (first, wishes.paused_until, not_before) if day is not None)
    for number in range(22):
        due = due_on(start + timedelta(days=number), wishes.at, zone)
        if due.at > after and wishes.wants_on(due.day) and _is_free(due, wishes, zone, taken):
            return due
    return None


def _is_free(due: Due, wishes: MailWishes, zone: ZoneInfo, taken: Collection[Due]) -> bool:
    # Where the calendar skips a day (Apia, 30 December 2011) its moment is that of the next day.
    following = due_on(due.day + timedelta(days=1), wishes.at, zone)
    return following.at - due.at >= AT_LEAST_APART and not any(
        due.day == other.day or abs(due.at - other.at) < AT_LEAST_APART for other in taken
    )
