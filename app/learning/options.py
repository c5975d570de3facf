"""In which order the options of a multiple-choice card stand."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


def in_shown_order(options: Sequence[T], card: str, reviews: int) -> list[T]:
    """The options as shown after so many reviews of `card`.

    The same until the card is answered and another one after that, so that nobody learns a place
    instead of an answer, and front and back agree without remembering anything.
    """
    ranks = {place: _rank(card, reviews, place) for place in range(len(options))}
    return [options[place] for place in sorted(ranks, key=ranks.__getitem__)]


def _rank(card: str, reviews: int, place: int) -> bytes:
    return blake2b(f"{card}/{reviews}/{place}".encode(), digest_size=8).digest()
