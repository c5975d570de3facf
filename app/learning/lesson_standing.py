"""What a lesson asks of somebody, and where they stand in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from math import ceil
from statistics import median_high

from app.learning.course import Lesson
from app.learning.own_cards import OwnCard, is_aside, planned
from app.learning.queue import FIRST_PACE
from app.learning.scheduling import Memory

# Calm reading of a text one learns from; silent reading for pleasure is about 240.
WORDS_A_MINUTE = 180


class Standing(Enum):
    """How far somebody is with the cards of a lesson; templates own the sentence."""

    NOT_BEGUN = "not_begun"
    BEGUN = "begun"
    DUE = "due"
    RESTING = "resting"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class LessonStanding:
    """Counts of a lesson's cards for one learner on one day.

    `lasts_until` is the day until which the middle one of the answered cards is likely remembered
    (FSRS's stability: after so many days nine in ten would still know it).
    """

    standing: Standing
    cards: int
    answered: int
    due: int
    next_due_on: date | None
    lasts_until: date


def lesson_minutes(lesson: Lesson, cards: int, seconds_per_card: float = FIRST_PACE) -> int:
    """Whole minutes, rounded up, to read the lesson and answer `cards` of its cards."""
    return ceil(lesson.words / WORDS_A_MINUTE + cards * seconds_per_card / 60)


def standing_in(
    cards: Sequence[str],
    memories: Mapping[str, Memory],
    today: date,
    own: Mapping[str, OwnCard] | None = None,
) -> LessonStanding:
    """Where somebody with these memories stands with `cards`, the lesson's cards on their track.

    What was put aside counts nowhere, and what is buried is due on the day it is back (`own`).
    """
    made = own or {}
    asked = [card for card in cards if not is_aside(made.get(card))]
    known = [planned(memories[card], made.get(card)) for card in asked if card in memories]
    due = sum(memory.due_on <= today for memory in known)
    if cards and not asked:
        standing = Standing.ASIDE
    elif not known:
        standing = Standing.NOT_BEGUN
    elif due:
        standing = Standing.DUE
    else:
        standing = Standing.RESTING if len(known) == len(asked) else Standing.BEGUN
    return LessonStanding(
        standing=standing,
        cards=len(asked),
        answered=len(known),
        due=due,
        next_due_on=min((memory.due_on for memory in known if memory.due_on > today), default=None),
        lasts_until=date.fromordinal(median_high(map(_lasts_until, known))) if known else today,
    )


def _lasts_until(memory: Memory) -> int:
    return min(memory.last_day.toordinal() + int(memory.stability), date.max.toordinal())
