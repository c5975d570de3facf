"""What a retention costs, and what an exam asks: more remembered is more work, and it is said."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from app.learning.exam import exam_outlook
from app.learning.reviews import Grade, Review
from app.learning.rhythm import Rhythm
from app.learning.scheduling import DEFAULT_PARAMETERS, Memory, Spacing, remember
from app.learning.workload import RETENTIONS, workloads
from app.settings import ROOT

MONDAY = date(2026, 3, 2)
EXAM = MONDAY + timedelta(days=42)
CARDS = [f"kaart-{number}" for number in range(60)]


def test_who_wants_to_remember_more_spends_more_time() -> None:
    pytest.importorskip("fsrs_rs_python", reason="an optional extra (requirements-dev.txt)")
    shown = workloads(
        [*RETENTIONS, 90], DEFAULT_PARAMETERS, cards=104, new_a_day=8, seconds_per_card=9.0
    )
    assert shown is not None
    assert [each.retention for each in shown] == list(RETENTIONS)
    assert [each.known for each in shown] == sorted(each.known for each in shown)
    minutes = [each.minutes_a_week for each in shown]
    assert minutes == sorted(minutes)
    assert shown[0].whole_minutes >= 1
    assert shown[-1].known <= 104
    assert shown == workloads(
        RETENTIONS, DEFAULT_PARAMETERS, cards=104, new_a_day=8, seconds_per_card=9.2
    )


def test_a_slower_reader_spends_more_minutes_on_as_many_cards() -> None:
    pytest.importorskip("fsrs_rs_python", reason="an optional extra (requirements-dev.txt)")
    quick = workloads([90], DEFAULT_PARAMETERS, cards=50, new_a_day=8, seconds_per_card=5.0)
    slow = workloads([90], DEFAULT_PARAMETERS, cards=50, new_a_day=8, seconds_per_card=20.0)
    assert quick and slow
    assert slow[0].minutes_a_week == pytest.approx(4 * quick[0].minutes_a_week)
    assert slow[0].known == quick[0].known


def test_who_forgets_sooner_by_the_fitted_parameters_spends_more_minutes() -> None:
    pytest.importorskip("fsrs_rs_python", reason="an optional extra (requirements-dev.txt)")
    sooner = tuple(value / 2 for value in DEFAULT_PARAMETERS[:4]) + DEFAULT_PARAMETERS[4:]
    usual, hers = (
        workloads([90], parameters, cards=50, new_a_day=8, seconds_per_card=9.0)
        for parameters in (DEFAULT_PARAMETERS, sooner)
    )
    assert usual and hers and hers[0].minutes_a_week > usual[0].minutes_a_week


def test_without_the_extra_it_says_that_it_does_not_know() -> None:
    program = (
        "import sys; sys.modules['fsrs_rs_python'] = None\n"
        "from app.learning.workload import workloads\n"
        "print(workloads([90], (), cards=9, new_a_day=1, seconds_per_card=9.0))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "None\n"


def spacing_of(rhythm: Rhythm) -> Spacing:
    return rhythm.spacing(1, DEFAULT_PARAMETERS)


def held(rhythm: Rhythm) -> list[Memory]:
    day = MONDAY - timedelta(days=3)
    moment = datetime.combine(day, time(12), tzinfo=UTC)
    return [
        remember(None, Review(UUID(int=0), card, Grade.GOOD, moment, day, 0), spacing_of(rhythm))
        for card in CARDS[:30]
    ]


def test_an_exam_costs_reviews_and_gives_cards() -> None:
    usual, with_exam = Rhythm(), Rhythm(exam_on=EXAM)
    plain = exam_outlook(EXAM, held(usual), CARDS[30:], usual, spacing_of(usual), MONDAY, 10.0)
    exam = exam_outlook(
        EXAM, held(with_exam), CARDS[30:], with_exam, spacing_of(with_exam), MONDAY, 10.0
    )
    assert exam.reached == plain.reached == exam.cards == 60
    assert exam.seconds_a_week > plain.seconds_a_week > 0
    assert 0.95 * 60 <= exam.known <= 60
    assert plain.known < exam.known
    assert exam.minutes_a_week == round(exam.seconds_a_week / 60)


def test_cards_that_cannot_be_begun_in_time_are_counted_and_the_pace_that_would_is_named() -> None:
    rhythm = Rhythm(exam_on=MONDAY + timedelta(days=10), new_a_day=2, easy_days=frozenset({5, 6}))
    assert rhythm.exam_on
    outlook = exam_outlook(rhythm.exam_on, [], CARDS, rhythm, spacing_of(rhythm), MONDAY, 10.0)
    assert (outlook.reached, outlook.cards) == (16, 60)  # eight days that are not easy
    assert outlook.new_a_day == 8
    paused = replace(rhythm, paused_until=MONDAY + timedelta(days=8))
    outlook = exam_outlook(rhythm.exam_on, [], CARDS, paused, spacing_of(paused), MONDAY, 10.0)
    assert outlook.reached == 4


def test_a_pause_until_after_the_exam_asks_nothing_before_it() -> None:
    rhythm = Rhythm(exam_on=EXAM, paused_until=EXAM + timedelta(days=3))
    outlook = exam_outlook(EXAM, held(rhythm), CARDS[30:], rhythm, spacing_of(rhythm), MONDAY, 10.0)
    assert (outlook.seconds_a_week, outlook.reached) == (0.0, 30)
    assert outlook.new_a_day == 30
