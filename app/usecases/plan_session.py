"""What a learner is asked today, and which card comes next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.learning.course import Course
from app.learning.days import start_of
from app.learning.new_cards import new_cards
from app.learning.people import Learner
from app.learning.queue import (
    LARGEST_SITTING,
    NEW_CARDS_A_DAY,
    TodayPlan,
    forgotten_goes_first,
    pace,
    plan_today,
    standing_on,
)
from app.learning.scheduling import Memory
from app.storage import lessons, reviews


@dataclass(frozen=True, slots=True)
class NextCard:
    """A card to be asked now, with what is remembered of it (None: never answered)."""

    card: str
    memory: Memory | None


def plan_session(
    course: Course, learner: Learner, today: date, opened: Sequence[str] = ()
) -> TodayPlan:
    """Today's plan. `opened` are lessons the browser has shown and we have not stored yet."""
    memories = reviews.memories_of(learner.id)
    begun = reviews.cards_begun_on(learner.id, today)
    standing = standing_on(
        today,
        [memory for card, memory in memories.items() if course.is_on_track(card, learner.track)],
        new=len(_new_cards(course, learner, opened, _remembered(memories), begun)),
        new_today=len(begun),
        last_active_day=reviews.last_day_before(learner.id, today),
    )
    return plan_today(standing, today, pace(reviews.last_durations(learner.id)))


def next_card(
    course: Course,
    learner: Learner,
    today: date,
    opened: Sequence[str] = (),
    skipped: Collection[str] = (),
    left: int = LARGEST_SITTING,
) -> NextCard | None:
    """The card to ask now: what is due, then what is new, then what was missed today.

    With `left` cards to go in this sitting, what was missed goes first in time to be remembered.
    """
    since = start_of(today, learner.zone)
    missed = [
        card
        for card in reviews.missed(learner.id, today, since)
        if _is_askable(course, learner, card, skipped)
    ]
    if missed and forgotten_goes_first(len(missed), left):
        return NextCard(missed[0], reviews.memory_of(learner.id, missed[0]))
    offset, count = 0, 1 + len(skipped)
    while waiting := reviews.waiting(learner.id, today, since, count, offset):
        for memory in waiting:
            if _is_askable(course, learner, memory.card, skipped):
                return NextCard(memory.card, memory)
        offset, count = offset + count, 50
    begun = reviews.cards_begun_on(learner.id, today)
    if len(begun) < NEW_CARDS_A_DAY:
        remembered = reviews.remembered(learner.id)
        for card in _new_cards(course, learner, opened, remembered, begun):
            if card not in skipped:
                return NextCard(card, None)
    return NextCard(missed[0], reviews.memory_of(learner.id, missed[0])) if missed else None


def cards_within(
    course: Course, learner: Learner, today: date, until: date, opened: Sequence[str] = ()
) -> list[NextCard]:
    """Every card due on or before `until`, longest due first, then what can be begun with today."""
    memories = reviews.memories_of(learner.id)
    begun = reviews.cards_begun_on(learner.id, today)
    due = [
        memory
        for card, memory in memories.items()
        if memory.due_on <= until and course.is_on_track(card, learner.track)
    ]
    due.sort(key=lambda memory: (memory.due_on, memory.last_at))
    new = _new_cards(course, learner, opened, _remembered(memories), begun)
    return [
        *(NextCard(memory.card, memory) for memory in due),
        *(NextCard(card, None) for card in new),
    ]


def _new_cards(
    course: Course,
    learner: Learner,
    opened: Sequence[str],
    remembered: Mapping[str, bool],
    begun: Collection[str],
) -> list[str]:
    stored = lessons.opened_lessons(learner.id)
    return new_cards(course, learner.track, [*stored, *opened], remembered, begun)


def _remembered(memories: Mapping[str, Memory]) -> dict[str, bool]:
    return {card: memory.was_remembered for card, memory in memories.items()}


def _is_askable(course: Course, learner: Learner, card: str, skipped: Collection[str]) -> bool:
    return card not in skipped and course.is_on_track(card, learner.track)
