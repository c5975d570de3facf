"""A learner sees what is probably remembered, for how long, and what the week asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.learning.course import Chapter, Course, Lesson
from app.learning.new_cards import new_cards
from app.learning.own_cards import hidden_on, is_aside, planned
from app.learning.people import Learner
from app.learning.progress import (
    ConceptProgress,
    DayAhead,
    ParagraphProgress,
    concepts_progress,
    paragraphs_progress,
    week_ahead,
)
from app.learning.queue import TodayPlan, pace, plan_today, standing_on
from app.storage import lessons, own_cards, reviews


@dataclass(frozen=True, slots=True)
class Progress:
    """Where one learner stands on one day.

    `paragraphs` hold the concepts with at least one answered card, `ahead` are those without.
    `unopened` is the first lesson that was not opened yet; None where all were. `aside` is how many
    cards were put aside: they are counted nowhere else.
    """

    paragraphs: Sequence[ParagraphProgress]
    ahead: Sequence[ConceptProgress]
    week: Sequence[DayAhead]
    plan: TodayPlan
    unopened: tuple[Chapter, Lesson] | None
    aside: int


def show_progress(
    course: Course, learner: Learner, today: date, opened: Sequence[str] = ()
) -> Progress:
    """Everything on the page of progress. `opened` are lessons we have not stored yet."""
    memories = {
        card: memory
        for card, memory in reviews.memories_of(learner.id).items()
        if course.is_on_track(card, learner.track)
    }
    own = own_cards.own_cards_of(learner.id)
    aside = {card for card in own if is_aside(own[card])}
    due = [planned(memories[card], own.get(card)) for card in memories if card not in aside]
    hidden = hidden_on(today, own)
    remembered = {card: memory.was_remembered for card, memory in memories.items()}
    begun = reviews.cards_begun_on(learner.id, today)
    seen = [*lessons.opened_lessons(learner.id), *opened]
    standing = standing_on(
        today,
        due,
        new=len(new_cards(course, learner.track, seen, remembered, begun, hidden)),
        new_today=len(begun),
        last_active_day=reviews.last_day_before(learner.id, today),
    )
    seconds_per_card = pace(reviews.last_durations(learner.id))
    counted = {card: memory for card, memory in memories.items() if card not in aside}
    concepts = concepts_progress(course, learner.track, counted, today, aside)
    return Progress(
        paragraphs=paragraphs_progress(course, counted, concepts, today),
        ahead=[concept for concept in concepts if not concept.answered],
        week=week_ahead(standing, due, today, seconds_per_card),
        plan=plan_today(standing, today, seconds_per_card),
        unopened=_first_unopened(course, seen),
        aside=sum(course.is_on_track(card, learner.track) for card in aside),
    )


def _first_unopened(course: Course, opened: Sequence[str]) -> tuple[Chapter, Lesson] | None:
    for (chapter, lesson), place in course.lessons.items():
        if f"{chapter}/{lesson}" not in opened:
            return place
    return None
