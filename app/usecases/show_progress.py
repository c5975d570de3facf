"""A learner sees what is probably remembered, for how long, and what the week asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.learning.course import Chapter, Course, Lesson
from app.learning.new_cards import new_cards
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
from app.storage import lessons, reviews


@dataclass(frozen=True, slots=True)
class Progress:
    """Where one learner stands on one day.

    `paragraphs` hold the concepts with at least one answered card, `ahead` are those without.
    `unopened` is the first lesson that was not opened yet; None where all were.
    """

    paragraphs: Sequence[ParagraphProgress]
    ahead: Sequence[ConceptProgress]
    week: Sequence[DayAhead]
    plan: TodayPlan
    unopened: tuple[Chapter, Lesson] | None


def show_progress(
    course: Course, learner: Learner, today: date, opened: Sequence[str] = ()
) -> Progress:
    """Everything on the page of progress. `opened` are lessons we have not stored yet."""
    memories = {
        card: memory
        for card, memory in reviews.memories_of(learner.id).items()
        if course.is_on_track(card, learner.track)
    }
    remembered = {card: memory.was_remembered for card, memory in memories.items()}
    begun = reviews.cards_begun_on(learner.id, today)
    seen = [*lessons.opened_lessons(learner.id), *opened]
    standing = standing_on(
        today,
        memories.values(),
        new=len(new_cards(course, learner.track, seen, remembered, begun)),
        new_today=len(begun),
        last_active_day=reviews.last_day_before(learner.id, today),
    )
    seconds_per_card = pace(reviews.last_durations(learner.id))
    concepts = concepts_progress(course, learner.track, memories, today)
    return Progress(
        paragraphs=paragraphs_progress(course, memories, concepts, today),
        ahead=[concept for concept in concepts if not concept.answered],
        week=week_ahead(standing, memories.values(), today, seconds_per_card),
        plan=plan_today(standing, today, seconds_per_card),
        unopened=_first_unopened(course, seen),
    )


def _first_unopened(course: Course, opened: Sequence[str]) -> tuple[Chapter, Lesson] | None:
    for (chapter, lesson), place in course.lessons.items():
        if f"{chapter}/{lesson}" not in opened:
            return place
    return None
