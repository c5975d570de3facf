"""What happened to one card: every answer with the chance it had, and the curve between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.learning.reviews import Review
from app.learning.scheduling import Memory, in_log_order, remember, retrievability

# Points of a curve: as many as a narrow picture can tell apart.
_MOST_POINTS = 120
_SHORTEST_LOOK_AHEAD = 3  # days


@dataclass(frozen=True, slots=True)
class Answer:
    """One review, with the `chance` (0 to 1) that it would be a good one and the day that followed.

    The chance is what FSRS reckoned with; None where it reckons with none: for the first answer, and
    for one more on the same day.
    """

    review: Review
    chance: float | None
    due_on: date


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The chance (0 to 1) that the card is remembered on a day."""

    day: date
    chance: float


def answers_of(reviews: Sequence[Review], seed: int) -> list[Answer]:
    """The reviews of one card, first to last, each with what was expected and what came of it."""
    answers: list[Answer] = []
    memory: Memory | None = None
    for review in in_log_order(reviews):
        is_later = memory is not None and review.day > memory.last_day
        chance = retrievability(memory, review.day) if memory and is_later else None
        memory = remember(memory, review, seed)
        answers.append(Answer(review, chance, memory.due_on))
    return answers


def forgetting_curve(reviews: Sequence[Review], seed: int, today: date) -> list[CurvePoint]:
    """How the chance to remember the card fell and rose from its first day on, and will fall.

    The curve goes on past today and past the day of its return, to show what waiting would do. The
    chance on each day is the one FSRS uses; empty without reviews.
    """
    memories: list[Memory] = []
    for review in in_log_order(reviews):
        memories.append(remember(memories[-1] if memories else None, review, seed))
    if not memories:
        return []
    first, last = memories[0].last_day, memories[-1]
    known_until = max(today, last.due_on)
    ahead = max(_SHORTEST_LOOK_AHEAD, (known_until - last.last_day).days // 3)
    end = min(known_until.toordinal() + ahead, date.max.toordinal())
    step = max(1, (end - first.toordinal()) // _MOST_POINTS)
    points = []
    for number, memory in enumerate(memories):
        is_last = number + 1 == len(memories)
        until = end if is_last else memories[number + 1].last_day.toordinal()
        days = range(memory.last_day.toordinal(), until, step)
        # Also the last day itself, where the next answer lifts it again.
        for day in map(date.fromordinal, [*days, until] if days else []):
            points.append(CurvePoint(day, retrievability(memory, day)))
    return points
