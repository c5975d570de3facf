"""Reviews in, memory out. The only file that knows fsrs.

py-fsrs does the arithmetic of FSRS-6 (Ye et al., open-spaced-repetition). Around it, because its
clock counts blocks of 24 hours and its fuzz is unseeded and biased by half a day: elapsed time is
counted in the learner's calendar days, and intervals are spread by an unbiased offset that is the
same for all four buttons. See `docs/decisions/0002-fsrs-by-calendar-day.md`.

What a learner chooses about time moves due days only, never stability or difficulty
(`docs/decisions/0015-time-is-in-the-fold.md`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from math import floor
from typing import NamedTuple
from uuid import UUID

from fsrs import Rating, Scheduler

from app.learning.reviews import Grade, Review

DESIRED_RETENTION = 0.9
MAXIMUM_INTERVAL = 36_500

# The 21 weights of FSRS-6; the last one is the decay of the forgetting curve.
Parameters = tuple[float, ...]
DEFAULT_PARAMETERS: Parameters = tuple(Scheduler().parameters)
DEFAULT_DECAY = DEFAULT_PARAMETERS[20]
_RATINGS = {grade: Rating(grade.value) for grade in Grade}
_GRADES = tuple(Grade)
_REMEMBERED = (Grade.HARD, Grade.GOOD, Grade.EASY)


@dataclass(frozen=True, slots=True)
class Memory:
    """What one learner remembers of one card: a fold of its reviews.

    `stability` is in days (the time in which recall falls to 90 %), `difficulty` from 1 to 10.
    `due_on` is the learner's own day; for a card forgotten on its last day it is that day itself.
    `last_at` and `last_id` are those of the last review in the order of the log. `returned` counts
    the answers on a later day than the one before, `remembered` those of them that were no miss.
    `decay` is how the forgetting curve falls under the parameters it was folded with.
    """

    card: str
    stability: float
    difficulty: float
    due_on: date
    last_day: date
    last_at: datetime
    last_id: UUID
    reviews: int
    lapses: int
    decay: float = DEFAULT_DECAY
    returned: int = 0
    remembered: int = 0

    @property
    def is_forgotten(self) -> bool:
        """True from a missed review until the card is remembered once."""
        return self.due_on == self.last_day

    @property
    def was_remembered(self) -> bool:
        """Whether the card was remembered at least once; what lapsed was remembered before."""
        return not self.is_forgotten or self.lapses > 0

    def returning_on(self, day: date) -> "Memory":
        """The same, but asked on another day."""
        return replace(self, due_on=day)

    def follows(self, review: Review) -> bool:
        """Whether `review` comes after everything folded in here, so it can be added on top."""
        return (review.reviewed_at, review.id.int) > (self.last_at, self.last_id.int)


class CardDays(NamedTuple):
    """Of a `Memory` only what a plan of days asks, for somebody's every card at a time.

    A named tuple, because hundreds are made for every page: a dataclass takes three times as long.
    """

    card: str
    due_on: date
    last_day: date
    was_remembered: bool

    def returning_on(self, day: date) -> "CardDays":
        """The same, but asked on another day."""
        return self._replace(due_on=day)


@dataclass(frozen=True, slots=True)
class Spacing:
    """What decides on which day a card returns, besides what is remembered of it.

    `seed` is the learner's own and spreads the intervals. `retention` is the chance, from 0 to 1,
    with which a card should be known on the day it returns, `exam_retention` the chance on the day
    `exam_on`. On `easy_days` (weekdays, 0 is Monday) as little as possible returns. `parameters` are
    those that the learner's memories are folded with.
    """

    seed: int
    retention: float = DESIRED_RETENTION
    easy_days: frozenset[int] = frozenset()
    exam_on: date | None = None
    exam_retention: float = DESIRED_RETENTION
    parameters: Parameters = DEFAULT_PARAMETERS


@dataclass(frozen=True, slots=True)
class Prediction:
    """What was expected of one review on a later day than the one before, and what came of it.

    `chance` is from 0 to 1; `elapsed_days` at least 1; `reviews` and `lapses` count what came
    before on other days, the very first review with them; `is_first` where there was only that day.
    """

    day: date
    chance: float
    was_remembered: bool
    elapsed_days: int
    reviews: int
    lapses: int

    @property
    def is_first(self) -> bool:
        return self.reviews == 1


@dataclass(frozen=True, slots=True)
class Step:
    """What one grade would make of a memory: stability (days), difficulty, interval (days)."""

    stability: float
    difficulty: float
    interval: int


def in_log_order(reviews: Iterable[Review]) -> list[Review]:
    """The one order in which reviews are folded, whatever the order in which they arrived."""
    return sorted(reviews, key=lambda review: (review.reviewed_at, review.id.int))


def check_parameters(parameters: Parameters) -> None:
    """Raises ValueError for what FSRS-6 cannot calculate with: out of bounds, not 21, not a number."""
    Scheduler(parameters)


def fold(reviews: Iterable[Review], spacing: Spacing) -> Memory | None:
    """The memory that all reviews of one card leave behind; None without reviews."""
    ordered = in_log_order(reviews)
    return remember_all(None, ordered, spacing) if ordered else None


def remember_all(memory: Memory | None, reviews: Sequence[Review], spacing: Spacing) -> Memory:
    """The memory after one or more reviews, which are in the order of the log."""
    first, *others = reviews
    after = remember(memory, first, spacing)
    for review in others:
        after = remember(after, review, spacing)
    return after


def remember(memory: Memory | None, review: Review, spacing: Spacing) -> Memory:
    """The memory after one more review. `memory` is None for the first one.

    The parameters in `spacing` are those that `memory` was folded with.
    """
    day = review.day if memory is None else max(review.day, memory.last_day)
    model = _model_of(spacing)
    step = _step_after(memory, day, review.grade, model)
    intervals = _return_intervals(memory, review.card, day, spacing, review.grade, model)
    reviews = 0 if memory is None else memory.reviews
    lapses = 0 if memory is None else memory.lapses
    missed = review.grade is Grade.AGAIN
    has_returned = memory is not None and day > memory.last_day
    return Memory(
        card=review.card,
        stability=step.stability,
        difficulty=step.difficulty,
        due_on=day + timedelta(days=intervals[-1]),
        last_day=day,
        last_at=review.reviewed_at,
        last_id=review.id,
        reviews=reviews + 1,
        lapses=lapses + (missed and memory is not None and not memory.is_forgotten),
        decay=spacing.parameters[20],
        returned=(0 if memory is None else memory.returned) + has_returned,
        remembered=(0 if memory is None else memory.remembered) + (has_returned and not missed),
    )


def return_days(
    memory: Memory | None, card: str, day: date, spacing: Spacing, highest: Grade = Grade.EASY
) -> dict[Grade, date]:
    """The day on which `card` returns for each grade given on `day`: what the buttons show.

    `remember` gives exactly these days. A missed card returns the same day; for the others
    hard < good < easy always holds. Grades above `highest` are left out.
    """
    day = day if memory is None else max(day, memory.last_day)
    intervals = _return_intervals(memory, card, day, spacing, highest, _model_of(spacing))
    return {
        grade: day + timedelta(days=interval)
        for grade, interval in zip(_GRADES, intervals, strict=False)
    }


def retrievability(memory: Memory, day: date) -> float:
    """The chance, from 0 to 1, that the card is remembered on `day`."""
    return _recall(memory.stability, max(0, (day - memory.last_day).days), memory.decay)


def predictions(
    reviews: Iterable[Review], parameters: Parameters = DEFAULT_PARAMETERS
) -> Iterator[Prediction]:
    """What these parameters expected of each review of one card, but for those on a day that had one.

    FSRS is fitted and judged on those (srs-benchmark, open-spaced-repetition): within a day nothing
    is forgotten by its curve.
    """
    model = _model(parameters, DESIRED_RETENTION)
    last: tuple[date, Step] | None = None
    days = lapses = 0
    for review in in_log_order(reviews):
        if last is None:
            day, step = review.day, _step(None, None, 0, review.grade, model)
            days = 1
        else:
            last_day, before = last
            day = max(review.day, last_day)
            elapsed = (day - last_day).days
            step = _step(before.stability, before.difficulty, elapsed, review.grade, model)
            if elapsed:
                was_remembered = review.grade is not Grade.AGAIN
                chance = _recall(before.stability, elapsed, parameters[20])
                yield Prediction(day, chance, was_remembered, elapsed, days, lapses)
                days += 1
                lapses += not was_remembered
        last = day, step


def _recall(stability: float, elapsed_days: int, decay: float) -> float:
    return float((1 + _factor(decay) * elapsed_days / stability) ** -decay)


@lru_cache(maxsize=1024)
def _factor(decay: float) -> float:
    """What makes the curve pass through 0.9 at the stability; computed as py-fsrs does."""
    return float(0.9 ** (1 / -decay) - 1)


def day_below(memory: Memory, chance: float) -> date:
    """The first day on which the card is remembered with less than `chance` (between 0 and 1).

    The forgetting curve of FSRS-6, R(t) = (1 + f t / S)^-d where f makes R(S) = 0.9 ("The
    Algorithm", wiki of open-spaced-repetition/fsrs4anki), turned round: t = S / f (R^(-1/d) - 1)
    days; at most MAXIMUM_INTERVAL.
    """
    days = memory.stability / _factor(memory.decay) * (chance ** (-1 / memory.decay) - 1)
    # A century is as good as for ever, and dates end at the year 9999.
    return memory.last_day + timedelta(days=floor(min(days, MAXIMUM_INTERVAL)) + 1)


def steps_after(
    memory: Memory | None, day: date, parameters: Parameters = DEFAULT_PARAMETERS
) -> tuple[Step, Step, Step, Step]:
    """The four outcomes, again to easy, of reviewing on `day`; intervals are not spread yet."""
    model = _model(parameters, DESIRED_RETENTION)
    again, hard, good, easy = (_step_after(memory, day, grade, model) for grade in Grade)
    return again, hard, good, easy


class _Model(Scheduler):
    """py-fsrs's arithmetic with one set of parameters; unlike its own it can be the key of a cache,
    and a quick one: 21 numbers take as long to look up as all the rest."""

    __eq__ = object.__eq__
    __hash__ = object.__hash__


@lru_cache(maxsize=1024)
def _model(parameters: Parameters, retention: float) -> _Model:
    # No learning steps: a card forgotten today stays in today's session by the queue's rule
    # (`due_on` is the day itself), not by a timer of minutes.
    return _Model(
        parameters,
        desired_retention=retention,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=MAXIMUM_INTERVAL,
        enable_fuzzing=False,
    )


def _model_of(spacing: Spacing) -> _Model:
    return _model(spacing.parameters, spacing.retention)


def _step_after(memory: Memory | None, day: date, grade: Grade, model: _Model) -> Step:
    if memory is None:
        return _step(None, None, 0, grade, model)
    elapsed_days = (day - memory.last_day).days
    return _step(memory.stability, memory.difficulty, elapsed_days, grade, model)


# The same outcomes are wanted when a card is shown and again when it is graded.
@lru_cache(maxsize=262_144)
def _step(
    stability: float | None,
    difficulty: float | None,
    elapsed_days: int,
    grade: Grade,
    model: _Model,
) -> Step:
    # The arithmetic of `Scheduler.review_card`, without the Card, its copy, the log and the dates
    # around it: they take four times as long. `tests/learning/test_scheduling.py` holds the two
    # equal to the last bit.
    rating = _RATINGS[grade]
    if stability is None or difficulty is None:
        after = model._initial_stability(rating=rating)
        harder = model._initial_difficulty(rating=rating, clamp=True)
    else:
        after = (
            model._short_term_stability(stability=stability, rating=rating)
            if elapsed_days < 1
            else model._next_stability(
                difficulty=difficulty,
                stability=stability,
                retrievability=_recall(stability, elapsed_days, model.parameters[20]),
                rating=rating,
            )
        )
        harder = model._next_difficulty(difficulty=difficulty, rating=rating)
    return Step(after, harder, model._next_interval(stability=after))


def _return_intervals(
    memory: Memory | None, card: str, day: date, spacing: Spacing, highest: Grade, model: _Model
) -> list[int]:
    """In how many days the card returns for each grade up to `highest`.

    Only what is asked for is computed: py-fsrs is the dearest part of a grade but the disk.
    """
    share = _share(spacing.seed, card, 0 if memory is None else memory.reviews)
    intervals = [0]
    for grade in _REMEMBERED[: highest - 1]:
        step = _step_after(memory, day, grade, model)
        interval = _interval(step, grade, day, spacing, share)
        intervals.append(max(interval, intervals[-1] + 1))
    return intervals


def _interval(step: Step, grade: Grade, day: date, spacing: Spacing, share: float) -> int:
    """In how many days a card returns that is held like `step` after that grade on `day`."""
    interval = _spread_round(step.interval, share, day, spacing.easy_days)
    left = 0 if spacing.exam_on is None else (spacing.exam_on - day).days
    if left <= 1:
        return interval
    # What would not be asked again before the exam, and would not be known well enough on that
    # day, is asked when it falls to what is wanted then. The better grades still come later: for
    # each a day is left before the exam.
    latest = max(1, left - 1 - (Grade.EASY - grade))
    chance = _recall(step.stability, left, spacing.parameters[20])
    if interval <= latest or chance >= spacing.exam_retention:
        return interval
    model = _model(spacing.parameters, spacing.exam_retention)
    sooner = model._next_interval(stability=step.stability)
    return min(_spread_round(sooner, share, day, spacing.easy_days), latest)


def _spread_round(interval: int, share: float, day: date, easy_days: frozenset[int]) -> int:
    """`spread`, past the easy days: another day within the same reach where there is one."""
    chosen = spread(interval, share)
    if not easy_days or (day.weekday() + chosen) % 7 not in easy_days:
        return chosen
    reach = _reach(interval)
    others = [
        days
        for days in range(interval - reach, interval + reach + 1)
        if (day.weekday() + days) % 7 not in easy_days
    ]
    return others[floor(share * len(others))] if others else chosen


def spread(interval: int, share: float) -> int:
    """An interval near `interval` (days), chosen by `share` in [0, 1); its mean is `interval`.

    The width is Anki's: none below 2.5 days, then 15 % of the days up to 7, 10 % up to 20 and
    5 % beyond, plus one day. Unlike py-fsrs's own fuzz the choice is symmetric and repeatable.
    """
    reach = _reach(interval)
    return interval - reach + floor(share * (2 * reach + 1))


def _reach(interval: int) -> int:
    """How many days sooner or later than `interval` a card may return."""
    if interval < 3:
        return 0
    width = 1.0 + (
        0.15 * (min(interval, 7.0) - 2.5)
        + 0.1 * max(min(interval, 20.0) - 7.0, 0.0)
        + 0.05 * max(interval - 20.0, 0.0)
    )
    return min(floor(width + 0.5), interval - 1, MAXIMUM_INTERVAL - interval)


@lru_cache(maxsize=65_536)
def _share(seed: int, card: str, reviews: int) -> float:
    """A number in [0, 1) that only this learner's card has after this many reviews."""
    digest = blake2b(f"{seed}/{card}/{reviews}".encode(), digest_size=6).digest()
    # 48 bits fit a float exactly; with more the largest would round up to 1.
    return int.from_bytes(digest, "big") / (1 << 48)
