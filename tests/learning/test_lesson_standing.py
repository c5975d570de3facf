"""Where somebody stands in a lesson, and what it asks of them."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from app.learning.course import Course
from app.learning.lesson_standing import Standing, lesson_minutes, standing_in
from app.learning.scheduling import Memory

MONDAY = date(2026, 3, 2)


def memory(card: str, due_in: int, stability: float = 10.0) -> Memory:
    return Memory(
        card=card,
        stability=stability,
        difficulty=5.0,
        due_on=MONDAY + timedelta(days=due_in),
        last_day=MONDAY - timedelta(days=1),
        last_at=datetime(2026, 3, 1, 9, tzinfo=UTC),
        last_id=uuid4(),
        reviews=1,
        lapses=0,
    )


def standing(cards: str, *memories: Memory) -> Standing:
    return standing_in(list(cards), {m.card: m for m in memories}, MONDAY).standing


def test_a_lesson_without_an_answer_is_not_begun() -> None:
    assert standing("ab") is Standing.NOT_BEGUN


def test_a_lesson_with_some_answers_is_begun() -> None:
    assert standing("ab", memory("a", 3)) is Standing.BEGUN


def test_a_card_due_today_or_before_comes_first() -> None:
    assert standing("ab", memory("a", 0)) is Standing.DUE
    assert standing("ab", memory("a", 3), memory("b", -2)) is Standing.DUE


def test_a_lesson_whose_cards_all_wait_for_a_later_day_rests() -> None:
    at = standing_in(["a", "b"], {"a": memory("a", 5), "b": memory("b", 3)}, MONDAY)
    assert at.standing is Standing.RESTING
    assert at.next_due_on == MONDAY + timedelta(days=3)


def test_how_long_it_lasts_is_that_of_the_middle_card() -> None:
    cards = {c: memory(c, 5, s) for c, s in {"a": 4.0, "b": 30.0, "c": 400.0}.items()}
    at = standing_in(list("abc"), cards, MONDAY)
    assert at.lasts_until == MONDAY + timedelta(days=29)


def test_a_memory_that_outlasts_the_calendar_is_cut_off() -> None:
    at = standing_in(["a"], {"a": memory("a", 5, 1e9)}, MONDAY)
    assert at.lasts_until == date.max


def test_cards_of_another_track_do_not_count() -> None:
    at = standing_in(["a"], {"a": memory("a", 5), "b": memory("b", 0)}, MONDAY)
    assert (at.cards, at.answered, at.due) == (1, 1, 0)


def test_minutes_count_words_and_cards(small_course: Course) -> None:
    lesson = small_course.chapters[0].lessons[0]
    assert lesson_minutes(lesson, 0) == 1
    assert lesson_minutes(lesson, 4, seconds_per_card=60) == 5
