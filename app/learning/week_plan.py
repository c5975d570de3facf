"""When a cohort does which lesson: teaching weeks that are counted around the breaks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

_WEEK = timedelta(days=7)
# Longer than any course; it also ends the walk where everything is a break.
MOST_WEEKS = 60


@dataclass(frozen=True, slots=True)
class Break:
    """Days without lessons, both ends included."""

    starts_on: date
    ends_on: date

    def holds(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True)
class WeekPlan:
    """`week_of` gives the teaching week, from 1, of each planned lesson ("chapter/lesson").

    Teaching weeks run from Monday; the first is the one `starts_on` falls in. A week whose Monday to
    Friday all lie in breaks is no teaching week, so a break moves everything after it.
    """

    starts_on: date
    week_of: Mapping[str, int]
    breaks: Sequence[Break] = ()

    def is_break(self, day: date) -> bool:
        return any(each.holds(day) for each in self.breaks)

    def teaching_weeks(self) -> Iterator[date]:
        """The Mondays of the teaching weeks, in order."""
        monday = monday_of(self.starts_on)
        for _ in range(2 * MOST_WEEKS):
            if not all(self.is_break(monday + timedelta(days=n)) for n in range(5)):
                yield monday
            monday += _WEEK

    @cached_property
    def dates(self) -> Mapping[str, date]:
        """The Monday of each planned lesson's week; a lesson is due by the end of that week."""
        mondays = dict(enumerate(self.teaching_weeks(), start=1))
        return {lesson: mondays[week] for lesson, week in self.week_of.items() if week in mondays}

    @property
    def ends_on(self) -> date:
        """The Sunday of the last week with a lesson; of the first week where none is planned."""
        return max(self.dates.values(), default=monday_of(self.starts_on)) + timedelta(days=6)

    def planned_before(self, day: date) -> set[str]:
        """The lessons whose week was over before `day`: what the plan asks to be done by then."""
        return {lesson for lesson, monday in self.dates.items() if monday + _WEEK <= day}

    def in_week_of(self, day: date) -> set[str]:
        """The lessons planned for the week `day` falls in."""
        monday = monday_of(day)
        return {lesson for lesson, starts in self.dates.items() if starts == monday}

    def days_without_break(self, after: date, until: date) -> int:
        """How many days lie after `after`, up to and including `until`, breaks left out."""
        days = (until - after).days
        return sum(not self.is_break(after + timedelta(days=n)) for n in range(1, days + 1))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def spread_lessons(lessons: Sequence[str], weeks: int) -> dict[str, int]:
    """Lessons in their order over so many weeks, as evenly as whole lessons allow."""
    return {lesson: number * weeks // len(lessons) + 1 for number, lesson in enumerate(lessons)}


def moved_breaks(breaks: Iterable[Break], days: int) -> list[Break]:
    """The same breaks so many days later."""
    move = timedelta(days=days)
    return [Break(each.starts_on + move, each.ends_on + move) for each in breaks]
