"""What somebody chooses about time: buttons stay honest, memories stay what they are."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

import pytest

from app.learning.progress import week_ahead
from app.learning.queue import EASY_DAY_CARDS, Reason, Standing, plan_today, standing_on
from app.learning.reviews import Grade, Review
from app.learning.rhythm import Flaw, Rhythm, flaws_of
from app.learning.scheduling import (
    Memory,
    Spacing,
    fold,
    remember,
    retrievability,
    return_days,
)

MONDAY = date(2026, 3, 2)
SUNDAY = 6
USUAL = Rhythm()


def review(card: str, day: date, grade: Grade = Grade.GOOD, number: int = 1) -> Review:
    moment = datetime.combine(day, time(12), tzinfo=UTC)
    return Review(UUID(int=number), card, grade, moment, day, 3000)


def some_spacing(random: Random) -> Spacing:
    return Spacing(
        seed=random.getrandbits(63),
        retention=random.randrange(70, 98) / 100,
        easy_days=frozenset(random.sample(range(7), random.randrange(7))),
        exam_on=random.choice([None, MONDAY + timedelta(days=random.randrange(-5, 90))]),
        exam_retention=random.randrange(70, 98) / 100,
    )


def some_memory(random: Random, spacing: Spacing) -> Memory:
    """What is left of one to six reviews, each on its due day or some days after."""
    day = MONDAY - timedelta(days=random.randrange(60))
    memory = None
    for number in range(random.randrange(1, 7)):
        grade = random.choices(list(Grade), [1, 1, 6, 1])[0]
        memory = remember(memory, review(f"k{number}", day, grade, number), spacing)
        memory = replace(memory, card="k")
        day = memory.due_on + timedelta(days=random.choice([0, 0, 1, 9]))
    assert memory
    return memory


@pytest.mark.parametrize("number", range(20))
def test_whatever_was_chosen_a_card_returns_on_the_day_its_button_showed(number: int) -> None:
    random = Random(number)
    for _ in range(60):
        spacing = some_spacing(random)
        memory = random.choice((None, some_memory(random, spacing)))
        day = MONDAY + timedelta(days=random.randrange(100))
        again, hard, good, easy = return_days(memory, "k", day, spacing).values()
        assert day <= again < hard < good < easy
        for grade, shown in zip(Grade, (again, hard, good, easy), strict=True):
            assert remember(memory, review("k", day, grade, 9), spacing).due_on == shown


def test_no_choice_touches_what_fsrs_says_of_the_same_answers() -> None:
    random = Random(1)
    days = [MONDAY, MONDAY + timedelta(days=2), MONDAY + timedelta(days=9)]
    log = [review("k", day, random.choice(list(Grade)), n) for n, day in enumerate(days)]
    for _ in range(200):
        memory, usual = fold(log, some_spacing(random)), fold(log, Spacing(1))
        assert memory and usual
        assert replace(memory, due_on=usual.due_on) == usual


@pytest.mark.parametrize("retention", [0.7, 0.8, 0.97])
def test_a_card_returns_when_its_chance_has_fallen_to_what_is_wanted(retention: float) -> None:
    chances = []
    for number in range(300):
        spacing = Spacing(number, retention=retention)
        memory = fold([review("k", MONDAY, Grade.EASY)], spacing)
        assert memory
        memory = remember(memory, review("k", memory.due_on, number=2), spacing)
        chances.append(retrievability(memory, memory.due_on))
    assert sum(chances) / len(chances) == pytest.approx(retention, abs=0.006)


def test_on_an_easy_day_little_returns_and_nothing_leaves_the_reach_of_its_interval() -> None:
    usual, easy = [0] * 7, [0] * 7
    for number in range(2000):
        day = MONDAY + timedelta(days=number % 7)
        for counts, days in ((usual, frozenset[int]()), (easy, frozenset({SUNDAY}))):
            spacing = Spacing(number, easy_days=days)
            due = return_days(None, f"k{number}", day, spacing)[Grade.EASY]
            assert 5 <= (due - day).days <= 11
            counts[due.weekday()] += 1
    assert usual[SUNDAY] > 200
    assert easy[SUNDAY] == 0


def test_a_weekend_off_asks_only_what_cannot_wait() -> None:
    """A first "wist ik" returns in two to four days, so there is nearly always a day to go to."""
    spacing = Spacing(1, easy_days=frozenset({5, SUNDAY}))
    held = [remember(None, review(f"k{n}", MONDAY), spacing) for n in range(200)]
    assert {memory.due_on.weekday() for memory in held} <= {2, 3, 4}


def learned(number: int, spacing: Spacing, until: date) -> Memory:
    """A card begun in the month before, and answered "wist ik" on every day it was due."""
    memory = None
    day = MONDAY - timedelta(days=1 + number % 30)
    while day < until:
        memory = remember(memory, review(f"k{number}", day, number=number), spacing)
        day = memory.due_on
    assert memory
    return memory


def test_on_the_day_of_the_exam_every_card_is_held_as_well_as_was_wanted() -> None:
    exam_on = MONDAY + timedelta(days=40)
    plain = [learned(n, Spacing(n), exam_on) for n in range(300)]
    with_exam = [
        learned(n, Spacing(n, exam_on=exam_on, exam_retention=0.95), exam_on) for n in range(300)
    ]
    assert sum(retrievability(memory, exam_on) < 0.95 for memory in plain) > 150
    assert min(retrievability(memory, exam_on) for memory in with_exam) >= 0.95


def test_what_an_exam_asks_is_spread_over_the_days_before_it() -> None:
    exam_on = MONDAY + timedelta(days=40)
    days: list[date] = []
    for number in range(300):
        spacing = Spacing(number, exam_on=exam_on, exam_retention=0.95)
        memory = learned(number, spacing, MONDAY)
        while memory.due_on < exam_on:
            days.append(memory.due_on)
            memory = remember(memory, review(memory.card, memory.due_on), spacing)
    busiest = max(days.count(day) for day in set(days))
    assert busiest < 5 * len(days) / 40


def test_after_the_exam_and_on_the_day_before_it_cards_return_as_ever() -> None:
    usual = return_days(None, "k", MONDAY, Spacing(7))
    for days in (-30, 0, 1):
        spacing = Spacing(7, exam_on=MONDAY + timedelta(days=days), exam_retention=0.97)
        assert return_days(None, "k", MONDAY, spacing) == usual


def standing(**given: object) -> Standing:
    facts: dict[str, object] = {
        "due": 0,
        "overdue": 0,
        "new": 0,
        "new_today": 0,
        "answered_today": 0,
        "last_active_day": MONDAY - timedelta(days=1),
        "next_due_on": None,
        **given,
    }
    return Standing(**facts)  # type: ignore[arg-type]


def test_a_pause_asks_nothing_and_its_last_day_is_the_one_before() -> None:
    rhythm = Rhythm(paused_until=MONDAY + timedelta(days=7))
    facts = standing(due=20, overdue=20, new=5)
    last, after = MONDAY + timedelta(days=6), MONDAY + timedelta(days=7)
    assert plan_today(facts, MONDAY, 9.0, rhythm).reason is Reason.PAUSED
    assert plan_today(facts, last, 9.0, rhythm).cards == 0
    plan = plan_today(facts, after, 9.0, rhythm)
    assert (plan.cards, plan.reason) == (12, Reason.WELCOME_BACK)


def test_the_week_ahead_knows_of_the_pause_and_of_easy_days() -> None:
    held = [
        replace(remember(None, review(f"k{n}", MONDAY - timedelta(days=9)), Spacing(n)), lapses=0)
        for n in range(30)
    ]
    facts = standing_on(MONDAY, held, new=0, new_today=0)
    rhythm = Rhythm(paused_until=MONDAY + timedelta(days=2), easy_days=frozenset({3}))
    cards = [ahead.cards for ahead in week_ahead(facts, held, MONDAY, 9.0, rhythm)]
    assert cards == [0, 0, 12, EASY_DAY_CARDS, 12, 0, 0]


def test_an_easy_day_asks_six_cards_at_most_and_begins_none() -> None:
    rhythm = Rhythm(easy_days=frozenset({0}))
    assert plan_today(standing(due=20, new=9), MONDAY, 9.0, rhythm).cards == EASY_DAY_CARDS
    done = plan_today(standing(due=14, answered_today=6), MONDAY, 9.0, rhythm)
    assert (done.cards, done.later, done.reason) == (0, 14, Reason.DONE_FOR_TODAY)
    missed = standing(due=14, answered_today=6, forgotten=2)
    assert plan_today(missed, MONDAY, 9.0, rhythm).cards == 2
    assert plan_today(standing(new=9), MONDAY, 9.0, rhythm).cards == 0
    assert plan_today(standing(due=20), MONDAY + timedelta(days=1), 9.0, rhythm).cards == 20


@pytest.mark.parametrize(("new_a_day", "cards"), [(0, 0), (3, 3), (30, 25)])
def test_new_cards_come_as_many_a_day_as_was_chosen(new_a_day: int, cards: int) -> None:
    plan = plan_today(standing(new=25), MONDAY, 9.0, Rhythm(new_a_day=new_a_day))
    assert plan.cards == cards


@pytest.mark.parametrize(
    ("chosen", "flaw"),
    [
        ({"paused_until": MONDAY}, Flaw.NOT_AHEAD),
        ({"paused_until": MONDAY - timedelta(days=1)}, Flaw.NOT_AHEAD),
        ({"paused_until": date.max}, Flaw.TOO_FAR),
        ({"exam_on": MONDAY}, Flaw.NOT_AHEAD),
        ({"exam_on": date.min}, Flaw.NOT_AHEAD),
        ({"exam_on": MONDAY + timedelta(days=731)}, Flaw.TOO_FAR),
        ({"retention": 0}, Flaw.OUT_OF_RANGE),
        ({"retention": 1}, Flaw.OUT_OF_RANGE),
        ({"retention": 98}, Flaw.OUT_OF_RANGE),
        ({"retention": 100}, Flaw.OUT_OF_RANGE),
        ({"exam_retention": 69}, Flaw.OUT_OF_RANGE),
        ({"new_a_day": 31}, Flaw.OUT_OF_RANGE),
        ({"new_a_day": -1}, Flaw.OUT_OF_RANGE),
        ({"easy_days": frozenset(range(7))}, Flaw.NO_DAY_LEFT),
        ({"easy_days": frozenset({7})}, Flaw.OUT_OF_RANGE),
    ],
)
def test_a_choice_that_cannot_be_says_which_and_why(chosen: dict[str, object], flaw: Flaw) -> None:
    rhythm = replace(USUAL, **chosen)  # type: ignore[arg-type]
    assert flaws_of(rhythm, USUAL, MONDAY) == dict.fromkeys(chosen, flaw)
    assert flaws_of(rhythm, rhythm, MONDAY) == {}


def test_the_edges_of_what_can_be_chosen_are_fine() -> None:
    for rhythm in (
        Rhythm(retention=70, new_a_day=0, exam_retention=97),
        Rhythm(retention=97, new_a_day=30, easy_days=frozenset(range(6))),
        Rhythm(paused_until=MONDAY + timedelta(days=1), exam_on=MONDAY + timedelta(days=730)),
    ):
        assert flaws_of(rhythm, USUAL, MONDAY) == {}


def test_what_is_over_is_not_shown_again() -> None:
    rhythm = Rhythm(paused_until=MONDAY, exam_on=MONDAY, retention=85)
    assert rhythm.without_what_is_over(MONDAY) == Rhythm(retention=85)
    assert rhythm.without_what_is_over(MONDAY - timedelta(days=1)) == rhythm
