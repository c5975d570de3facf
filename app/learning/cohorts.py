"""A cohort, who is in it, and the one label that its instructors and each member see alike."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from app.learning.course import Course
from app.learning.days import DEFAULT_ZONE, day_of, zone_named
from app.learning.people import Track
from app.learning.week_plan import WeekPlan

# A week in which somebody did nothing is worth a question; fewer days are nobody's business.
SILENT_AFTER = 7
LONGEST_NAME = 80


class Role(Enum):
    """What a member of staff may do; an admin invites instructors and is one too."""

    INSTRUCTOR = "instructor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Cohort:
    """A group that follows the course together. `id` and `code` are random: nobody guesses them."""

    id: str
    name: str
    institution: str
    code: str
    starts_on: date
    archived_on: date | None = None


class Label(Enum):
    """How somebody stands in a cohort; templates own the sentence and the rule beside it."""

    NOT_STARTED = "not_started"
    SILENT = "silent"
    BEHIND = "behind"
    ON_PLAN = "on_plan"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Activity:
    """What is counted of one member: the last day with a review, and which lessons are done."""

    last_active_on: date | None
    lessons_done: Collection[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """What instructors see of one member, and the member too.

    `done` are lessons that are done, of any week; `missing` those that the plan asked by now.
    """

    label: Label
    last_active_on: date | None
    done: int
    missing: int


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a cohort, under the name they gave themselves there."""

    learner_id: int
    name: str
    joined_on: date


@dataclass(frozen=True, slots=True)
class Membership:
    """That somebody is in a cohort, or was until `left_on`."""

    cohort: Cohort
    member: Member
    left_on: date | None


def cohort_day(moment: datetime) -> date:
    """The day it is for a cohort; its members may live in other zones."""
    return day_of(moment, zone_named(DEFAULT_ZONE))


def ended_on(cohort: Cohort, plan: WeekPlan) -> date:
    """The day a cohort was closed; the last one of its week plan while it is not."""
    return cohort.archived_on or plan.ends_on


def standing_of(plan: WeekPlan, activity: Activity, today: date) -> Standing:
    """The one function behind every label; `today` is the cohort's day."""
    done = set(activity.lessons_done)
    missing = len(plan.planned_before(today) - done)
    return Standing(
        label=_label(plan, activity, done, missing, today),
        last_active_on=activity.last_active_on,
        done=len(done),
        missing=missing,
    )


def lessons_done(course: Course, track: Track, answered: Collection[str]) -> list[str]:
    """The lessons of which all cards on `track` were answered at least once, in course order."""
    done = []
    for (chapter, slug), (_, lesson) in course.lessons.items():
        cards = [card for card in lesson.cards if course.is_on_track(card, track)]
        if cards and all(card in answered for card in cards):
            done.append(f"{chapter}/{slug}")
    return done


def _label(
    plan: WeekPlan, activity: Activity, done: Collection[str], missing: int, today: date
) -> Label:
    last = activity.last_active_on
    if last is None:
        return Label.NOT_STARTED
    if plan.week_of and plan.week_of.keys() <= set(done):
        return Label.FINISHED
    # Before the first day of the cohort nobody is silent.
    since = max(last, plan.starts_on - timedelta(days=1))
    if plan.days_without_break(since, today) >= SILENT_AFTER:
        return Label.SILENT
    return Label.BEHIND if missing else Label.ON_PLAN
