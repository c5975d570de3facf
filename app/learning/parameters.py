"""Which parameters of FSRS somebody's memories are folded with, and when others are better.

The ladder: FSRS-6's own, then the course's fit, then a person's own fit shrunk towards that by how
much there is of it. Nothing is taken on trust: a fit is used only when it says better than what is
in use what came of reviews it has not seen. Why: `docs/decisions/0016-parameters.md`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import chain
from math import floor, log, sqrt
from statistics import fmean

from app.learning.reviews import Review
from app.learning.scheduling import (
    DEFAULT_PARAMETERS,
    Parameters,
    Prediction,
    check_parameters,
    predictions,
)

# What the course must hold before it gets a fit of its own; about twenty learners. More than that
# hardly makes a better one, and takes memory.
LEAST_OF_COURSE = 20_000
MOST_OF_COURSE = 100_000
# What a person must have to be fitted on: with less the optimizer changes nothing or little.
LEAST_OF_PERSON = 200
# With so many reviews a person's own fit weighs as much as what it is shrunk to.
HALF_WEIGHT = 500
# The share of learners, and of a person's own reviews, that a fit does not see.
HELD_OUT = 5
_DECIMALS = 4

Log = Sequence[Review]


class ParameterSource(Enum):
    """Where a set of parameters comes from; the values are stored."""

    FSRS = "fsrs"
    COURSE = "course"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class ParametersInUse:
    """A set of parameters, where it comes from, and the day it came into use (None: always)."""

    values: Parameters
    source: ParameterSource
    since: date | None


BY_DEFAULT = ParametersInUse(DEFAULT_PARAMETERS, ParameterSource.FSRS, None)


class NoFit(Exception):
    """The optimizer could make nothing of a log; the message says why."""


# Gives parameters for the logs of cards. Raises NoFit.
Optimize = Callable[[Sequence[Log]], Parameters]


class Verdict(Enum):
    """Why a fit is used or not."""

    BETTER = "better on held-out reviews"
    TOO_FEW = "too few reviews"
    ONE_OUTCOME = "never missed, or never remembered"
    NO_FIT = "the optimizer found nothing usable"
    NOT_BETTER = "not better on held-out reviews"
    WORSE_AT_FIRST = "better, but not after a first interval"


@dataclass(frozen=True, slots=True)
class Score:
    """How well reviews were predicted, lower is better.

    `log_loss` is the mean in nats, `rmse_bins` the calibration error of srs-benchmark; `first` is
    the log loss of the reviews after a card's first interval, None where there are none.
    """

    reviews: int
    log_loss: float
    rmse_bins: float
    first: float | None


@dataclass(frozen=True, slots=True)
class Trial:
    """A fit on `reviews` reviews, beside what is in use, on reviews it has not seen.

    `needed` says how many reviews it takes, where there are fewer.
    """

    verdict: Verdict
    reviews: int
    fitted: Parameters | None = None
    before: Score | None = None
    after: Score | None = None
    needed: int | None = None


def by_card(reviews: Iterable[Review]) -> list[Log]:
    """The log of each card by itself."""
    logs: dict[str, list[Review]] = defaultdict(list)
    for review in reviews:
        logs[review.card].append(review)
    return list(logs.values())


def is_held_out(learner_id: int) -> bool:
    """Whether the course's fit does not see this learner. Always the same ones, so that no set that
    is in use has seen those it is judged on."""
    return learner_id % HELD_OUT == 0


def try_course(
    training: Sequence[Log], held_out: Sequence[Log], present: Parameters, optimize: Optimize
) -> Trial:
    """A fit on some learners' logs, judged on those of others.

    `present` is what the course has in use.
    """
    count = sum(map(len, training))
    total = count + sum(map(len, held_out))
    if total < LEAST_OF_COURSE:
        return Trial(Verdict.TOO_FEW, total, needed=LEAST_OF_COURSE)
    return _try(training, count, held_out, None, present, optimize)


def try_person(log: Log, present: Parameters, base: Parameters, optimize: Optimize) -> Trial:
    """A fit on the first part of one learner's log, judged on the last; shrunk to `base`.

    n reviews get the weight n / (n + HALF_WEIGHT); reviews on a day that had one do not count.
    """
    days = sorted(found.day for card in by_card(log) for found in predictions(card))
    since = days[len(days) * (HELD_OUT - 1) // HELD_OUT] if days else None
    count = sum(day < since for day in days) if since else 0
    if since is None or count < LEAST_OF_PERSON:
        return Trial(Verdict.TOO_FEW, count, needed=LEAST_OF_PERSON)
    training = by_card(review for review in log if review.day < since)

    def shrunk_fit(logs: Sequence[Log]) -> Parameters:
        return shrunk(optimize(logs), base, count)

    return _try(training, count, by_card(log), since, present, shrunk_fit)


def shrunk(own: Parameters, base: Parameters, reviews: int) -> Parameters:
    """Between a person's own fit on so many reviews and what it is shrunk to."""
    weight = reviews / (reviews + HALF_WEIGHT)
    return tuple(weight * mine + (1 - weight) * its for mine, its in zip(own, base, strict=True))


