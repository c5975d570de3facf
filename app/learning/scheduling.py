"""Reviews in, memory out. The only file that knows fsrs.

py-fsrs does the arithmetic of FSRS-6 (Ye et al., open-spaced-repetition). Around it, because its
clock counts blocks of 24 hours and its fuzz is unseeded and biased by half a day: elapsed time is
counted in the learner's calendar days, and intervals are spread by an unbiased offset that is the
same for all four buttons. See `docs/decisions/0002-fsrs-by-calendar-day.md`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from math import floor
from uuid import UUID

from fsrs import Rating, Scheduler

from app.learning.reviews import Grade, Review

DESIRED_RETENTION = 0.9
MAXIMUM_INTERVAL = 36_500

# No learning steps: a card forgotten today stays in today's session by the queue's rule
# (`due_on` is the day itself), not by a timer of minutes.
_SCHEDULER = Scheduler(
    desired_retention=DESIRED_RETENTION,
    learning_steps=(),
    relearning_steps=(),
    maximum_interval=MAXIMUM_INTERVAL,
    enable_fuzzing=False,
)
# The 21 weights of FSRS-6; the last one is the decay of the forgetting curve.
PARAMETERS = tuple(_SCHEDULER.parameters)
DECAY = PARAMETERS[20]
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

    def follows(self, review: Review) -> bool:
        """Whether `review` comes after everything folded in here, so it can be added on top."""
        return (review.reviewed_at, review.id.int) > (self.last_at, self.last_id.int)


@dataclass(frozen=True, slots=True)
class Step:
    """What one grade would make of a memory: stability (days), difficulty, interval (days)."""

    stability: float
    difficulty: float
    interval: int


def in_log_order(reviews: Iterable[Review]) -> list[Review]:
    """The one order in which reviews are folded, whatever the order in which they arrived."""
    return sorted(reviews, key=lambda review: (review.reviewed_at, review.id.int))


def fold(reviews: Iterable[Review], seed: int) -> Memory | None:
    """The memory that all reviews of one card leave behind; None without reviews."""
    ordered = in_log_order(reviews)
    return remember_all(None, ordered, seed) if ordered else None


def remember_all(memory: Memory | None, reviews: Sequence[Review], seed: int) -> Memory:
    """The memory after one or more reviews, which are in the order of the log."""
    first, *others = reviews
    after = remember(memory, first, seed)
    for review in others:
        after = remember(after, review, seed)
    return after


def remember(memory: Memory | None, review: Review, seed: int) -> Memory:
    """The memory after one more review. `memory` is None for the first one."""
    day = review.day if memory is None else max(review.day, memory.last_day)
    step = _step_after(memory, day, review.grade)
    reviews = 0 if memory is None else memory.reviews
    lapses = 0 if memory is None else memory.lapses
    missed = review.grade is Grade.AGAIN
    has_returned = memory is not None and day > memory.last_day
    return Memory(
        card=review.card,
        stability=step.stability,
        difficulty=step.difficulty,
        due_on=day
        + timedelta(days=_return_intervals(memory, review.card, day, seed, review.grade)[-1]),
        last_day=day,
        last_at=review.reviewed_at,
        last_id=review.id,
        reviews=reviews + 1,
        lapses=lapses + (missed and memory is not None and not memory.is_forgotten),
        returned=(0 if memory is None else memory.returned) + has_returned,
        remembered=(0 if memory is None else memory.remembered) + (has_returned and not missed),
    )


def return_days(
    memory: Memory | None, card: str, day: date, seed: int, highest: Grade = Grade.EASY
) -> dict[Grade, date]:
    """The day on which `card` returns for each grade given on `day`: what the buttons show.

    `remember` gives exactly these days. A missed card returns the same day; for the others
    hard < good < easy always holds. Grades above `highest` are left out.
    """
    day = day if memory is None else max(day, memory.last_day)
    intervals = _return_intervals(memory, card, day, seed, highest)
    return {
        grade: day + timedelta(days=interval)
        for grade, interval in zip(_GRADES, intervals, strict=False)
    }


def retrievability(memory: Memory, day: date) -> float:
    """The chance, from 0 to 1, that the card is remembered on `day`."""
    return _recall(memory.stability, max(0, (day - memory.last_day).days))


def _recall(stability: float, elapsed_days: int) -> float:
    return float((1 + _SCHEDULER._FACTOR * elapsed_days / stability) ** _SCHEDULER._DECAY)


def day_below(memory: Memory, chance: float) -> date:
    """The first day on which the card is remembered with less than `chance` (between 0 and 1).

    The forgetting curve of FSRS-6, R(t) = (1 + f t / S)^-d where f makes R(S) = 0.9 ("The
    Algorithm", wiki of open-spaced-repetition/fsrs4anki), turned round: t = S / f (R^(-1/d) - 1)
    days; at most MAXIMUM_INTERVAL.
    """
    factor = 0.9 ** (-1 / DECAY) - 1
    days = memory.stability / factor * (chance ** (-1 / DECAY) - 1)
    # A century is as good as for ever, and dates end at the year 9999.
    return memory.last_day + timedelta(days=floor(min(days, MAXIMUM_INTERVAL)) + 1)


def steps_after(memory: Memory | None, day: date) -> tuple[Step, Step, Step, Step]:
    """The four outcomes, again to easy, of reviewing on `day`; intervals are not spread yet."""
    again, hard, good, easy = (_step_after(memory, day, grade) for grade in Grade)
    return again, hard, good, easy


def _step_after(memory: Memory | None, day: date, grade: Grade) -> Step:
    if memory is None:
        return _step(None, None, 0, grade)
    return _step(memory.stability, memory.difficulty, (day - memory.last_day).days, grade)


# The same outcomes are wanted when a card is shown and again when it is graded.
@lru_cache(maxsize=262_144)
def _step(
    stability: float | None, difficulty: float | None, elapsed_days: int, grade: Grade
) -> Step:
    # The arithmetic of `Scheduler.review_card`, without the Card, its copy, the log and the dates
    # around it: they take four times as long. `tests/learning/test_scheduling.py` holds the two
    # equal to the last bit.
    rating = _RATINGS[grade]
    if stability is None or difficulty is None:
        after = _SCHEDULER._initial_stability(rating=rating)
        harder = _SCHEDULER._initial_difficulty(rating=rating, clamp=True)
    else:
        after = (
            _SCHEDULER._short_term_stability(stability=stability, rating=rating)
            if elapsed_days < 1
            else _SCHEDULER._next_stability(
                difficulty=difficulty,
                stability=stability,
                retrievability=_recall(stability, elapsed_days),
                rating=rating,
            )
        )
        harder = _SCHEDULER._next_difficulty(difficulty=difficulty, rating=rating)
    return Step(after, harder, _SCHEDULER._next_interval(stability=after))


def _return_intervals(
    memory: Memory | None, card: str, day: date, seed: int, highest: Grade
) -> list[int]:
    """In how many days the card returns for each grade up to `highest`.

    Only what is asked for is computed: py-fsrs is the dearest part of a grade but the disk.
    """
    share = _share(seed, card, 0 if memory is None else memory.reviews)
    intervals = [0]
    for grade in _REMEMBERED[: highest - 1]:
        interval = spread(_step_after(memory, day, grade).interval, share)
        intervals.append(max(interval, intervals[-1] + 1))
    return intervals


def spread(interval: int, share: float) -> int:
    """An interval near `interval` (days), chosen by `share` in [0, 1); its mean is `interval`.

    The width is Anki's: none below 2.5 days, then 15 % of the days up to 7, 10 % up to 20 and
    5 % beyond, plus one day. Unlike py-fsrs's own fuzz the choice is symmetric and repeatable.
    """
    if interval < 3:
        return interval
    width = 1.0 + (
        0.15 * (min(interval, 7.0) - 2.5)
        + 0.1 * max(min(interval, 20.0) - 7.0, 0.0)
        + 0.05 * max(interval - 20.0, 0.0)
    )
    reach = floor(width + 0.5)
    reach = min(reach, interval - 1, MAXIMUM_INTERVAL - interval)
    return interval - reach + floor(share * (2 * reach + 1))


@lru_cache(maxsize=65_536)
def _share(seed: int, card: str, reviews: int) -> float:
    """A number in [0, 1) that only this learner's card has after this many reviews."""
    digest = blake2b(f"{seed}/{card}/{reviews}".encode(), digest_size=6).digest()
    # 48 bits fit a float exactly; with more the largest would round up to 1.
    return int.from_bytes(digest, "big") / (1 << 48)
