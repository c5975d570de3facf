"""A card is called hard only as far as the answers bear it out, and never about a few people."""

from datetime import date
from random import Random

import pytest

from app.learning.item_difficulty import LEAST_LEARNERS, Difficulties, difficulties
from app.learning.scheduling import Prediction


def answers(card: str, remembered: int, missed: int, chance: float) -> list[tuple[str, Prediction]]:
    return [
        (card, Prediction(date(2026, 3, 2), chance, was_remembered, 3, 1, 0))
        for was_remembered in [True] * remembered + [False] * missed
    ]


def test_a_card_that_few_learners_met_stays_out_and_is_only_counted() -> None:
    found = difficulties(
        answers("veel", 3, LEAST_LEARNERS - 3, 0.9) + answers("weinig", 0, LEAST_LEARNERS - 1, 0.9)
    )
    assert [one.card for one in found.cards] == ["veel"]
    assert found.hidden == 1


def test_nobody_answered_yet_is_an_empty_table() -> None:
    assert difficulties([]) == Difficulties([], hidden=0)


def test_the_hardest_card_comes_first_and_harder_than_expected_is_below_zero() -> None:
    found = difficulties(
        [
            *answers("zoals-verwacht", 16, 4, 0.8),
            *answers("makkelijk", 20, 0, 0.8),
            *answers("moeilijk", 8, 12, 0.8),
        ]
    )
    assert [one.card for one in found.cards] == ["moeilijk", "zoals-verwacht", "makkelijk"]
    hard, as_expected, easy = found.cards
    assert hard.shift < 0 < easy.shift
    assert as_expected.shift == pytest.approx(0)
    assert (hard.remembered, hard.learners) == (0.4, 20)
    assert hard.expected == pytest.approx(0.8)


def test_few_answers_move_a_card_little_and_many_move_it_far() -> None:
    """n / (n + k) of the raw shift, with k = 1 / (0.5² · p(1 - p)): about 16 where p is a half."""
    few, many = difficulties(answers("5", 1, 4, 0.5) + answers("500", 100, 400, 0.5)).cards[::-1]
    raw = (0.2 - 0.5) / 0.25
    assert few.shift == pytest.approx(raw * 5 / (5 + 16))
    assert many.shift == pytest.approx(raw * 500 / (500 + 16))


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_a_certain_prediction_that_came_out_wrong_stays_within_bounds(chance: float) -> None:
    (one,) = difficulties(answers("k", 3, 3, chance)).cards
    assert abs(one.shift) == pytest.approx(3 / 4)


# From the table of R. G. Newcombe (1998), method 3: Wilson without correction.
@pytest.mark.parametrize(
    ("remembered", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (29, 29, 0.8830, 1),
    ],
)
def test_the_interval_is_wilsons(remembered: int, of: int, low: float, high: float) -> None:
    (one,) = difficulties(answers("k", remembered, of - remembered, 0.5)).cards
    assert one.low == pytest.approx(low, abs=1e-3)
    assert one.high == pytest.approx(high, abs=1e-3)


def test_cards_made_harder_are_found() -> None:
    rng = Random(1)
    made_harder = {f"kaart-{n}" for n in range(5)}
    found = [
        answer
        for number in range(50)
        for _ in range(40)
        for answer in answers(
            f"kaart-{number}",
            *((1, 0) if rng.random() < (0.5 if number < 5 else 0.85) else (0, 1)),
            0.85,
        )
    ]
    assert {one.card for one in difficulties(found).cards[:5]} == made_harder
