"""Memories made again from a log of ten thousand reviews: ours, py-fsrs's own, and fsrs-rs's."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from time import perf_counter
from uuid import UUID

import fsrs
import fsrs_rs_python

from app.learning import scheduling
from app.learning.reviews import Grade, Review
from app.learning.scheduling import PARAMETERS, fold
from bench.scene import GRADES, SEED

REVIEWS = 10_000
CARDS = 900


def logs() -> list[list[Review]]:
    """A log for each card, with days and grades as chance makes them."""
    rng = random.Random(SEED)
    start = datetime(2026, 1, 1, 12, tzinfo=UTC)
    moments: list[list[datetime]] = [[] for _ in range(CARDS)]
    for _ in range(REVIEWS):
        moments[rng.randrange(CARDS)].append(start + timedelta(days=rng.randrange(500)))
    return [
        [_review(rng, f"kaart-{number}", moment) for moment in sorted(of_card)]
        for number, of_card in enumerate(moments)
        if of_card
    ]


def ours(cards: list[list[Review]]) -> Callable[[], float]:
    """With the due days, which the others do not spread and put in order."""

    def run() -> None:
        for reviews in cards:
            fold(reviews, SEED)

    def block() -> float:
        # Kept outcomes are what makes an answer quick, but here nothing was answered before.
        scheduling._step.cache_clear()
        return _seconds(run)

    return block


def py_fsrs(cards: list[list[Review]]) -> Callable[[], float]:
    """`reschedule_card`, card after card."""
    scheduler = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)

    def run() -> None:
        for number, reviews in enumerate(cards, 1):
            log = [
                fsrs.ReviewLog(number, fsrs.Rating(review.grade), review.reviewed_at, None)
                for review in reviews
            ]
            scheduler.reschedule_card(fsrs.Card(card_id=number), log)

    return lambda: _seconds(run)


def fsrs_rs(cards: list[list[Review]]) -> Callable[[], float]:
    """`memory_state_batch`: all cards in one call of Rust, without due days."""
    scheduler = fsrs_rs_python.FSRS(list(PARAMETERS))

    def run() -> None:
        items = []
        for reviews in cards:
            days = [review.day for review in reviews]
            gaps = [0, *((after - before).days for before, after in pairwise(days))]
            items.append(
                fsrs_rs_python.FSRSItem(
                    [
                        fsrs_rs_python.FSRSReview(int(review.grade), gap)
                        for review, gap in zip(reviews, gaps, strict=True)
                    ]
                )
            )
        scheduler.memory_state_batch(items, [None] * len(items))

    return lambda: _seconds(run)


def _review(rng: random.Random, card: str, moment: datetime) -> Review:
    grade: Grade = rng.choice(GRADES)
    return Review(UUID(int=rng.getrandbits(128)), card, grade, moment, moment.date(), 4000)


def _seconds(run: Callable[[], None]) -> float:
    started = perf_counter()
    run()
    return perf_counter() - started
