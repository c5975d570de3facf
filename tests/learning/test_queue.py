"""How many cards a day, and which waits: no debt, and nothing forgotten in between."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random
from uuid import UUID

import pytest

from app.learning.queue import (
    CATCH_UP_CARDS,
    LARGEST_SITTING,
    Reason,
    Sitting,
    Standing,
    forgotten_goes_first,
    pace,
    plan_today,
    standing_on,
)
from app.learning.reviews import Grade, Review
from app.learning.scheduling import Memory, fold

TODAY = date(2026, 3, 2)
YESTERDAY = TODAY - timedelta(days=1)


def standing(**given: object) -> Standing:
    facts: dict[str, object] = {
        "due": 0,
        "overdue": 0,
        "new": 0,
        "new_today": 0,
        "answered_today": 0,
        "last_active_day": YESTERDAY,
        "next_due_on": TODAY + timedelta(days=3),
        **given,
    }
    return Standing(**facts)  # type: ignore[arg-type]


def review(card: str, grade: Grade, day: date, number: int = 1) -> Review:
    moment = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=9, seconds=number)
    return Review(UUID(int=number), card, grade, moment, day, 4000)


def memories_after(active_days: int, seed: int) -> list[Memory]:
    """What somebody remembers who reviewed some cards on some of the days before yesterday."""
    chance = Random(seed)
    made = []
    for number in range(chance.randint(1, 120)):
        day = YESTERDAY - timedelta(days=chance.randrange(active_days))
        grade = chance.choice([Grade.AGAIN, Grade.GOOD, Grade.GOOD, Grade.EASY])
        memory = fold([review(f"kaart-{number}", grade, day, number + 1)], seed)
        assert memory
        made.append(memory)
    return made


@pytest.mark.parametrize(("away", "seed"), list(product([3, 4, 7, 30, 60, 400], range(12))))
def test_after_any_absence_the_first_screen_holds_at_most_twelve_cards(
    away: int, seed: int
) -> None:
    memories = memories_after(20, seed)
    today = YESTERDAY + timedelta(days=away)
    facts = standing_on(today, memories, new=seed * 3, new_today=0, last_active_day=YESTERDAY)
    plan = plan_today(facts, today, 9.0)
    assert plan.cards <= CATCH_UP_CARDS
    assert plan.cards + plan.later >= facts.due
    if facts.due:
        assert plan.cards > 0
    if plan.later:
        assert plan.reason is Reason.WELCOME_BACK


@pytest.mark.parametrize("seed", range(40))
def test_a_day_with_something_due_is_empty_only_when_twelve_were_done(seed: int) -> None:
    chance = Random(seed)
    due = chance.randint(1, 60)
    forgotten = chance.randint(0, min(due, 3))
    facts = standing(
        due=due,
        overdue=chance.randint(0, due - forgotten),
        forgotten=forgotten,
        answered_today=chance.randint(0, 30),
        last_active_day=TODAY - timedelta(days=chance.choice([1, 2, 3, 50])),
    )
    plan = plan_today(facts, TODAY, 9.0)
    assert plan.cards <= LARGEST_SITTING
    if plan.cards == 0:
        assert facts.answered_today >= CATCH_UP_CARDS
        assert not facts.forgotten
        assert plan.reason is Reason.DONE_FOR_TODAY


@pytest.mark.parametrize("overdue", [13, 14, 20, 24, 200])
def test_the_size_of_a_day_does_not_grow_while_it_is_done(overdue: int) -> None:
    for done in range(CATCH_UP_CARDS + 1):
        left = overdue - done
        facts = standing(due=left + 10, overdue=left, answered_today=done)
        assert plan_today(facts, TODAY, 9.0).cards == CATCH_UP_CARDS - done


def test_what_was_missed_is_still_asked_where_the_day_is_full() -> None:
    facts = standing(due=40, overdue=38, forgotten=2, answered_today=12)
    assert plan_today(facts, TODAY, 9.0).cards == 2


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"due": 5}, Reason.CARDS_DUE),
        ({"new": 5}, Reason.CARDS_DUE),
        ({"due": 40, "overdue": 40}, Reason.CATCHING_UP),
        (
            {"due": 40, "overdue": 40, "last_active_day": TODAY - timedelta(days=9)},
            Reason.WELCOME_BACK,
        ),
        ({"due": 5, "last_active_day": TODAY - timedelta(days=9)}, Reason.CARDS_DUE),
        ({"answered_today": 4}, Reason.DONE_FOR_TODAY),
        ({"due": 28, "overdue": 28, "answered_today": 12}, Reason.DONE_FOR_TODAY),
        ({}, Reason.NOTHING_DUE),
        ({"last_active_day": None, "next_due_on": None}, Reason.NOTHING_LEARNED),
    ],
)
def test_a_plan_gives_its_reason(given: dict[str, object], reason: Reason) -> None:
    assert plan_today(standing(**given), TODAY, 9.0).reason is reason


def test_new_cards_are_spread_over_days() -> None:
    assert plan_today(standing(new=50), TODAY, 9.0).cards == 8
    assert plan_today(standing(new=50, new_today=6), TODAY, 9.0).cards == 2
    assert plan_today(standing(new=50, new_today=9), TODAY, 9.0).cards == 0


def test_minutes_follow_the_learners_own_pace() -> None:
    quick, slow = [4_000] * 50, [30_000] * 50
    assert plan_today(standing(due=30), TODAY, pace(quick)).minutes == 3
    assert plan_today(standing(due=30), TODAY, pace(slow)).minutes == 17
    assert plan_today(standing(due=1), TODAY, pace(quick)).minutes == 1
    assert pace([5_000] * 4) == pace([])
    assert pace([600_000] * 9) == 60


def test_standing_counts_what_was_missed_today_as_due_and_not_as_done() -> None:
    def memory(card: str, *events: tuple[Grade, date]) -> Memory:
        made = fold(
            [review(card, grade, day, number) for number, (grade, day) in enumerate(events)], 1
        )
        assert made
        return made

    facts = standing_on(
        TODAY,
        [
            memory("gemist", (Grade.AGAIN, TODAY)),
            memory("alsnog", (Grade.AGAIN, TODAY), (Grade.GOOD, TODAY)),
            memory("gisteren-gemist", (Grade.AGAIN, YESTERDAY)),
            memory("later", (Grade.EASY, YESTERDAY)),
        ],
        new=0,
        new_today=2,
    )
    assert (facts.due, facts.overdue, facts.forgotten, facts.answered_today) == (2, 1, 1, 1)


@pytest.mark.parametrize("seed", range(30))
def test_a_sitting_asks_no_card_that_was_not_counted_and_ends(seed: int) -> None:
    """The rule of the queue, played with cards that are only names."""
    chance = Random(seed)
    waiting = [f"kaart-{number}" for number in range(chance.randint(1, 50))]
    missed: list[str] = []
    begun = sitting = Sitting(min(len(waiting), 12))
    answers: list[Review] = []
    while sitting.left:
        if missed and (not waiting or forgotten_goes_first(len(missed), sitting.left)):
            card = missed.pop(0)
        else:
            card = waiting.pop(0)
        grade = chance.choice([Grade.AGAIN, Grade.GOOD, Grade.HARD])
        if grade is Grade.AGAIN:
            missed.append(card)
        answers.append(review(card, grade, TODAY, len(answers) + 1))
        sitting = sitting.after(answers[-1])
        assert len(answers) < 500
    assert not missed
    assert len({event.card for event in answers}) == begun.left


def test_taking_answers_back_leads_to_where_the_sitting_was() -> None:
    begun = Sitting(3, ("over",))
    missed, known = review("a", Grade.AGAIN, TODAY, 1), review("b", Grade.EASY, TODAY, 2)
    then = begun.after(missed).after(known)
    assert (then.left, then.given) == (2, (missed.id, known.id))
    back = then.without(known).without(missed)
    assert back == Sitting(3, ("over",), (), (known.id, missed.id))
    assert back.again(missed).again(known) == then
    assert back.after(known).undone == (), "something new takes the place of what was undone"


def test_a_skipped_card_is_not_counted_and_not_a_debt() -> None:
    assert Sitting(1).skipping("a") == Sitting(0, ("a",))
    assert Sitting(0).skipping("a").left == 0
