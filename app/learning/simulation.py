"""A simulated learner: which lessons are opened and which grades are given, day by day.

The person remembers by the same forgetting curve that plans the cards, bent by an ability of their
own, so that what is simulated looks like what FSRS was fitted on. Nothing here is random but `rng`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from app.learning.course import Course
from app.learning.new_cards import new_cards
from app.learning.people import Learner
from app.learning.queue import LARGEST_SITTING
from app.learning.reviews import Grade, Review
from app.learning.scheduling import (
    DEFAULT_PARAMETERS,
    Memory,
    Parameters,
    remember,
    retrievability,
)


@dataclass(frozen=True, slots=True)
class Habits:
    """What somebody is like: `ability` bends the chance to recall (1 is average, less is better),
    `attendance` is the chance to study on a day, `reach` the share of lessons opened in the end,
    `pace` the seconds a card takes, `hour` the local time at which a sitting begins. `forgets_by`
    are the parameters of their own memory, which those that plan their cards can only guess at.
    """

    ability: float
    attendance: float
    reach: float
    pace: float
    hour: int
    forgets_by: Parameters = DEFAULT_PARAMETERS


@dataclass(frozen=True, slots=True)
class Sitting:
    """What somebody did on one day: lessons ("chapter/lesson") opened, then cards answered."""

    ended_at: datetime
    opened: Sequence[str]
    reviews: Sequence[Review]


def some_habits(rng: Random) -> Habits:
    """The habits of somebody out of a group."""
    return Habits(
        ability=rng.lognormvariate(0, 0.5),
        attendance=rng.uniform(0.3, 0.95),
        reach=rng.uniform(0.4, 1.0),
        pace=rng.uniform(5, 14),
        hour=rng.randint(7, 22),
    )


def simulate(
    course: Course, learner: Learner, habits: Habits, days: Sequence[date], rng: Random
) -> Iterator[Sitting]:
    """What `learner` did on `days`, in order; days on which nothing was done are left out."""
    memories: dict[str, Memory] = {}
    own: dict[str, Memory] = {}
    opened: list[str] = []
    to_open = [f"{chapter}/{lesson}" for chapter, lesson in course.lessons]
    to_open = to_open[: max(1, round(habits.reach * len(to_open)))]
    for number, day in enumerate(days):
        # Nobody begins by staying away.
        if number and rng.random() > habits.attendance:
            continue
        opening = to_open[len(opened) : 1 + number * len(to_open) // len(days)]
        cards = _cards_of_day(course, learner, [*opened, *opening], memories, day)
        if cards:
            opened += opening
            reviews = list(_answers(cards, learner, habits, memories, own, day, rng))
            yield Sitting(reviews[-1].reviewed_at, opening, reviews)


def leave_unfinished(sittings: Sequence[Sitting]) -> list[Sitting]:
    """The same, but the last sitting ends at a card that is missed and not asked again."""
    *before, last = sittings
    *answered, stopped_at = last.reviews
    return [*before, replace(last, reviews=[*answered, replace(stopped_at, grade=Grade.AGAIN)])]


def _cards_of_day(
    course: Course, learner: Learner, opened: Sequence[str], memories: dict[str, Memory], day: date
) -> list[str]:
    due = [memory for memory in memories.values() if memory.due_on <= day]
    due.sort(key=lambda memory: (memory.due_on, memory.card))
    # One sitting a day, so nothing was new today before it.
    remembered = {card: memory.was_remembered for card, memory in memories.items()}
    new = new_cards(course, learner.track, opened, remembered, ())[: learner.rhythm.new_on(day)]
    return ([memory.card for memory in due] + new)[:LARGEST_SITTING]


def _answers(
    cards: Sequence[str],
    learner: Learner,
    habits: Habits,
    memories: dict[str, Memory],
    own: dict[str, Memory],
    day: date,
    rng: Random,
) -> Iterator[Review]:
    """Each card once, then those that were missed until each is known.

    `memories` plan the cards and `own` are those that answer; both are brought up to date.
    """
    moment = datetime.combine(day, time(habits.hour), tzinfo=learner.zone).astimezone(UTC)
    forgetting = replace(learner.spacing, parameters=habits.forgets_by)
    waiting = list(cards)
    while waiting:
        card = waiting.pop(0)
        seconds = habits.pace * rng.lognormvariate(0, 0.4)
        moment += timedelta(seconds=seconds + 1)
        review = Review(
            id=UUID(int=rng.getrandbits(128), version=4),
            card=card,
            grade=_grade(own.get(card), habits, day, rng),
            reviewed_at=moment,
            day=day,
            duration_ms=round(seconds * 1000),
        )
        memories[card] = remember(memories.get(card), review, learner.spacing)
        own[card] = remember(own.get(card), review, forgetting)
        if memories[card].is_forgotten:
            waiting.append(card)
        yield review


def _grade(memory: Memory | None, habits: Habits, day: date, rng: Random) -> Grade:
    if rng.random() > _chance(memory, day) ** habits.ability:
        return Grade.AGAIN
    return rng.choices([Grade.HARD, Grade.GOOD, Grade.EASY], [0.15, 0.75, 0.1])[0]


def _chance(memory: Memory | None, day: date) -> float:
    if memory is None:
        return 0.8  # the answer was read a minute ago
    return 0.85 if memory.is_forgotten else retrievability(memory, day)
