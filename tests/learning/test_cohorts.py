"""The label: one pure function, with a rule for each word."""

from datetime import date, timedelta

import pytest

from app.learning.cohorts import Activity, Label, standing_of
from app.learning.week_plan import Break, WeekPlan

MONDAY = date(2026, 3, 2)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


PLAN = WeekPlan(MONDAY, {"a": 1, "b": 2})


@pytest.mark.parametrize(
    ("last", "done", "today", "label", "missing"),
    [
        (None, "", 0, Label.NOT_STARTED, 0),
        (None, "", 30, Label.NOT_STARTED, 2),
        (6, "", 6, Label.ON_PLAN, 0),
        (6, "", 7, Label.BEHIND, 1),
        (6, "a", 7, Label.ON_PLAN, 0),
        (6, "a", 12, Label.ON_PLAN, 0),
        (6, "a", 13, Label.SILENT, 0),
        (6, "b", 13, Label.SILENT, 1),
        (1, "ab", 90, Label.FINISHED, 0),
        # Before the first day nobody is silent or behind.
        (-60, "", 5, Label.ON_PLAN, 0),
        (-60, "a", 6, Label.SILENT, 0),
    ],
)
def test_the_rule_of_each_label(
    last: int | None, done: str, today: int, label: Label, missing: int
) -> None:
    activity = Activity(None if last is None else day(last), list(done))
    found = standing_of(PLAN, activity, day(today))
    assert (found.label, found.missing, found.done) == (label, missing, len(done))


def test_days_of_a_break_make_nobody_silent() -> None:
    plan = WeekPlan(MONDAY, {}, [Break(day(3), day(16))])
    assert standing_of(plan, Activity(day(0), []), day(20)).label is Label.ON_PLAN
    assert standing_of(plan, Activity(day(0), []), day(21)).label is Label.SILENT


def test_without_a_plan_nobody_is_behind_or_finished() -> None:
    plan = WeekPlan(MONDAY, {})
    assert standing_of(plan, Activity(day(40), []), day(41)).label is Label.ON_PLAN
