"""Which reflective prompt a learner gets on a day: page and mail show the same one."""

from collections.abc import Sequence
from datetime import date, datetime

from app.learning.course import Course
from app.learning.moments import Choice, Reason, choose_prompt, is_evening
from app.learning.people import Learner
from app.storage import lessons, moments
from app.storage.database import transaction


def prompt_of_day(
    course: Course,
    learner: Learner,
    day: date,
    now: datetime,
    is_get: bool,
    *,
    opened: Sequence[str] = (),
    is_asked_for: bool = False,
) -> Choice:
    """The prompt of `day`; on a free day it is None, unless one is asked for.

    A GET decides and does not write; otherwise the day has this prompt from now on. `opened` are
    lessons ("chapter/lesson") the browser has shown and we have not stored yet.
    """
    shown = _shown(course, learner, day)
    if shown is not None:
        return shown
    read = {*lessons.opened_lessons(learner.id), *opened}
    choice = choose_prompt(
        course.prompts.values(),
        moments.moments_before(learner.id, day),
        day,
        learner.seed,
        concepts={
            concept
            for (chapter, lesson), (_, content) in course.lessons.items()
            if f"{chapter}/{lesson}" in read
            for concept in content.concepts
        },
        wants_heavy=moments.wishes_of(learner.id).wants_heavy,
        is_evening=is_evening(now.astimezone(learner.zone)),
        is_asked_for=is_asked_for,
    )
    if is_get or choice.prompt is None:
        return choice
    with transaction(learner.id):
        moments.show_prompt(learner.id, day, choice.prompt.id, now)
        # Somebody else may have been first.
        shown = _shown(course, learner, day)
    return choice if shown is None or shown.prompt == choice.prompt else shown


def _shown(course: Course, learner: Learner, day: date) -> Choice | None:
    moment = moments.moment_of(learner.id, day)
    # A prompt that left the course is shown no more.
    prompt = course.prompts.get(moment.prompt) if moment else None
    return None if prompt is None else Choice(prompt, Reason.SHOWN_BEFORE)
