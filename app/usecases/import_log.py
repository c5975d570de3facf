"""A learner brings a log: their own export, or a package that comes back from Anki."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
    OwnEvents,
    plan_import,
)
from app.learning.people import Learner
from app.learning.reflections import Keeping, Reflection, Sealed
from app.secrets.sealing import Keyring
from app.storage import keys, learners, lessons, moments, own_cards, reflections, reports, reviews
from app.storage.database import transaction
from app.storage.keys import Purpose
from app.usecases.count_attempts import count_attempts
from app.usecases.open_keys import ensure_key, open_keys
from app.usecases.rebuild_memory import rebuild_memory
from app.usecases.write_reflection import seal_with
from app.usecases.write_words import seal_words


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: how many reviews were new, of how many cards and days; how many were
    there already or are taken back; how many changes of how many cards were new, how many reports and
    how many reflections; what was left, and why; how many cards are not of this course; whether the choices in it
    were taken over too."""

    added: int
    cards: int
    first_day: date | None
    last_day: date | None
    known: int
    voided: int
    changes: int
    changed_cards: int
    reports: int
    reflections: int
    left_out: Mapping[LeftOut, int]
    foreign_cards: int
    with_choices: bool
    is_kept: bool


def import_log(
    keyring: Keyring,
    course: Course,
    learner: Learner,
    file: IO[bytes],
    now: datetime,
    *,
    is_mine: bool = False,
    only_look: bool = False,
) -> Imported:
    """Merge what is in `file` with what the learner has, in one transaction; twice is as once.

    Own words and reflections are sealed with the learner's keys of here: they are made, before all else,
    where there are none.
    `is_mine` is the learner's word that a file of another account is theirs; with `only_look`
    nothing is written. Raises BadFile, and then nothing has changed, and TooManyAttempts.
    """
    count_attempts(import_attempts(learner.id), now)
    incoming = _read(file, learner)
    if not only_look:
        _ensure_keys(keyring, learner, incoming, now)
    with transaction(learner.id):
        # Read again under the lock: another device may have changed what counts here.
        learner = learners.learner_of(learner.id) or learner
        plan = plan_import(
            incoming,
            _own_events(learner, incoming),
            learner,
            known_cards=course.cards.keys() | course.retired.keys(),
            known_lessons={f"{chapter}/{lesson}" for chapter, lesson in course.lessons},
            now=now,
            is_mine=is_mine,
        )
        if not only_look:
            _write(keyring, learner, plan)
    return _imported(plan, is_kept=not only_look)


def _read(file: IO[bytes], learner: Learner) -> IncomingLog:
    with opened_zip(file) as archive:
        if LOG_FILE in archive.namelist():
            return read_log(archive)
        if has_collection(archive):
            return read_package(archive, learner.zone)
    raise BadFile(FileFlaw.NOT_AN_EXPORT)


def _ensure_keys(keyring: Keyring, learner: Learner, incoming: IncomingLog, now: datetime) -> None:
    if any(change.words.are_there for change in incoming.changes):
        ensure_key(keyring, learner, Purpose.CARDS, now)
    if incoming.reflections:
        ensure_key(keyring, learner, Purpose.JOURNAL, now)


def _own_events(learner: Learner, incoming: IncomingLog) -> OwnEvents:
    return OwnEvents(
        log=list(reviews.log_of(learner.id)),
        changes={change.id for change in own_cards.all_changes(learner.id)},
        reports={report.id for report in reports.reports_of(learner.id)},
        reflections=reflections.ids_of(learner.id),
        deleted=keys.deleted_reflections() if incoming.reflections else frozenset(),
        keeps_elsewhere=moments.wishes_of(learner.id).keeping in (Keeping.DEVICE, Keeping.NOWHERE),
    )


def _write(keyring: Keyring, learner: Learner, plan: ImportPlan) -> None:
    if choices := plan.choices:
        learners.set_seed(learner.id, choices.seed)
        learners.set_parameters(learner.id, choices.parameters)
        learners.set_preferences(
            learner.id, track=choices.track, buttons=choices.buttons, zone_name=choices.zone_name
        )
        learners.set_rhythm(learner.id, choices.rhythm)
    lessons.note_openings(learner.id, plan.opened)
    if plan.added:
        # As when a guest joins an account: what another device still holds of that time is taken.
        first = min(review.reviewed_at for review in plan.added)
        learners.set_joined_at(learner.id, min(first, learner.joined_at))
        reviews.add_reviews(learner.id, plan.added)
    for review_id, moment in plan.voided.items():
        reviews.void_review(learner.id, review_id, moment)
    data_keys = open_keys(keyring, learner, Purpose.CARDS) if plan.changes else {}
    for change in plan.changes:
        sealed = seal_words(data_keys, change.event.card, change.words)
        own_cards.add_change(learner.id, replace(change.event, words=sealed))
    for report in plan.reports:
        reports.add_report(learner.id, report)
    if plan.reflections:
        _write_reflections(keyring, learner, plan.reflections)
    if plan.added or plan.voided or plan.changes:
        restored = learners.learner_of(learner.id)
        if restored is not None:
            rebuild_memory(restored)


def _write_reflections(keyring: Keyring, learner: Learner, brought: Sequence[Reflection]) -> None:
    data_keys = open_keys(keyring, learner, Purpose.JOURNAL)
    for each in brought:
        key_id, text = seal_with(data_keys, each.id, each.text)
        sealed = Sealed(
            each.id, each.prompt, each.day, each.written_at, each.changed_at, key_id, text
        )
        reflections.add_reflection(learner.id, sealed)


def _imported(plan: ImportPlan, *, is_kept: bool) -> Imported:
    days = [review.day for review in plan.added]
    return Imported(
        added=len(plan.added),
        cards=len({review.card for review in plan.added}),
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        known=plan.known,
        voided=len(plan.voided),
        changes=len(plan.changes),
        changed_cards=len({change.event.card for change in plan.changes}),
        reports=len(plan.reports),
        reflections=len(plan.reflections),
        left_out=plan.left_out,
        foreign_cards=plan.foreign_cards,
        with_choices=plan.choices is not None,
        is_kept=is_kept,
    )
