"""Numbers for who likes them: what was done, how well it was held, and what is coming.

All from the log and the memories folded from it; nothing here is kept or compared with anybody.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean, median

from app.learning.course import Course
from app.learning.parameters import by_card
from app.learning.reviews import Grade, Review
from app.learning.scheduling import (
    Memory,
    Parameters,
    Prediction,
    predictions,
    retrievability,
)

DAYS_COMING = 30
WEEKS_BACK = 26
WEEKS_COMPARED = 8

# Where one column ends and the next begins.
STABILITY_BOUNDS = (7, 14, 30, 90, 365)  # days
DIFFICULTY_BOUNDS = (2, 3, 4, 5, 6, 7, 8, 9)  # from 1 to 10, as FSRS has it
CHANCE_BOUNDS = (0.5, 0.6, 0.7, 0.8, 0.9)
SECONDS_BOUNDS = (5, 10, 15, 20, 30, 60)


@dataclass(frozen=True, slots=True)
class DayDone:
    """One day: how many answers were given, how many were remembered, in how many seconds."""

    day: date
    answers: int
    remembered: int
    seconds: float

    @property
    def minutes(self) -> int:
        """Whole minutes, rounded up."""
        return -(-int(self.seconds) // 60)


@dataclass(frozen=True, slots=True)
class DayComing:
    """How many cards are due on a day; the first holds what was due before, too."""

    day: date
    cards: int


@dataclass(frozen=True, slots=True)
class RetentionWeek:
    """The first answers of a day, to cards seen on an earlier day, in the week from `monday`.

    `expected` is the mean chance by FSRS and `known` the share that was remembered, from 0 to 1;
    None where there were no such answers.
    """

    monday: date
    answers: int
    expected: float | None
    known: float | None


@dataclass(frozen=True, slots=True)
class ConceptFigures:
    """One concept: its answered cards, the answers given, those remembered, and the median time."""

    concept: str
    cards: int
    answers: int
    remembered: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Figures:
    """All of it, on one day. The counts of a histogram are one more than its bounds."""

    today: DayDone
    days: Sequence[DayDone]
    coming: Sequence[DayComing]
    weeks: Sequence[RetentionWeek]
    stability: Sequence[int]
    difficulty: Sequence[int]
    chance: Sequence[int]
    seconds: Sequence[int]
    concepts: Sequence[ConceptFigures]


def figures(
    course: Course,
    log: Sequence[Review],
    memories: Mapping[str, Memory],
    parameters: Parameters,
    today: date,
) -> Figures:
    """The figures of somebody with that log, who is asked the cards in `memories`, which were folded
    with `parameters`."""
    held = list(memories.values())
    days = days_done(log, today)
    return Figures(
        today=days[-1],
        days=days,
        coming=days_coming(held, today),
        weeks=weeks_compared(log, parameters, today),
        stability=counts((memory.stability for memory in held), STABILITY_BOUNDS),
        difficulty=counts((memory.difficulty for memory in held), DIFFICULTY_BOUNDS),
        chance=counts((_chance(memory, today) for memory in held), CHANCE_BOUNDS),
        seconds=counts(_seconds(log), SECONDS_BOUNDS),
        concepts=_concepts(course, log),
    )


def counts(values: Iterable[float], bounds: Sequence[float]) -> list[int]:
    """How many values lie below the first bound, between each two, and from the last on."""
    found = Counter(bisect_right(bounds, value) for value in values)
    return [found[column] for column in range(len(bounds) + 1)]


def days_done(log: Iterable[Review], today: date) -> list[DayDone]:
    """Every day from the Monday half a year ago to today, also those without an answer."""
    of_day: dict[date, list[Review]] = defaultdict(list)
    for review in log:
        of_day[review.day].append(review)
    first = _monday(today) - timedelta(weeks=WEEKS_BACK - 1)
    days = (first + timedelta(days=number) for number in range((today - first).days + 1))
    return [_day_done(day, of_day.get(day, [])) for day in days]


def days_coming(memories: Iterable[Memory], today: date) -> list[DayComing]:
    """What is due today, before it, and on each of the days after it, as it stands now."""
    due = Counter(max(memory.due_on, today) for memory in memories)
    days = (today + timedelta(days=number) for number in range(DAYS_COMING))
    return [DayComing(day, due[day]) for day in days]


def weeks_compared(
    log: Iterable[Review], parameters: Parameters, today: date
) -> list[RetentionWeek]:
    """The last weeks up to this one: what FSRS expected beside what was remembered.

    Only the first answer of a day to a card known from an earlier one can show whether the chances
    are right ("true retention" in Anki's manual, Statistics).
    """
    of_week: dict[date, list[Prediction]] = defaultdict(list)
    for events in by_card(log):
        for found in predictions(events, parameters):
            of_week[_monday(found.day)].append(found)
    mondays = [_monday(today) - timedelta(weeks=ago) for ago in range(WEEKS_COMPARED - 1, -1, -1)]
    return [_retention_week(monday, of_week.get(monday, [])) for monday in mondays]


def _day_done(day: date, events: Sequence[Review]) -> DayDone:
    return DayDone(
        day,
        answers=len(events),
        remembered=_remembered(events),
        seconds=sum(event.duration_ms for event in events) / 1000,
    )


def _retention_week(monday: date, found: Sequence[Prediction]) -> RetentionWeek:
    if not found:
        return RetentionWeek(monday, 0, None, None)
    return RetentionWeek(
        monday,
        len(found),
        expected=fmean(one.chance for one in found),
        known=fmean(one.was_remembered for one in found),
    )


def _concepts(course: Course, log: Iterable[Review]) -> list[ConceptFigures]:
    """Every concept with an answer, in the order of the course."""
    of_concept: dict[str, list[Review]] = {concept: [] for concept in course.concepts}
    for review in log:
        # A card may have left the course since.
        for concept in course.cards[review.card].concepts if review.card in course.cards else ():
            of_concept[concept].append(review)
    return [
        ConceptFigures(
            concept,
            cards=len({event.card for event in events}),
            answers=len(events),
            remembered=_remembered(events),
            seconds=median(_seconds(events) or [0.0]),
        )
        for concept, events in of_concept.items()
        if events
    ]


def _chance(memory: Memory, today: date) -> float:
    # It was just missed: by the formula it would be certain.
    return 0.0 if memory.is_forgotten else retrievability(memory, today)


def _seconds(events: Iterable[Review]) -> list[float]:
    # 0 is what a browser sends that did not measure.
    return [event.duration_ms / 1000 for event in events if event.duration_ms]


def _remembered(events: Iterable[Review]) -> int:
    return sum(event.grade is not Grade.AGAIN for event in events)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
