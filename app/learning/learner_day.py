"""What one learner did on one day, counted from the log: what cohorts and pictures are made of.

The counts of a day are a sum over cards, so that what one more review changes can be added. What
counts as remembered is Anki's "true retention": answers to a card that came back on a later day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.learning.reviews import Grade, Review
from app.learning.scheduling import Memory, in_log_order


@dataclass(frozen=True, slots=True)
class DayCounts:
    """Counts of reviews: all of them, first answers to a card (`begun`), answers to a card that
    returned on a later day, and how many of those were remembered; `duration_ms` is of all."""

    reviews: int = 0
    begun: int = 0
    returned: int = 0
    remembered: int = 0
    duration_ms: int = 0

    def __add__(self, other: "DayCounts") -> "DayCounts":
        return DayCounts(
            self.reviews + other.reviews,
            self.begun + other.begun,
            self.returned + other.returned,
            self.remembered + other.remembered,
            self.duration_ms + other.duration_ms,
        )

    def __neg__(self) -> "DayCounts":
        return DayCounts(
            -self.reviews, -self.begun, -self.returned, -self.remembered, -self.duration_ms
        )


def days_of_card(reviews: Iterable[Review], memory: Memory | None = None) -> dict[date, DayCounts]:
    """The counts of reviews of one card, by their own day, on top of the `memory` they follow."""
    days: dict[date, DayCounts] = {}
    last_day = None if memory is None else memory.last_day
    for review in in_log_order(reviews):
        has_returned = last_day is not None and review.day > last_day
        counts = DayCounts(
            reviews=1,
            begun=int(last_day is None),
            returned=int(has_returned),
            remembered=int(has_returned and review.grade is not Grade.AGAIN),
            duration_ms=review.duration_ms,
        )
        days[review.day] = days.get(review.day, DayCounts()) + counts
        last_day = review.day if last_day is None else max(last_day, review.day)
    return days


def days_of_log(reviews: Iterable[Review]) -> dict[date, DayCounts]:
    """The counts of a whole log, of any cards."""
    by_card: dict[str, list[Review]] = {}
    for review in reviews:
        by_card.setdefault(review.card, []).append(review)
    return sum_of_days(days_of_card(events) for events in by_card.values())


def sum_of_days(parts: Iterable[Mapping[date, DayCounts]]) -> dict[date, DayCounts]:
    """Each day with the sum of its counts; a day on which they cancel out is left out."""
    total: dict[date, DayCounts] = {}
    for part in parts:
        for day, counts in part.items():
            total[day] = total.get(day, DayCounts()) + counts
    return {day: counts for day, counts in total.items() if counts != DayCounts()}


def change_of_days(
    before: Mapping[date, DayCounts], after: Mapping[date, DayCounts]
) -> dict[date, DayCounts]:
    """What to add to `before` to have `after`."""
    return sum_of_days([after, {day: -counts for day, counts in before.items()}])
