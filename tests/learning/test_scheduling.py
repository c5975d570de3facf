"""The rules around FSRS: whole days, honest buttons, a spread that favours nobody."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from statistics import fmean
from uuid import UUID

import pytest

from app.learning.reviews import Grade, Review
from app.learning.scheduling import (
    MAXIMUM_INTERVAL,
    Memory,
    Spacing,
    fold,
    remember,
    retrievability,
    return_days,
    spread,
    steps_after,
)

START = date(2026, 3, 2)


def review_on(
    day: date, grade: Grade, number: int, *, at: time = time(12), card: str = "k"
) -> Review:
    moment = datetime.combine(day, at, tzinfo=UTC)
    return Review(UUID(int=number), card, grade, moment, day, 3000)


def random_history(random: Random, reviews: int) -> list[Review]:
    """Reviews in log order, some on the same day, some years apart, at any hour."""
    day, made = START, []
    for number in range(reviews):
        day += timedelta(days=random.choice((0, 0, 1, 1, 2, 3, 7, 20, 60, 300)))
        at = time(random.randrange(24), random.randrange(60), random.randrange(60))
        made.append(review_on(day, random.choice(list(Grade)), number, at=at))
    return sorted(made, key=lambda review: (review.reviewed_at, review.id.int))


def random_memory(random: Random) -> Memory:
    """Any memory there could be, also ones no usual history leads to."""
    reviews = random.randrange(1, 200)
    return Memory(
        card=f"kaart-{random.randrange(100)}",
        stability=10 ** random.uniform(-3, 4.5),
        difficulty=random.uniform(1, 10),
        due_on=START + timedelta(days=random.randrange(100)),
        last_day=START,
        last_at=datetime(2026, 3, 2, 12, tzinfo=UTC),
        last_id=UUID(int=0),
        reviews=reviews,
        lapses=random.randrange(reviews),
    )


@pytest.mark.parametrize("number", range(20))
def test_a_card_returns_on_the_day_its_button_showed(number: int) -> None:
    random = Random(number)
    for _ in range(100):
        memory = random.choice((None, random_memory(random)))
        card = "nieuw" if memory is None else memory.card
        day = START + timedelta(days=random.randrange(-3, 400))
        seed = random.getrandbits(63)
        shown = return_days(memory, card, day, Spacing(seed))
        for grade in Grade:
            after = remember(memory, review_on(day, grade, 1, card=card), Spacing(seed))
            assert after.due_on == shown[grade]


@pytest.mark.parametrize("number", range(20))
def test_a_better_grade_always_returns_later(number: int) -> None:
    random = Random(number)
    for _ in range(200):
        memory = random.choice((None, random_memory(random)))
        day = START + timedelta(days=random.randrange(400))
        again, hard, good, easy = return_days(
            memory, "k", day, Spacing(random.getrandbits(63))
        ).values()
        assert again == day
        assert day < hard < good < easy


def test_a_missed_card_stays_on_its_day_until_it_is_remembered_once() -> None:
    missed = remember(None, review_on(START, Grade.AGAIN, 1), Spacing(1))
    assert missed.is_forgotten
    assert missed.due_on == START
    missed_again = remember(missed, review_on(START, Grade.AGAIN, 2), Spacing(1))
    assert missed_again.is_forgotten
    remembered = remember(missed_again, review_on(START, Grade.HARD, 3), Spacing(1))
    assert not remembered.is_forgotten
    assert remembered.due_on > START


def test_missing_a_card_twice_in_a_row_is_one_lapse() -> None:
    grades = (Grade.GOOD, Grade.AGAIN, Grade.AGAIN, Grade.GOOD, Grade.AGAIN)
    memory = fold((review_on(START, grade, n) for n, grade in enumerate(grades)), Spacing(1))
    assert memory is not None
    assert (memory.reviews, memory.lapses) == (5, 2)


def test_missing_a_card_the_first_time_is_no_lapse() -> None:
    memory = remember(None, review_on(START, Grade.AGAIN, 1), Spacing(1))
    assert memory.lapses == 0


@pytest.mark.parametrize("number", range(10))
def test_reviews_may_arrive_in_any_order(number: int) -> None:
    random = Random(number)
    for _ in range(20):
        history = random_history(random, 8)
        in_order = fold(history, Spacing(number))
        random.shuffle(history)
        assert fold(history, Spacing(number)) == in_order


def test_two_reviews_of_one_moment_are_ordered_by_their_ids() -> None:
    one, other = review_on(START, Grade.AGAIN, 1), review_on(START, Grade.EASY, 2)
    assert fold([one, other], Spacing(1)) == fold([other, one], Spacing(1))


def test_adding_one_review_on_top_is_folding_them_all() -> None:
    random = Random(4)
    for seed in range(100):
        memory = None
        history = random_history(random, 10)
        for review in history:
            assert memory is None or memory.follows(review)
            memory = remember(memory, review, Spacing(seed))
        assert memory == fold(history, Spacing(seed))


def test_a_card_without_reviews_leaves_no_memory() -> None:
    assert fold([], Spacing(1)) is None


def test_the_hour_of_studying_does_not_move_the_day_a_card_returns() -> None:
    random = Random(7)
    for seed in range(100):
        history = random_history(random, 6)
        hours = sorted(random.sample(range(24), len(history)))
        days = [review.day for review in history]
        moved = [
            replace(review, reviewed_at=datetime.combine(day, time(hour), tzinfo=UTC))
            for review, day, hour in zip(history, days, hours, strict=True)
        ]
        original, later = fold(history, Spacing(seed)), fold(moved, Spacing(seed))
        assert original is not None
        assert later is not None
        assert (original.due_on, original.stability) == (later.due_on, later.stability)


def test_evening_after_evening_a_card_due_tomorrow_is_due_tomorrow() -> None:
    """A clock of 24-hour blocks would show it a day late whenever one evening is earlier."""
    late = review_on(START, Grade.HARD, 1, at=time(22, 30))
    memory = remember(None, late, Spacing(1))
    assert memory.due_on == START + timedelta(days=1)
    early = review_on(START + timedelta(days=1), Grade.GOOD, 2, at=time(18))
    noon = replace(early, reviewed_at=early.reviewed_at + timedelta(hours=5))
    assert remember(memory, early, Spacing(1)).due_on == remember(memory, noon, Spacing(1)).due_on
    assert (
        remember(memory, early, Spacing(1)).stability == steps_after(memory, early.day)[2].stability
    )


def test_a_leap_day_is_a_day() -> None:
    before = remember(None, review_on(date(2028, 2, 28), Grade.EASY, 1), Spacing(1))
    in_leap_year = steps_after(before, date(2028, 3, 1))
    usual = remember(None, review_on(date(2027, 2, 27), Grade.EASY, 1), Spacing(1))
    assert in_leap_year == steps_after(usual, date(2027, 3, 1))
    on_leap_day = remember(None, review_on(date(2028, 2, 29), Grade.HARD, 1), Spacing(1))
    assert on_leap_day.due_on == date(2028, 3, 1)


def test_a_traveller_who_lands_on_yesterday_loses_no_day() -> None:
    """From Auckland to Los Angeles: later in time, a day earlier on the calendar."""
    auckland = review_on(date(2026, 6, 2), Grade.GOOD, 1, at=time(1))
    los_angeles = replace(
        review_on(date(2026, 6, 2), Grade.GOOD, 2, at=time(20)), day=date(2026, 6, 1)
    )
    memory = remember(None, auckland, Spacing(1))
    after = remember(memory, los_angeles, Spacing(1))
    assert after.last_day == date(2026, 6, 2)
    assert after.stability == steps_after(memory, date(2026, 6, 2))[2].stability
    assert after.due_on > date(2026, 6, 2)
    assert return_days(memory, "k", date(2026, 6, 1), Spacing(1))[Grade.GOOD] == after.due_on


def test_a_clock_set_back_never_makes_a_memory_older_than_itself() -> None:
    memory = remember(None, review_on(START, Grade.GOOD, 1), Spacing(1))
    assert (
        retrievability(memory, START - timedelta(days=30)) == retrievability(memory, START) == 1.0
    )


def test_recall_falls_to_nine_in_ten_in_the_time_stability_says() -> None:
    memory = replace(remember(None, review_on(START, Grade.GOOD, 1), Spacing(1)), stability=50.0)
    assert retrievability(memory, START + timedelta(days=50)) == pytest.approx(0.9, abs=1e-12)
    chances = [retrievability(memory, START + timedelta(days=n)) for n in range(400)]
    assert chances == sorted(chances, reverse=True)


def test_no_interval_is_longer_than_a_century() -> None:
    strong = replace(remember(None, review_on(START, Grade.GOOD, 1), Spacing(1)), stability=1e6)
    for seed in range(200):
        day = START + timedelta(days=40_000)
        hard, _, easy = list(return_days(strong, "k", day, Spacing(seed)).values())[1:]
        assert (hard - day).days <= MAXIMUM_INTERVAL
        assert (easy - day).days <= MAXIMUM_INTERVAL + 2  # good and easy still differ


@pytest.mark.parametrize("interval", [*range(1, 60), 90, 365, 3650])
def test_the_spread_is_symmetric_around_the_interval(interval: int) -> None:
    shares = [(n + 0.5) / 5040 for n in range(5040)]
    days = Counter(spread(interval, share) for share in shares)
    assert all(days[interval + n] == days[interval - n] for n in range(max(days)))
    assert fmean(days.elements()) == interval
    assert min(days) >= 1


def test_intervals_below_two_and_a_half_days_are_not_spread() -> None:
    assert {spread(interval, share) for interval in (1, 2) for share in (0.0, 0.5, 0.999)} == {1, 2}
    assert spread(1, 0.999) == 1
    assert spread(3, 0.0) == 2


# Computed by Anki's own fuzz rule: 1 day + 15 % of days 2.5-7, 10 % of 7-20, 5 % beyond.
@pytest.mark.parametrize(
    ("interval", "least", "most"), [(3, 2, 4), (7, 5, 9), (20, 17, 23), (100, 93, 107)]
)
def test_the_spread_is_as_wide_as_that_of_anki(interval: int, least: int, most: int) -> None:
    assert (spread(interval, 0.0), spread(interval, 1 - 1e-12)) == (least, most)


def test_over_many_cards_the_spread_favours_no_day() -> None:
    unspread = steps_after(None, START)[3].interval
    days = [
        (return_days(None, f"kaart-{n}", START, Spacing(n))[Grade.EASY] - START).days
        for n in range(4000)
    ]
    assert fmean(days) == pytest.approx(unspread, abs=0.1)
    assert set(Counter(days)) == set(range(unspread - 2, unspread + 3))
    assert max(Counter(days).values()) < 1.2 * min(Counter(days).values())


def test_two_learners_get_the_same_card_on_different_days() -> None:
    assert len({return_days(None, "k", START, Spacing(seed))[Grade.EASY] for seed in range(20)}) > 2


def test_the_spread_of_a_card_is_the_same_tomorrow_and_on_another_machine() -> None:
    """Written down: a change of these days moves the cards of everybody who learns."""
    assert [
        (return_days(None, card, START, Spacing(123))[Grade.EASY] - START).days
        for card in ("hechting-betekenis", "band-afstand", "los-vaster", "een", "twee", "drie")
    ] == [9, 6, 7, 7, 8, 6]