def score(found: Iterable[Prediction]) -> Score:
    """How well these reviews were predicted; NaN where a prediction is."""
    found = list(found)
    first = [_loss(one) for one in found if one.is_first]
    return Score(
        reviews=len(found),
        log_loss=fmean(map(_loss, found)) if found else float("nan"),
        rmse_bins=_rmse_bins(found),
        first=fmean(first) if first else None,
    )


def judge(before: Score, after: Score) -> Verdict:
    """Whether what gave the score `after` may replace what gave `before` on the same reviews."""
    # Written so that NaN is never better.
    if not after.log_loss < before.log_loss:
        return Verdict.NOT_BETTER
    if before.first is not None and after.first is not None and not after.first <= before.first:
        return Verdict.WORSE_AT_FIRST
    return Verdict.BETTER


def _try(
    training: Sequence[Log],
    count: int,
    held_out: Sequence[Log],
    since: date | None,
    present: Parameters,
    optimize: Optimize,
) -> Trial:
    outcomes = {found.was_remembered for card in training for found in predictions(card, present)}
    if len(outcomes) < 2:
        return Trial(Verdict.ONE_OUTCOME, count)
    try:
        # Few digits are enough, and what is judged is what is stored.
        fitted = tuple(round(value, _DECIMALS) for value in optimize(training))
        check_parameters(fitted)
    except (NoFit, ValueError):
        return Trial(Verdict.NO_FIT, count)
    before, after = (
        score(
            found
            for found in chain.from_iterable(predictions(card, values) for card in held_out)
            if since is None or found.day >= since
        )
        for values in (present, fitted)
    )
    return Trial(judge(before, after), count, fitted, before, after)


def _loss(found: Prediction) -> float:
    chance = min(max(found.chance, 1e-7), 1 - 1e-7)
    return -log(chance if found.was_remembered else 1 - chance)


def _rmse_bins(found: Sequence[Prediction]) -> float:
    """Expected beside actual recall in bins of like histories, weighted by their size.

    RMSE(bins) of srs-benchmark (open-spaced-repetition); the bins are those of fsrs-rs.
    """
    bins: dict[tuple[int, int, int], list[Prediction]] = defaultdict(list)
    for one in found:
        bins[_bin_of(one)].append(one)
    squares = (
        len(alike)
        * (fmean(one.chance for one in alike) - fmean(one.was_remembered for one in alike)) ** 2
        for alike in bins.values()
    )
    return sqrt(sum(squares) / len(found)) if found else float("nan")


def _bin_of(found: Prediction) -> tuple[int, int, int]:
    return (
        round(100 * _step_below(found.elapsed_days, 2.48, 3.62)),
        round(_step_below(found.reviews + 1, 1.99, 1.89)),
        round(_step_below(found.lapses, 1.65, 1.73)) if found.lapses else 0,
    )


def _step_below(value: int, start: float, base: float) -> float:
    return start * float(base ** floor(log(value, base)))
