"""What a learner is asked today, and which card comes next."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from app.learning.course import Course
from app.learning.people import Learner
from app.learning.queue import NEW_CARDS_A_DAY, TodayPlan, pace, plan_today, standing_on
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
    memories = {
        card: memory
        for card, memory in reviews.memories_of(learner.id).items()
        if course.is_on_track(card, learner.track)
    }
    return plan_today(
        standing_on(
            today,
            memories.values(),
            new=len(_new_cards(course, learner, memories, opened)),
            new_today=reviews.cards_begun_on(learner.id, today),
        ),
        today,
        pace(reviews.last_durations(learner.id)),
    )


def next_card(
    course: Course,
    learner: Learner,
    today: date,
    opened: Sequence[str] = (),
    skipped: Collection[str] = (),
) -> NextCard | None:
    """The card to ask now: first what is due, then what is new, then what was forgotten today."""
    forgotten: Memory | None = None
    for memory in reviews.due_in_order(learner.id, today):
        if memory.card in skipped or not course.is_on_track(memory.card, learner.track):
            continue
        if memory.last_day < today:
            return NextCard(memory.card, memory)
        forgotten = forgotten or memory
    if reviews.cards_begun_on(learner.id, today) < NEW_CARDS_A_DAY:
        known = reviews.cards_known(learner.id)
        for card in _new_cards(course, learner, known, opened):
            if card not in skipped:
                return NextCard(card, None)
    return None if forgotten is None else NextCard(forgotten.card, forgotten)


def cards_within(
    course: Course, learner: Learner, until: date, opened: Sequence[str] = ()
) -> list[NextCard]:
    """Every card due on or before `until`, and the cards of opened lessons without an answer."""
    due = [
        NextCard(memory.card, memory)
        for memory in reviews.memories_due(learner.id, until)
        if course.is_on_track(memory.card, learner.track)
    ]
    known = reviews.cards_known(learner.id)
    return due + [NextCard(card, None) for card in _new_cards(course, learner, known, opened)]


def _new_cards(
    course: Course, learner: Learner, known: Collection[str], opened: Sequence[str]
) -> list[str]:
    stored = lessons.opened_lessons(learner.id)
    offered = course.cards_of_lessons([*stored, *opened], learner.track)
    return [card for card in offered if card not in known]
