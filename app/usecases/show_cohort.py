"""How everybody in a cohort stands: the same for its instructors and for each member."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.learning.cohorts import Activity, Cohort, Member, Standing, lessons_done, standing_of
from app.learning.course import Course
from app.learning.week_plan import WeekPlan
from app.storage import cohort_members, cohorts, reviews
from app.storage.cohort_members import CountedMember
from app.storage.database import transaction


@dataclass(frozen=True, slots=True)
class MemberStanding:
    """One member, and how they stand on the day that was asked for."""

    member: Member
    standing: Standing


@dataclass(frozen=True, slots=True)
class CohortStandings:
    """A cohort's week plan and everybody in it, by name."""

    plan: WeekPlan
    members: Sequence[MemberStanding]


def show_cohort(
    course: Course, cohort: Cohort, today: date, learner_id: int | None = None
) -> CohortStandings:
    """Everybody in the cohort on its day `today`, or only that learner."""
    plan = cohorts.plan_of(cohort)
    counted = cohort_members.counted_members(cohort.id, learner_id)
    done = _lessons_done(course, counted)
    members = [
        MemberStanding(
            each.member,
            standing_of(plan, Activity(each.last_active_on, done[each.member.learner_id]), today),
        )
        for each in counted
    ]
    members.sort(key=lambda one: (one.member.name.casefold(), one.member.learner_id))
    return CohortStandings(plan, members)


def keep_lesson_counts(course: Course) -> int:
    """Keep which lessons are done for every member of a cohort that is not archived, so that a
    page need not count them; gives for how many members that had changed."""
    kept = 0
    for cohort in cohorts.live_cohorts():
        counted = cohort_members.counted_members(cohort.id)
        stale = [each for each in counted if not _is_kept(course, each)]
        if stale:
            done = _lessons_done(course, stale)
            with transaction():
                for each in stale:
                    learner_id = each.member.learner_id
                    mark = _mark(course, each)
                    cohort_members.keep_lessons_done(learner_id, mark, done[learner_id])
            kept += len(stale)
    return kept


def _lessons_done(course: Course, counted: Sequence[CountedMember]) -> dict[int, Sequence[str]]:
    """The lessons each has done: as they were kept, or counted now where the log has changed."""
    stale = [each.member.learner_id for each in counted if not _is_kept(course, each)]
    answered = reviews.cards_answered_by(stale) if stale else {}
    return {
        each.member.learner_id: (
            lessons_done(course, each.track, answered[each.member.learner_id])
            if each.member.learner_id in answered
            else each.done
        )
        for each in counted
    }


def _is_kept(course: Course, each: CountedMember) -> bool:
    return each.done_mark == _mark(course, each)


def _mark(course: Course, each: CountedMember) -> str:
    return f"{course.lessons_mark} {each.mark}"
