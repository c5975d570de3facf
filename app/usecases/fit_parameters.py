"""Parameters of FSRS are fitted to what people remembered, and used where that is better."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.learning.days import DEFAULT_ZONE, day_of, zone_named
from app.learning.parameters import (
    HELD_OUT,
    MOST_OF_COURSE,
    Log,
    Optimize,
    ParametersInUse,
    ParameterSource,
    Trial,
    Verdict,
    by_card,
    is_held_out,
    try_course,
    try_person,
)
from app.learning.people import Learner
from app.storage import learners, reviews
from app.storage.database import transaction
from app.storage.parameters import add_course_parameters, course_parameters
from app.usecases.use_parameters import Moved, use_parameters


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was tried for the course (`learner_id` is None) or for one learner.

    `moved` is None where the memories stayed as they were.
    """

    learner_id: int | None
    trial: Trial
    moved: Moved | None = None


def fit_parameters(
    optimize: Optimize, now: datetime, *, with_simulated: bool = False, only_look: bool = False
) -> Iterator[Fitted]:
    """Fit the course, then each learner, and use what is better; gives each as it is done.

    Simulated learners count only `with_simulated`. With `only_look` nothing is written.
    """
    people = [
        learner
        for learner_id in learners.learner_ids()
        if (learner := learners.learner_of(learner_id)) is not None
        and (with_simulated or not learner.simulated)
    ]
    base = course_parameters()
    trial = _try_course(people, base, optimize)
    if trial.verdict is Verdict.BETTER and trial.fitted is not None:
        today = day_of(now, zone_named(DEFAULT_ZONE))
        base = ParametersInUse(trial.fitted, ParameterSource.COURSE, today)
        if not only_look:
            with transaction():
                add_course_parameters(base.values, today)
    yield Fitted(None, trial)
    for learner in people:
        yield _fit_learner(learner, base, optimize, now, only_look=only_look)


def _try_course(people: list[Learner], base: ParametersInUse, optimize: Optimize) -> Trial:
    """A fit on most learners, the newest first, judged on those it has not seen."""
    logs: dict[bool, list[Log]] = {True: [], False: []}
    room = {False: MOST_OF_COURSE, True: MOST_OF_COURSE // (HELD_OUT - 1)}
    for learner in reversed(people):
        held_out = is_held_out(learner.id)
        if room[held_out] > 0:
            log = reviews.all_reviews(learner.id)
            room[held_out] -= len(log)
            logs[held_out] += by_card(log)
    return try_course(logs[False], logs[True], base.values, optimize)


def _fit_learner(
    learner: Learner,
    base: ParametersInUse,
    optimize: Optimize,
    now: datetime,
    *,
    only_look: bool,
) -> Fitted:
    wanted = learner.parameters
    if wanted.source is not ParameterSource.PERSON:
        wanted = base
    trial = try_person(reviews.all_reviews(learner.id), wanted.values, base.values, optimize)
    if trial.verdict is Verdict.BETTER and trial.fitted is not None:
        wanted = ParametersInUse(trial.fitted, ParameterSource.PERSON, learner.day_at(now))
    if only_look or wanted == learner.parameters:
        return Fitted(learner.id, trial)
    return Fitted(learner.id, trial, use_parameters(learner.id, wanted))
