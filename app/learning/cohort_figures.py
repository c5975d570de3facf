"""Figures about a cohort, published so that none tells of one person.

A figure speaks about at least five people, and it is published again only when at least five people
have done something new since: so the difference of two dates speaks about five people too. It is
never taken back, because what comes after it could then be compared with what was seen before. A
concept is the sum of its published cards alone, so nothing hidden is found by subtracting. Nobody
contributes to the figures of two cohorts, so neither do two cohorts differ by one person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import sqrt

SMALLEST_GROUP = 5

# Cards return when nine in ten would know them; clearly below this a concept is hard for many.
HARD_BELOW = 0.8
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Figure:
    """`part` of `whole` answers, by so many people, as it stood on `published_on`; of reports it is
    everybody who reported."""

    about: str
    people: int
    part: int
    whole: int
    published_on: date

    @property
    def share(self) -> float:
        return self.part / self.whole

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of 95 % for the share (Wilson, 1927, JASA 22, 209-212)."""
        n, p, z = self.whole, self.share, _Z
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        reach = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, middle - reach), min(1.0, middle + reach)

    @property
    def is_hard(self) -> bool:
        """Whether it is below HARD_BELOW for more than chance."""
        return self.interval[1] < HARD_BELOW


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a figure would be now; `changed` are people in it who did something new since it was
    last published, and `was_published` says whether it was."""

    figure: Figure
    changed: int
    was_published: bool


def publishable(candidates: Iterable[Candidate]) -> list[Figure]:
    """Those that may be published now."""
    return [
        each.figure
        for each in candidates
        if each.figure.people >= SMALLEST_GROUP
        and (not each.was_published or each.changed >= SMALLEST_GROUP)
    ]


def sum_of_figures(about: str, figures: Iterable[Figure]) -> Figure | None:
    """One figure about several published ones: as old as the oldest, by the fewest people."""
    parts = list(figures)
    if not parts:
        return None
    return Figure(
        about,
        min(each.people for each in parts),
        sum(each.part for each in parts),
        sum(each.whole for each in parts),
        min(each.published_on for each in parts),
    )


def hardest_first(figures: Iterable[Figure]) -> list[Figure]:
    """In the order of what they are at best: a few answers more do not turn the list round."""
    return sorted(figures, key=lambda each: (each.interval[1], each.about))
