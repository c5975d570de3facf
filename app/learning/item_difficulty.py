"""How hard each card is for everybody, beyond what FSRS expects: for who writes and who teaches.

It never times a review: better predictions by card did not buy more recall (docs/decisions/0016).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from app.learning.scheduling import Prediction

# Fewer could be told apart.
LEAST_LEARNERS = 5
# The spread of cards around what FSRS expects, in logits: a card's shift is drawn to none by this.
PRIOR_SD = 0.5
_Z = 1.96  # of 95 %


@dataclass(frozen=True, slots=True)
class CardDifficulty:
    """How a card is remembered after its first interval, one review of each learner.

    `remembered` is a share from 0 to 1 with its 95 % interval `low` to `high`, `expected` what FSRS
    made of it, `learners` how many there are, and `shift` in logits: below 0 is harder than expected.
    """

    card: str
    remembered: float
    low: float
    high: float
    expected: float
    learners: int
    shift: float


@dataclass(frozen=True, slots=True)
class Difficulties:
    """The cards that enough learners met, hardest first, and how many cards too few did."""

    cards: list[CardDifficulty]
    hidden: int


def difficulties(found: Iterable[tuple[str, Prediction]]) -> Difficulties:
    """What came of each card's first interval, one prediction of each learner a card."""
    of_card: dict[str, list[Prediction]] = defaultdict(list)
    for card, prediction in found:
        of_card[card].append(prediction)
    cards = [
        _difficulty(card, alike) for card, alike in of_card.items() if len(alike) >= LEAST_LEARNERS
    ]
    cards.sort(key=lambda one: (one.shift, one.card))
    return Difficulties(cards, hidden=len(of_card) - len(cards))


def _difficulty(card: str, found: list[Prediction]) -> CardDifficulty:
    count = len(found)
    remembered = sum(one.was_remembered for one in found)
    low, high = _wilson(remembered, count)
    expected = sum(one.chance for one in found)
    # One Newton step of the posterior mode of a shift in the logit with a normal prior: the raw
    # shift times n / (n + k), k = 1 / (sd² · mean p(1 - p)).
    information = sum(one.chance * (1 - one.chance) for one in found)
    return CardDifficulty(
        card=card,
        remembered=remembered / count,
        low=low,
        high=high,
        expected=expected / count,
        learners=count,
        shift=(remembered - expected) / (information + 1 / PRIOR_SD**2),
    )


def _wilson(successes: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share (E. B. Wilson, 1927); it stays within 0 and 1."""
    share = successes / count
    middle = share + _Z**2 / (2 * count)
    reach = _Z * sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    scale = 1 + _Z**2 / count
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)
