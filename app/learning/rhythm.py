"""What a learner chose about time: how much comes in a day, when it rests, and for which day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from app.learning.scheduling import Parameters, Spacing

# Percents. Below 70 most of a sitting is missed; above 97 the reviews grow faster than what is known.
LOWEST_RETENTION = 70
HIGHEST_RETENTION = 97
MOST_NEW_A_DAY = 30
FARTHEST = timedelta(days=730)

WEEKDAYS = range(7)


class Flaw(Enum):
    """What is wrong with a choice; templates own the sentence."""

    NOT_A_DATE = "not_a_date"
    NOT_AHEAD = "not_ahead"
    TOO_FAR = "too_far"
    OUT_OF_RANGE = "out_of_range"
    NO_DAY_LEFT = "no_day_left"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The choices of one learner.

    `retention` and `exam_retention` are percents: the chance with which a card should be known on
    the day it returns, and on the day `exam_on`. `easy_days` are weekdays, 0 is Monday. Nothing is
    asked before `paused_until`.
    """

    retention: int = 90
    easy_days: frozenset[int] = frozenset()
    new_a_day: int = 8
    paused_until: date | None = None
    exam_on: date | None = None
    exam_retention: int = 95

    def spacing(self, seed: int, parameters: Parameters) -> Spacing:
        """The part that decides on which day cards return, for the learner these are of."""
        return Spacing(
            seed=seed,
            retention=self.retention / 100,
            easy_days=self.easy_days,
            exam_on=self.exam_on,
            exam_retention=self.exam_retention / 100,
            parameters=parameters,
        )

    def is_paused_on(self, day: date) -> bool:
        return self.paused_until is not None and day < self.paused_until

    def is_easy_on(self, day: date) -> bool:
        return day.weekday() in self.easy_days

    def new_on(self, day: date) -> int:
        """How many new cards may begin on `day`."""
        return 0 if self.is_easy_on(day) or self.is_paused_on(day) else self.new_a_day

    def without_what_is_over(self, today: date) -> "Rhythm":
        """The same choices, as somebody sees them who opens the settings on `today`."""
        return Rhythm(
            self.retention,
            self.easy_days,
            self.new_a_day,
            self.paused_until if self.is_paused_on(today) else None,
            self.exam_on if self.exam_on and self.exam_on > today else None,
            self.exam_retention,
        )


def flaws_of(chosen: Rhythm, before: Rhythm, today: date) -> dict[str, Flaw]:
    """What is wrong with the choices, by field; nothing is wrong with what was left as it is."""
    flaws = {
        "paused_until": _date_flaw(chosen.paused_until, today),
        "exam_on": _date_flaw(chosen.exam_on, today),
        "retention": _retention_flaw(chosen.retention),
        "exam_retention": _retention_flaw(chosen.exam_retention),
        "new_a_day": None if 0 <= chosen.new_a_day <= MOST_NEW_A_DAY else Flaw.OUT_OF_RANGE,
        "easy_days": _easy_days_flaw(chosen.easy_days),
    }
    return {
        field: flaw
        for field, flaw in flaws.items()
        if flaw is not None and getattr(chosen, field) != getattr(before, field)
    }


def _date_flaw(day: date | None, today: date) -> Flaw | None:
    if day is None:
        return None
    if day <= today:
        return Flaw.NOT_AHEAD
    return Flaw.TOO_FAR if day - today > FARTHEST else None


def _retention_flaw(retention: int) -> Flaw | None:
    return None if LOWEST_RETENTION <= retention <= HIGHEST_RETENTION else Flaw.OUT_OF_RANGE


def _easy_days_flaw(days: Iterable[int]) -> Flaw | None:
    if not set(days) <= set(WEEKDAYS):
        return Flaw.OUT_OF_RANGE
    return Flaw.NO_DAY_LEFT if set(days) == set(WEEKDAYS) else None
