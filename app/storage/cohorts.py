"""Cohorts, who teaches them and their week plans. Found through whoever asks, or by the code."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from app.learning.cohorts import Cohort
from app.learning.week_plan import Break, WeekPlan
from app.storage.database import Statement
from app.storage.fields import from_day_number, to_day_number

_COLUMNS = "cohort.id, name, institution, code, starts_on, archived_on"
# A member of staff whose role was taken sees nothing any more.
_OF_INSTRUCTOR = (
    f"SELECT {_COLUMNS} FROM cohort_instructor JOIN staff ON staff.email = cohort_instructor.email "
    "JOIN cohort ON cohort.id = cohort_instructor.cohort_id WHERE cohort_instructor.email = ? "
)
_COHORT_OF = Statement(_OF_INSTRUCTOR + "AND cohort.id = ?")
_COHORTS_OF = Statement(_OF_INSTRUCTOR + "ORDER BY starts_on DESC, name, cohort.id")
_WITH_CODE = Statement(f"SELECT {_COLUMNS} FROM cohort WHERE code = ? AND archived_on IS NULL")
_LIVE = Statement(f"SELECT {_COLUMNS} FROM cohort WHERE archived_on IS NULL ORDER BY id")
_LIVE_ONE = Statement(f"SELECT {_COLUMNS} FROM cohort WHERE id = ? AND archived_on IS NULL")
_EVERY = Statement(f"SELECT {_COLUMNS} FROM cohort ORDER BY id")
_REMOVE = Statement("DELETE FROM cohort WHERE id = ?")
_ADD = Statement(
    "INSERT INTO cohort (id, name, institution, code, starts_on) VALUES (?, ?, ?, ?, ?)"
)
_CHANGE = Statement("UPDATE cohort SET name = ?, institution = ?, starts_on = ? WHERE id = ?")
_ARCHIVE = Statement("UPDATE cohort SET archived_on = ? WHERE id = ?")
_INSTRUCTORS = Statement("SELECT email FROM cohort_instructor WHERE cohort_id = ? ORDER BY email")
_ADD_INSTRUCTOR = Statement(
    "INSERT INTO cohort_instructor (email, cohort_id) VALUES (?, ?) ON CONFLICT DO NOTHING"
)
_REMOVE_INSTRUCTOR = Statement("DELETE FROM cohort_instructor WHERE email = ? AND cohort_id = ?")
_SIZES = Statement(
    "SELECT cohort_instructor.cohort_id, count(*) FROM cohort_instructor JOIN cohort_member "
    "ON cohort_member.cohort_id = cohort_instructor.cohort_id "
    "WHERE email = ? AND left_on IS NULL GROUP BY cohort_instructor.cohort_id"
)
_PLANNED = Statement("SELECT lesson, week FROM cohort_lesson WHERE cohort_id = ?")
_BREAKS = Statement(
    "SELECT starts_on, ends_on FROM cohort_break WHERE cohort_id = ? ORDER BY starts_on"
)
_ALL_PLANNED = Statement("SELECT cohort_id, lesson, week FROM cohort_lesson")
_ALL_BREAKS = Statement(
    "SELECT cohort_id, starts_on, ends_on FROM cohort_break ORDER BY cohort_id, starts_on"
)
_FORGET_PLANNED = Statement("DELETE FROM cohort_lesson WHERE cohort_id = ?")
_FORGET_BREAKS = Statement("DELETE FROM cohort_break WHERE cohort_id = ?")
_PLAN = Statement("INSERT INTO cohort_lesson (cohort_id, lesson, week) VALUES (?, ?, ?)")
_ADD_BREAK = Statement("INSERT INTO cohort_break (cohort_id, starts_on, ends_on) VALUES (?, ?, ?)")
_BREAK_OF_LEARNER = Statement(
    "SELECT count(*), count(cohort_break.starts_on), min(cohort_break.ends_on) FROM cohort_member "
    "JOIN cohort ON cohort.id = cohort_member.cohort_id AND archived_on IS NULL "
    "LEFT JOIN cohort_break ON cohort_break.cohort_id = cohort.id "
    "AND cohort_break.starts_on <= ? AND cohort_break.ends_on >= ? "
    "WHERE cohort_member.learner_id = ? AND left_on IS NULL"
)


def cohort_of(email: str | None, cohort_id: str) -> Cohort | None:
    """The cohort of that id, where that member of staff teaches it."""
    row = _COHORT_OF.row(email, cohort_id) if email else None
    return None if row is None else cohort_of_row(row)


def cohorts_of(email: str) -> list[Cohort]:
    """Every cohort that member of staff teaches, the last to start first."""
    return [cohort_of_row(row) for row in _COHORTS_OF.rows(email)]


def sizes_of(email: str) -> dict[str, int]:
    """How many members each cohort of that instructor has, by cohort; an empty one is left out."""
    return dict(_SIZES.rows(email))


def cohort_with_code(code: str) -> Cohort | None:
    """The cohort that learners join with `code`; None where it is archived."""
    row = _WITH_CODE.row(code)
    return None if row is None else cohort_of_row(row)


def live_cohorts() -> list[Cohort]:
    """Every cohort that is not archived."""
    return [cohort_of_row(row) for row in _LIVE.rows()]


def live_cohort(cohort_id: str) -> Cohort | None:
    """The cohort of that id, whoever asks; None where it is archived."""
    row = _LIVE_ONE.row(cohort_id)
    return None if row is None else cohort_of_row(row)


def every_cohort() -> list[Cohort]:
    """Every cohort, those that are archived too."""
    return [cohort_of_row(row) for row in _EVERY.rows()]


def remove_cohort(cohort_id: str) -> bool:
    """Remove a cohort with its plan, members, looks and figures; False where it was gone."""
    return _REMOVE.run(cohort_id) == 1


def add_cohort(cohort: Cohort) -> None:
    starts_on = to_day_number(cohort.starts_on)
    _ADD.run(cohort.id, cohort.name, cohort.institution, cohort.code, starts_on)


def change_cohort(cohort_id: str, *, name: str, institution: str, starts_on: date) -> None:
    _CHANGE.run(name, institution, to_day_number(starts_on), cohort_id)


def set_archived(cohort_id: str, on: date | None) -> None:
    """Close a cohort, or open it again with None."""
    _ARCHIVE.run(None if on is None else to_day_number(on), cohort_id)


def instructors_of(cohort_id: str) -> list[str]:
    """The addresses of who teaches it, in order."""
    return [row[0] for row in _INSTRUCTORS.rows(cohort_id)]


def add_instructor(cohort_id: str, email: str) -> None:
    _ADD_INSTRUCTOR.run(email, cohort_id)


def remove_instructor(cohort_id: str, email: str) -> None:
    _REMOVE_INSTRUCTOR.run(email, cohort_id)


def plan_of(cohort: Cohort) -> WeekPlan:
    """The week plan of a cohort, with its breaks in order."""
    return WeekPlan(
        starts_on=cohort.starts_on,
        week_of=dict(_PLANNED.rows(cohort.id)),
        breaks=[
            Break(from_day_number(starts_on), from_day_number(ends_on))
            for starts_on, ends_on in _BREAKS.rows(cohort.id)
        ],
    )


def plans_of(cohorts: Iterable[Cohort]) -> Iterator[tuple[Cohort, WeekPlan]]:
    """Each cohort with its week plan, read at once."""
    week_of: dict[str, dict[str, int]] = {}
    for cohort_id, lesson, week in _ALL_PLANNED.rows():
        week_of.setdefault(cohort_id, {})[lesson] = week
    breaks: dict[str, list[Break]] = {}
    for cohort_id, starts_on, ends_on in _ALL_BREAKS.rows():
        days = Break(from_day_number(starts_on), from_day_number(ends_on))
        breaks.setdefault(cohort_id, []).append(days)
    for cohort in cohorts:
        plan = WeekPlan(cohort.starts_on, week_of.get(cohort.id, {}), breaks.get(cohort.id, ()))
        yield cohort, plan


def replace_plan(cohort_id: str, week_of: Mapping[str, int], breaks: Iterable[Break]) -> None:
    """Drop the week plan and write this one; no two breaks begin on one day."""
    _FORGET_PLANNED.run(cohort_id)
    _FORGET_BREAKS.run(cohort_id)
    for lesson, week in week_of.items():
        _PLAN.run(cohort_id, lesson, week)
    for each in breaks:
        _ADD_BREAK.run(cohort_id, to_day_number(each.starts_on), to_day_number(each.ends_on))


def break_until(learner_id: int, day: date) -> date | None:
    """The last day on which every cohort this learner is in still has the break it has on `day`.

    None where one of them has no break that day, and for nobody's member.
    """
    number = to_day_number(day)
    row = _BREAK_OF_LEARNER.row(number, number, learner_id)
    if row is None or not 0 < row[0] <= row[1]:
        return None
    return from_day_number(row[2])


def cohort_of_row(row: tuple[Any, ...]) -> Cohort:
    """The cohort in a row of its columns."""
    id_, name, institution, code, starts_on, archived_on = row
    return Cohort(
        id=id_,
        name=name,
        institution=institution,
        code=code,
        starts_on=from_day_number(starts_on),
        archived_on=None if archived_on is None else from_day_number(archived_on),
    )
