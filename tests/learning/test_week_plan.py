"""Teaching weeks are counted around the breaks."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.learning.week_plan import Break, WeekPlan, monday_of, moved_breaks, spread_lessons

MONDAY = date(2026, 3, 2)
WEEK = timedelta(days=7)


def test_lessons_lie_in_the_week_they_are_given() -> None:
    plan = WeekPlan(MONDAY + timedelta(days=2), {"a": 1, "b": 3})
    assert plan.dates == {"a": MONDAY, "b": MONDAY + 2 * WEEK}


def test_a_week_of_break_moves_everything_after_it() -> None:
    off = Break(MONDAY + WEEK, MONDAY + WEEK + timedelta(days=4))
    plan = WeekPlan(MONDAY, {"a": 1, "b": 2, "c": 3}, [off])
    assert plan.dates == {"a": MONDAY, "b": MONDAY + 2 * WEEK, "c": MONDAY + 3 * WEEK}


def test_a_day_off_moves_nothing() -> None:
    off = Break(MONDAY + WEEK, MONDAY + WEEK)
    assert WeekPlan(MONDAY, {"b": 2}, [off]).dates == {"b": MONDAY + WEEK}


def test_a_lesson_is_asked_when_its_week_is_over() -> None:
    plan = WeekPlan(MONDAY, {"a": 1, "b": 2})
    assert plan.planned_before(MONDAY + timedelta(days=6)) == set()
    assert plan.planned_before(MONDAY + WEEK) == {"a"}
    assert plan.in_week_of(MONDAY + WEEK) == {"b"}


def test_a_break_without_end_ends_the_plan_and_not_the_program() -> None:
    plan = WeekPlan(MONDAY, {"a": 1}, [Break(MONDAY, MONDAY + timedelta(days=5000))])
    assert plan.dates == {}
    assert plan.planned_before(date(2099, 1, 1)) == set()


@given(st.integers(1, 60), st.integers(1, 60))
def test_lessons_are_spread_in_order_and_evenly(lessons: int, weeks: int) -> None:
    names = [str(number) for number in range(lessons)]
    spread = list(spread_lessons(names, weeks).values())
    assert spread == sorted(spread)
    assert spread[0] == 1 and max(spread) <= weeks
    counts = [spread.count(week) for week in range(1, weeks + 1)]
    assert max(counts) - min(counts) <= 1


@given(st.integers(-50, 50), st.integers(0, 60), st.integers(0, 20))
def test_a_start_some_weeks_later_moves_every_lesson_as_far(move: int, at: int, days: int) -> None:
    off = Break(MONDAY + timedelta(days=at), MONDAY + timedelta(days=at + days))
    week_of = {"a": 1, "b": 4, "c": 9}
    before = WeekPlan(MONDAY, week_of, [off]).dates
    after = WeekPlan(MONDAY + move * WEEK, week_of, moved_breaks([off], 7 * move)).dates
    assert after == {lesson: monday + move * WEEK for lesson, monday in before.items()}
    assert all(monday == monday_of(monday) for monday in after.values())
