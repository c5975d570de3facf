"""A fit of FSRS is used only when it is better on what it has not seen."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import inf, isnan, nan
from random import Random
from uuid import UUID

import pytest

from app.learning.parameters import (
    BY_DEFAULT,
    LEAST_OF_COURSE,
    LEAST_OF_PERSON,
    Log,
    NoFit,
    Optimize,
    Score,
    Verdict,
    by_card,
    is_held_out,
    judge,
    score,
    shrunk,
    try_course,
    try_person,
)
from app.learning.reviews import Grade, Review
from app.learning.scheduling import (
    DEFAULT_PARAMETERS,
    Parameters,
    Spacing,
    fold,
    predictions,
    retrievability,
)
from tests.logs import HARDER_FIRST_DAYS

START = date(2026, 1, 5)


def log_of(
    grades: Callable[[Random, Parameters, list[Review]], Grade],
    cards: int,
    reviews: int,
    forgets_by: Parameters = HARDER_FIRST_DAYS,
    seed: int = 1,
) -> list[Log]:
    """For each card so many reviews, some days apart; `grades` says what was answered."""
    rng = Random(seed)
    logs: list[Log] = []
    for number in range(cards):
        day, log = START, list[Review]()
        for turn in range(reviews):
            moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
            made = Review(UUID(int=turn), f"kaart-{number}", Grade.GOOD, moment, day, 4000)
            log.append(replace(made, grade=grades(rng, forgets_by, [*log, made])))
            day += timedelta(days=rng.choice((1, 1, 2, 3, 5, 9, 20)))
        logs.append(log)
    return logs


def as_remembered(rng: Random, forgets_by: Parameters, log: list[Review]) -> Grade:
    """Missed and remembered by these parameters."""
    *before, now = log
    memory = fold(before, Spacing(1, parameters=forgets_by))
    chance = 0.8 if memory is None else retrievability(memory, now.day)
    return Grade.GOOD if rng.random() < chance else Grade.AGAIN


def always(grade: Grade) -> Callable[[Random, Parameters, list[Review]], Grade]:
    return lambda *_: grade


def finds(found: Parameters) -> Optimize:
    """An optimizer that found this, whatever it was given."""
    return lambda _: found


def fails(_: Sequence[Log]) -> Parameters:
    raise NoFit("nothing found")


@pytest.fixture(scope="module")
def course_logs() -> tuple[list[Log], list[Log]]:
    """Enough for the course, by people who forget sooner than FSRS begins with."""
    logs = log_of(as_remembered, cards=2600, reviews=8)
    return logs[:2100], logs[2100:]


# Scores


def test_a_sure_right_prediction_costs_nothing_and_a_coin_costs_a_bit() -> None:
    found = [one for log in log_of(as_remembered, 300, 6) for one in predictions(log)]
    sure = score(replace(one, chance=float(one.was_remembered)) for one in found)
    assert sure.log_loss < 1e-6 and sure.rmse_bins == 0
    coin = score(replace(one, chance=0.5) for one in found)
    assert coin.log_loss == pytest.approx(0.693147, abs=1e-6)
    assert coin.reviews == len(found) == 300 * 5


def test_first_intervals_are_scored_by_themselves() -> None:
    first, *later = predictions(log_of(always(Grade.GOOD), 1, 5)[0])
    assert first.is_first and not any(one.is_first for one in later)
    found = [replace(first, chance=0.25), *(replace(one, chance=0.5) for one in later)]
    assert score(found).first == pytest.approx(1.386294, abs=1e-6)
    assert score(later).first is None


def test_answers_on_a_day_that_had_one_are_not_predicted() -> None:
    (log,) = log_of(always(Grade.GOOD), 1, 4)
    again = [
        replace(review, id=UUID(int=99 + n), reviewed_at=review.reviewed_at + timedelta(minutes=5))
        for n, review in enumerate(log)
    ]
    assert [one.elapsed_days for one in predictions([*log, *again])] == [
        one.elapsed_days for one in predictions(log)
    ]
    assert [one.reviews for one in predictions([*log, *again])] == [1, 2, 3]


def test_whoever_remembers_by_other_parameters_is_predicted_better_by_those() -> None:
    logs = log_of(as_remembered, 1000, 6)
    ours = score(one for log in logs for one in predictions(log))
    theirs = score(one for log in logs for one in predictions(log, HARDER_FIRST_DAYS))
    assert theirs.log_loss < ours.log_loss and theirs.rmse_bins < ours.rmse_bins
    assert judge(ours, theirs) is Verdict.BETTER
    assert judge(theirs, ours) is Verdict.NOT_BETTER


def test_no_reviews_have_no_score_and_nothing_is_better_for_it() -> None:
    nothing = score([])
    assert isnan(nothing.log_loss) and isnan(nothing.rmse_bins) and nothing.first is None
    assert judge(nothing, nothing) is Verdict.NOT_BETTER


# Verdicts


@pytest.mark.parametrize(
    ("log_loss", "first", "verdict"),
    [
        (0.39, 0.50, Verdict.BETTER),
        (0.39, None, Verdict.BETTER),
        (0.40, 0.40, Verdict.NOT_BETTER),
        (0.41, 0.40, Verdict.NOT_BETTER),
        (0.39, 0.51, Verdict.WORSE_AT_FIRST),
        (nan, 0.40, Verdict.NOT_BETTER),
        (0.39, nan, Verdict.WORSE_AT_FIRST),
        (inf, 0.40, Verdict.NOT_BETTER),
    ],
)
def test_a_fit_has_to_be_better_also_after_a_first_interval(
    log_loss: float, first: float | None, verdict: Verdict
) -> None:
    assert judge(Score(900, 0.40, 0.05, 0.50), Score(900, log_loss, 0.05, first)) is verdict


def test_the_parameters_people_forget_by_are_taken_and_kept(
    course_logs: tuple[list[Log], list[Log]],
) -> None:
    trial = try_course(*course_logs, DEFAULT_PARAMETERS, finds(HARDER_FIRST_DAYS))
    assert trial.verdict is Verdict.BETTER
    assert trial.fitted == HARDER_FIRST_DAYS and trial.needed is None
    again = try_course(*course_logs, HARDER_FIRST_DAYS, finds(HARDER_FIRST_DAYS))
    assert again.verdict is Verdict.NOT_BETTER


def test_a_worse_fit_is_refused(course_logs: tuple[list[Log], list[Log]]) -> None:
    trial = try_course(*course_logs, HARDER_FIRST_DAYS, finds(DEFAULT_PARAMETERS))
    assert trial.verdict is Verdict.NOT_BETTER
    assert trial.before is not None and trial.after is not None
    assert trial.after.log_loss > trial.before.log_loss


@pytest.mark.parametrize(
    "found",
    [
        (nan,) * 21,
        (*DEFAULT_PARAMETERS[:20], nan),
        (*DEFAULT_PARAMETERS[:20], inf),
        (-1.0, *DEFAULT_PARAMETERS[1:]),
        (1e9, *DEFAULT_PARAMETERS[1:]),
        DEFAULT_PARAMETERS[:20],
        (),
    ],
    ids=["all NaN", "one NaN", "infinite", "negative", "huge", "too short", "nothing"],
)
def test_a_fit_that_ran_away_is_never_used(
    found: Parameters, course_logs: tuple[list[Log], list[Log]]
) -> None:
    trial = try_course(*course_logs, DEFAULT_PARAMETERS, finds(found))
    assert trial.verdict is Verdict.NO_FIT
    assert trial.fitted is None


def test_an_optimizer_that_finds_nothing_leaves_everything_as_it_was(
    course_logs: tuple[list[Log], list[Log]],
) -> None:
    assert try_course(*course_logs, DEFAULT_PARAMETERS, fails).verdict is Verdict.NO_FIT


def test_the_course_waits_for_twenty_thousand_reviews(
    course_logs: tuple[list[Log], list[Log]],
) -> None:
    training, held_out = course_logs
    few = training[: (LEAST_OF_COURSE - sum(map(len, held_out))) // 8 - 1]
    trial = try_course(few, held_out, DEFAULT_PARAMETERS, finds(HARDER_FIRST_DAYS))
    assert (trial.verdict, trial.needed) == (Verdict.TOO_FEW, 20_000)
    assert trial.reviews == LEAST_OF_COURSE - 8
    assert try_course([], [], DEFAULT_PARAMETERS, fails).verdict is Verdict.TOO_FEW


@pytest.mark.parametrize("grade", [Grade.AGAIN, Grade.GOOD, Grade.EASY])
def test_whoever_always_answers_the_same_cannot_be_fitted(grade: Grade) -> None:
    logs = log_of(always(grade), cards=2600, reviews=8)
    trial = try_course(logs[:2100], logs[2100:], DEFAULT_PARAMETERS, fails)
    assert trial.verdict is Verdict.ONE_OUTCOME
    own = [review for log in logs[:50] for review in log]
    assert (
        try_person(own, DEFAULT_PARAMETERS, DEFAULT_PARAMETERS, fails).verdict
        is Verdict.ONE_OUTCOME
    )


def test_nobody_to_judge_by_is_no_reason_to_change(
    course_logs: tuple[list[Log], list[Log]],
) -> None:
    everybody = [*course_logs[0], *course_logs[1]]
    trial = try_course(everybody, [], DEFAULT_PARAMETERS, finds(HARDER_FIRST_DAYS))
    assert trial.verdict is Verdict.NOT_BETTER


def test_one_learner_in_five_is_held_out_always_the_same() -> None:
    assert [number for number in range(1, 16) if is_held_out(number)] == [5, 10, 15]


# One person


def person(cards: int, reviews: int = 8) -> list[Review]:
    return [review for log in log_of(as_remembered, cards, reviews) for review in log]


def test_a_person_needs_enough_reviews() -> None:
    log = person(30)
    trial = try_person(log, DEFAULT_PARAMETERS, DEFAULT_PARAMETERS, fails)
    assert (trial.verdict, trial.needed) == (Verdict.TOO_FEW, LEAST_OF_PERSON)
    assert trial.reviews == 30 * 7 * 4 // 5
    empty = try_person([], DEFAULT_PARAMETERS, DEFAULT_PARAMETERS, fails)
    assert (empty.verdict, empty.reviews) == (Verdict.TOO_FEW, 0)


def test_a_log_of_one_card_fits_nobody() -> None:
    pytest.importorskip("fsrs_rs_python", reason="the optimizer is an extra")
    from app.optimizer.parameters import load_optimizer

    (log,) = log_of(as_remembered, cards=1, reviews=400)
    trial = try_person(log, DEFAULT_PARAMETERS, DEFAULT_PARAMETERS, load_optimizer())
    assert trial.verdict in (Verdict.NO_FIT, Verdict.NOT_BETTER)


def test_the_last_fifth_of_a_persons_days_is_not_seen() -> None:
    log, seen = person(100), list[Review]()

    def watch(logs: Sequence[Log]) -> Parameters:
        seen.extend(review for of_card in logs for review in of_card)
        return HARDER_FIRST_DAYS

    trial = try_person(log, DEFAULT_PARAMETERS, DEFAULT_PARAMETERS, watch)
    assert trial.before is not None
    last_seen = max(review.day for review in seen)
    later = [one for of_card in by_card(log) for one in predictions(of_card) if one.day > last_seen]
    assert trial.before.reviews == len(later)
    assert len(later) == pytest.approx(700 / 5, abs=30)
    assert trial.reviews == 700 - len(later)


def test_a_persons_own_fit_weighs_by_how_much_there_is() -> None:
    log = person(200)
    trial = try_person(log, DEFAULT_PARAMETERS, DEFAULT_PARAMETERS, finds(HARDER_FIRST_DAYS))
    weight = trial.reviews / (trial.reviews + 500)
    assert trial.fitted is not None
    assert trial.fitted == pytest.approx(
        shrunk(HARDER_FIRST_DAYS, DEFAULT_PARAMETERS, trial.reviews), abs=5e-5
    )
    assert trial.fitted[20] == round(weight * 0.3 + (1 - weight) * 0.1542, 4)


@pytest.mark.parametrize(("reviews", "share"), [(0, 0.0), (500, 0.5), (1500, 0.75)])
def test_five_hundred_reviews_are_half_of_it(reviews: int, share: float) -> None:
    assert shrunk((1.0,), (0.0,), reviews) == (share,)


def test_nothing_in_use_is_what_fsrs_begins_with() -> None:
    assert BY_DEFAULT.values == DEFAULT_PARAMETERS and BY_DEFAULT.since is None
