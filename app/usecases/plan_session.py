"""What a learner is asked today, and which card comes next."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from app.learning.course import Course
from app.learning.days import start_of
from app.learning.people import Learner
from app.learning.queue import (
    LARGEST_SITTING,
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
    memories = [
        memory
        for card, memory in reviews.memories_of(learner.id).items()
        if course.is_on_track(card, learner.track)
    ]
    standing = standing_on(
        today,
        memories,
        new=len(_new_cards(course, learner, opened)),
        new_today=reviews.cards_begun_on(learner.id, today),
        last_active_day=reviews.last_day_before(learner.id, today),
    )
    seconds_per_card = pace(reviews.last_durations(learner.id))
    return plan_today(standing, today, seconds_per_card, learner.rhythm)


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
    if reviews.cards_begun_on(learner.id, today) < learner.rhythm.new_on(today):
        for card in _new_cards(course, learner, opened):
            if card not in skipped:
                return NextCard(card, None)
    return NextCard(missed[0], reviews.memory_of(learner.id, missed[0])) if missed else None


def cards_within(
    course: Course, learner: Learner, until: date, opened: Sequence[str] = ()
) -> list[NextCard]:
    """Every card due on or before `until`, and the cards of opened lessons without an answer."""
    due = [
        NextCard(memory.card, memory)
        for memory in reviews.memories_due(learner.id, until)
        if course.is_on_track(memory.card, learner.track)
    ]
    return due + [NextCard(card, None) for card in _new_cards(course, learner, opened)]


def _new_cards(course: Course, learner: Learner, opened: Sequence[str]) -> list[str]:
    stored = lessons.opened_lessons(learner.id)
    offered = course.cards_of_lessons([*stored, *opened], learner.track)
    known = reviews.cards_known(learner.id, offered)
    return [card for card in offered if card not in known]


def _is_askable(course: Course, learner: Learner, card: str, skipped: Collection[str]) -> bool:
    return card not in skipped and course.is_on_track(card, learner.track)
