"""What there is to say when a sitting is over: what was done, what comes, where to go on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.learning.course import Chapter, Course, Lesson
from app.learning.people import Learner
from app.learning.queue import TodayPlan
from app.storage import lessons, reviews
from app.usecases.plan_session import plan_session


@dataclass(frozen=True, slots=True)
class SittingEnd:
    """What a learner did today and what is next.

    `cards` were answered today and are not due again; `concepts` are the ids of what they were
    about, in order; `next_lesson` is the first that was not opened yet.
    """

    cards: int
    concepts: Sequence[str]
    returns_first_on: date | None
    plan: TodayPlan
    next_lesson: tuple[Chapter, Lesson] | None


def sum_up_sitting(
    course: Course, learner: Learner, today: date, opened: Sequence[str] = ()
) -> SittingEnd:
    """The end of a sitting on `today`. `opened` are lessons shown and not stored yet."""
    answered = [
        memory
        for memory in reviews.cards_answered_on(learner.id, today)
        if memory.due_on > today and memory.card in course.cards
    ]
    concepts = dict.fromkeys(
        concept for memory in answered for concept in course.cards[memory.card].concepts
    )
    return SittingEnd(
        cards=len(answered),
        concepts=list(concepts),
        returns_first_on=min((memory.due_on for memory in answered), default=None),
        plan=plan_session(course, learner, today, opened),
        next_lesson=course.first_lesson_outside([*lessons.opened_lessons(learner.id), *opened]),
    )
