"""A learner brings a log: their own export, or a package that comes back from Anki."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

from app.anki.package_reader import has_collection, read_package
from app.archive.log_file import LOG_FILE, read_log
from app.archive.zips import opened_zip
from app.learning.attempts import import_attempts
from app.learning.course import Course
from app.learning.imports import (
    BadFile,
    FileFlaw,
    ImportPlan,
    IncomingLog,
    LeftOut,
    plan_import,
)
from app.learning.people import Learner
from app.storage import learners, lessons, reviews
from app.storage.database import transaction
from app.usecases.count_attempts import count_attempts
from app.usecases.rebuild_memory import rebuild_memory


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: how many reviews were new, of how many cards and days; how many were
    there already or are taken back; what was left, and why; how many cards are not of this course;
    whether the choices in it were taken over too."""

    added: int
    cards: int
    first_day: date | None
    last_day: date | None
    known: int
    voided: int
    left_out: Mapping[LeftOut, int]
    foreign_cards: int
    with_choices: bool
    is_kept: bool


def import_log(
    course: Course,
    learner: Learner,
    file: IO[bytes],
    now: datetime,
    *,
    is_mine: bool = False,
    only_look: bool = False,
) -> Imported:
    """Merge the log in `file` with the learner's own, in one transaction; twice is as once.

    `is_mine` is the learner's word that a file of another account is theirs; with `only_look`
    nothing is written. Raises BadFile, and then nothing has changed, and TooManyAttempts.
    """
    count_attempts(import_attempts(learner.id), now)
    incoming = _read(file, learner)
    with transaction(learner.id):
        # Read again under the lock: another device may have changed what counts here.
        learner = learners.learner_of(learner.id) or learner
        plan = plan_import(
            incoming,
            list(reviews.log_of(learner.id)),
            learner,
            known_cards=course.cards.keys() | course.retired.keys(),
            known_lessons={f"{chapter}/{lesson}" for chapter, lesson in course.lessons},
            now=now,
            is_mine=is_mine,
        )
        if not only_look:
            _write(learner, plan)
    return _imported(plan, is_kept=not only_look)


def _read(file: IO[bytes], learner: Learner) -> IncomingLog:
    with opened_zip(file) as archive:
        if LOG_FILE in archive.namelist():
            return read_log(archive)
        if has_collection(archive):
            return read_package(archive, learner.zone)
    raise BadFile(FileFlaw.NOT_AN_EXPORT)


def _write(learner: Learner, plan: ImportPlan) -> None:
    if choices := plan.choices:
        learners.set_seed(learner.id, choices.seed)
        learners.set_preferences(
            learner.id, track=choices.track, buttons=choices.buttons, zone_name=choices.zone_name
        )
    lessons.note_openings(learner.id, plan.opened)
    if plan.added:
        # As when a guest joins an account: what another device still holds of that time is taken.
        first = min(review.reviewed_at for review in plan.added)
        learners.set_joined_at(learner.id, min(first, learner.joined_at))
        reviews.add_reviews(learner.id, plan.added)
    for review_id, moment in plan.voided.items():
        reviews.void_review(learner.id, review_id, moment)
    if plan.added or plan.voided:
        restored = learners.learner_of(learner.id)
        if restored is not None:
            rebuild_memory(restored)


def _imported(plan: ImportPlan, *, is_kept: bool) -> Imported:
    days = [review.day for review in plan.added]
    return Imported(
        added=len(plan.added),
        cards=len({review.card for review in plan.added}),
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        known=plan.known,
        voided=len(plan.voided),
        left_out=plan.left_out,
        foreign_cards=plan.foreign_cards,
        with_choices=plan.choices is not None,
        is_kept=is_kept,
    )
