"""What another retention costs: half a year of the course, simulated by fsrs-rs where it is installed.

fsrs-rs-python is an optional extra (`docs/decisions/0015-time-is-in-the-fold.md`), which fits the
parameters too (`app/optimizer`). It simulates somebody who begins today, with the parameters of FSRS that
count for the learner.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.learning.queue import LARGEST_SITTING

fsrs_rs: Any
try:
    import fsrs_rs_python

    fsrs_rs = fsrs_rs_python
except ImportError:
    fsrs_rs = None

WEEKS = 26
# Shown side by side, and enough to draw a line through.
RETENTIONS = (70, 75, 80, 85, 90, 95, 97)

# Simulated people differ; the mean of these differs by a few percent from the mean of many.
_PEOPLE = 6


@dataclass(frozen=True, slots=True)
class Workload:
    """What a retention (percent) asks in minutes a week, on average over half a year, and how many
    cards are known at the end of it."""

    retention: int
    minutes_a_week: float
    known: int

    @property
    def whole_minutes(self) -> int:
        """Rounded, at least one."""
        return max(1, round(self.minutes_a_week))


def workloads(
    retentions: Iterable[int],
    parameters: Sequence[float],
    *,
    cards: int,
    new_a_day: int,
    seconds_per_card: float,
) -> list[Workload] | None:
    """What each retention (percent) costs in a course of so many cards, for whoever remembers as the
    `parameters` of FSRS-6 say; None without fsrs-rs."""
    if fsrs_rs is None:
        return None
    pace = max(1, round(seconds_per_card))
    new = max(1, new_a_day)
    model = tuple(parameters)
    return [_workload(each, model, cards, new, pace) for each in sorted({*retentions})]


@lru_cache(maxsize=1024)
def _workload(
    retention: int, parameters: tuple[float, ...], cards: int, new_a_day: int, pace: int
) -> Workload:
    config = _config(cards, new_a_day, pace)
    runs = [
        fsrs_rs.simulate([*parameters], retention / 100, config, seed) for seed in range(_PEOPLE)
    ]
    seconds = sum(sum(run.cost_per_day) for run in runs) / _PEOPLE
    known = sum(run.memorized_cnt_per_day[-1] for run in runs) / _PEOPLE
    return Workload(retention, seconds / 60 / WEEKS, round(known))


def _config(cards: int, new_a_day: int, pace: int) -> Any:
    usual = fsrs_rs.default_simulator_config()
    # A missed card is asked twice: there are no learning steps, but it comes back the same day.
    costs = [2 * pace, pace, pace, pace]
    return fsrs_rs.SimulatorConfig(
        deck_size=cards,
        learn_span=7 * WEEKS,
        max_cost_perday=24 * 60 * 60,
        max_ivl=usual.max_ivl,
        first_rating_prob=usual.first_rating_prob,
        review_rating_prob=usual.review_rating_prob,
        learn_limit=new_a_day,
        review_limit=LARGEST_SITTING,
        new_cards_ignore_review_limit=False,
        learning_step_transitions=usual.learning_step_transitions,
        relearning_step_transitions=usual.relearning_step_transitions,
        state_rating_costs=[costs, costs, costs],
        learning_step_count=0,
        relearning_step_count=0,
    )
