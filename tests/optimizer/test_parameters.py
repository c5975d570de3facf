"""The optimizer finds what simulated people forget by, and says plainly where it is not there."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from statistics import fmean
from typing import Any

import pytest

from app.content.library import read_library
from app.learning.course import Course
from app.learning.parameters import Log, NoFit, by_card, score
from app.learning.people import Learner, Track
from app.learning.reviews import Grade
from app.learning.scheduling import DEFAULT_PARAMETERS, Parameters, predictions
from app.optimizer.parameters import NoOptimizer, load_optimizer
from app.settings import ROOT
from tests.logs import HARDER_FIRST_DAYS, simulated_log

FIRST_DAY = date(2026, 1, 5)

Optimizer = Callable[[Sequence[Log]], Parameters]


@pytest.fixture(scope="module")
def optimize() -> Optimizer:
    pytest.importorskip("fsrs_rs_python", reason="the optimizer is an extra")
    return load_optimizer()


@pytest.fixture(scope="module")
def real_course() -> Course:
    return read_library(ROOT)


def logs_of(course: Course, people: Sequence[int], days: int = 90) -> list[Log]:
    joined = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        log
        for number in people
        for log in by_card(
            simulated_log(
                course,
                Learner(number, None, number, joined, "Europe/Amsterdam", Track.VERDIEPING, 4),
                FIRST_DAY,
                days,
                HARDER_FIRST_DAYS,
            )
        )
    ]


def test_a_fit_comes_near_what_people_forget_by(optimize: Optimizer, real_course: Course) -> None:
    fitted = optimize(logs_of(real_course, range(1, 13)))
    others = logs_of(real_course, range(100, 104))

    def chances(parameters: Parameters) -> list[float]:
        return [one.chance for log in others for one in predictions(log, parameters)]

    def distance(parameters: Parameters) -> float:
        pairs = zip(chances(parameters), chances(HARDER_FIRST_DAYS), strict=True)
        return fmean(abs(guess - truth) for guess, truth in pairs)

    assert distance(fitted) < 0.02 < 0.04 < distance(DEFAULT_PARAMETERS)
    truth, ours, begun = (
        score(one for log in others for one in predictions(log, parameters)).log_loss
        for parameters in (HARDER_FIRST_DAYS, fitted, DEFAULT_PARAMETERS)
    )
    assert ours - truth < (begun - truth) / 5
    # After "wist ik" on the first day, in days.
    assert fitted[2] == pytest.approx(HARDER_FIRST_DAYS[2], rel=0.25)


def test_our_predictions_are_those_of_fsrs_rs(optimize: Optimizer, real_course: Course) -> None:
    """One review at a time: of many, fsrs-rs weighs the last ones more."""
    import fsrs_rs_python

    judge = fsrs_rs_python.FSRS(list(HARDER_FIRST_DAYS))
    for log in logs_of(real_course, [1], days=30):
        history: list[Any] = []
        found = list(predictions(log, HARDER_FIRST_DAYS))
        last = None
        for review in log:
            elapsed = 0 if last is None else (review.day - last).days
            history.append(fsrs_rs_python.FSRSReview(int(review.grade), elapsed))
            if elapsed:
                item = fsrs_rs_python.FSRSItem(history)
                assert judge.evaluate([item]).log_loss == pytest.approx(
                    score([found.pop(0)]).log_loss, rel=1e-3, abs=1e-5
                )
            last = review.day
        assert not found


def test_our_error_of_calibration_is_that_of_fsrs_rs(
    optimize: Optimizer, real_course: Course
) -> None:
    import fsrs_rs_python

    logs = logs_of(real_course, range(1, 4))
    items = []
    for log in logs:
        history = []
        for before, review in zip([None, *log], log, strict=False):
            elapsed = 0 if before is None else (review.day - before.day).days
            history.append(fsrs_rs_python.FSRSReview(int(review.grade), elapsed))
            if elapsed:
                items.append(fsrs_rs_python.FSRSItem(list(history)))
    judge = fsrs_rs_python.FSRS(list(DEFAULT_PARAMETERS))
    # It weighs what comes last up to four times, which both orders together even out.
    theirs = fmean(judge.evaluate(given).rmse_bins for given in (items, items[::-1]))
    ours = score(one for log in logs for one in predictions(log)).rmse_bins
    assert ours == pytest.approx(theirs, rel=0.01)


def test_late_reviews_weigh_more_in_whatever_order_the_cards_come(
    optimize: Optimizer, real_course: Course
) -> None:
    logs = logs_of(real_course, range(1, 5), days=60)
    assert optimize(logs) == optimize(logs[::-1])


@pytest.mark.parametrize("cards", [0, 1, 20])
def test_too_little_is_said_to_be_too_little(
    cards: int, optimize: Optimizer, real_course: Course
) -> None:
    with pytest.raises(NoFit):
        optimize(logs_of(real_course, [1], days=10)[:cards])


@pytest.mark.parametrize("grade", [Grade.AGAIN, Grade.GOOD])
def test_grades_that_are_all_the_same_do_no_harm(
    grade: Grade, optimize: Optimizer, real_course: Course
) -> None:
    logs = [
        [replace(review, grade=grade) for review in log]
        for log in logs_of(real_course, range(1, 4), days=40)
    ]
    try:
        fitted = optimize(logs)
    except NoFit:
        return
    assert len(fitted) == 21


def test_where_it_is_not_installed_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    # What Python takes for a module that is not there.
    monkeypatch.setitem(sys.modules, "fsrs_rs_python", None)
    with pytest.raises(NoOptimizer, match=r"pip install fsrs-rs-python==\d"):
        load_optimizer()
