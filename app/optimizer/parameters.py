"""Parameters of FSRS-6 that fit a log, by fsrs-rs: the optimizer that Anki uses.

It is an extra: who serves a course without fitting it does not need it.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from types import ModuleType

from app.learning.parameters import Log, NoFit
from app.learning.reviews import Review
from app.learning.scheduling import DEFAULT_PARAMETERS, Parameters, in_log_order

PACKAGE = "fsrs-rs-python==0.9.3"


class NoOptimizer(Exception):
    """The optimizer is not installed; the message says what to do."""


def load_optimizer() -> Callable[[Sequence[Log]], Parameters]:
    """The function that fits parameters to the logs of cards. Raises NoOptimizer."""
    try:
        import fsrs_rs_python
    except ImportError as error:
        raise NoOptimizer(
            f"fitting needs the optimizer of FSRS, which is not installed: pip install {PACKAGE}"
        ) from error
    return lambda logs: _fit(fsrs_rs_python, logs)


def _fit(fsrs_rs: ModuleType, logs: Sequence[Log]) -> Parameters:
    # In the order of their moments, whoever's they are: what comes last weighs up to four times.
    histories = sorted((item for log in logs for item in _histories(log)), key=lambda item: item[0])
    items = [
        fsrs_rs.FSRSItem([fsrs_rs.FSRSReview(grade, elapsed) for grade, elapsed in history])
        for _, history in histories
    ]
    try:
        fitted = tuple(fsrs_rs.FSRS(list(DEFAULT_PARAMETERS)).compute_parameters(items))
    # A panic of Rust's is no Exception.
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        raise NoFit(str(error)) from error
    if all(abs(own - its) < 1e-6 for own, its in zip(fitted, DEFAULT_PARAMETERS, strict=True)):
        # Without a word it gives back FSRS's own where there is too little to go by.
        raise NoFit("too little to go by")
    return fitted


def _histories(log: Sequence[Review]) -> Iterator[tuple[datetime, list[tuple[int, int]]]]:
    """For each review of a card on a later day than the one before: its moment, and its history with
    itself at the end, as (grade, days since the one before)."""
    history: list[tuple[int, int]] = []
    last = None
    for review in in_log_order(log):
        day = review.day if last is None else max(review.day, last)
        elapsed = 0 if last is None else (day - last).days
        history.append((int(review.grade), elapsed))
        if elapsed:
            yield review.reviewed_at, list(history)
        last = day
