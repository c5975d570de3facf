"""The history of a card, in the numbers that FSRS plans with."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from app.learning.card_history import CurvePoint, answers_of, forgetting_curve
from app.learning.leeches import is_leech, is_leech_now
from app.learning.reviews import Grade, Review
from app.learning.scheduling import Memory, fold, remember, retrievability

DAY = date(2026, 3, 2)
SEED = 7


def log(*answers: tuple[int, Grade]) -> list[Review]:
    """Reviews on those days after the first, in order."""
    return [
        Review(
            UUID(int=number + 1),
            "a",
            grade,
            datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(days=days, seconds=number),
            DAY + timedelta(days=days),
            4000,
        )
        for number, (days, grade) in enumerate(answers)
    ]


def test_each_answer_has_the_chance_that_was_reckoned_with_and_the_day_that_followed() -> None:
    events = log((0, Grade.GOOD), (3, Grade.AGAIN), (3, Grade.GOOD), (9, Grade.EASY))
    answers = answers_of(events[::-1], SEED)
    assert [answer.review for answer in answers] == events
    assert answers[0].chance is None
    assert answers[2].chance is None, "one more on the same day"
    for number in (1, 3):
        memory = fold(events[:number], SEED)
        assert memory
        assert answers[number].chance == retrievability(memory, events[number].day)
    memory = fold(events, SEED)
    assert memory and answers[-1].due_on == memory.due_on


def test_the_curve_falls_between_answers_and_each_answer_lifts_it() -> None:
    events = log((0, Grade.GOOD), (10, Grade.GOOD))
    points = forgetting_curve(events, SEED, DAY + timedelta(days=12))
    days = [point.day for point in points]
    assert days == sorted(days)
    assert points[0] == CurvePoint(DAY, 1.0)
    before, after = [point.chance for point in points if point.day == DAY + timedelta(days=10)]
    assert before < after == 1.0
    first = fold(events[:1], SEED)
    assert first and before == retrievability(first, DAY + timedelta(days=10))


@pytest.mark.parametrize("later", [0, 1, 40, 400, 100_000])
def test_the_curve_goes_past_today_and_past_the_day_of_return_in_few_points(later: int) -> None:
    events = log((0, Grade.GOOD), (0, Grade.GOOD), (4, Grade.HARD))
    today = DAY + timedelta(days=4 + later)
    points = forgetting_curve(events, SEED, today)
    memory = fold(events, SEED)
    assert memory
    assert points[-1].day > max(today, memory.due_on)
    assert len(points) < 400
    assert all(0 < point.chance <= 1 for point in points)


def test_a_card_without_answers_has_no_curve() -> None:
    assert forgetting_curve([], SEED, DAY) == []
    assert answers_of([], SEED) == []


def test_the_curve_ends_with_the_calendar() -> None:
    end = date(9999, 12, 31)
    assert forgetting_curve(log((0, Grade.GOOD)), SEED, end)[-1].day == end


def lapsed(times: int) -> Memory:
    """A card that was known and forgotten so many times, forgotten last."""
    memory = None
    for number in range(times + 1):
        for event in log((20 * number, Grade.AGAIN), (20 * number, Grade.GOOD)):
            if number or event.grade is Grade.GOOD:
                memory = remember(memory, event, SEED)
            if number == times and event.grade is Grade.AGAIN:
                break
    assert memory and memory.lapses == times
    return memory


def test_a_card_slips_away_for_good_after_six_lapses_and_that_is_said_again_every_third() -> None:
    assert not is_leech(None) and not is_leech_now(None)
    told = [times for times in range(1, 14) if is_leech_now(lapsed(times))]
    assert told == [6, 9, 12]
    assert [times for times in range(1, 9) if is_leech(lapsed(times))] == [6, 7, 8]


def test_nothing_is_said_when_such_a_card_is_remembered() -> None:
    known = remember(lapsed(6), log((121, Grade.GOOD))[0], SEED)
    assert is_leech(known) and not is_leech_now(known)
