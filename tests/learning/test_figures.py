"""The numbers are counted from the log and the memories, and agree with each other."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from statistics import fmean
from uuid import UUID

import pytest

from app.learning.course import Course
from app.learning.figures import (
    CHANCE_BOUNDS,
    DAYS_COMING,
    WEEKS_BACK,
    WEEKS_COMPARED,
    counts,
    days_coming,
    days_done,
    figures,
    weeks_compared,
)
from app.learning.reviews import Grade, Review
from app.learning.scheduling import (
    DEFAULT_PARAMETERS,
    Memory,
    Parameters,
    Spacing,
    fold,
    predictions,
    remember,
    retrievability,
)
from tests.logs import HARDER_FIRST_DAYS

TODAY = date(2026, 3, 4)  # a Wednesday
MONDAY = date(2026, 3, 2)


def review(
    card: str, day: date, grade: Grade = Grade.GOOD, number: int = 1, ms: int = 4000
) -> Review:
    moment = datetime.combine(day, time(12, 0, number % 60), tzinfo=UTC)
    return Review(UUID(int=number), card, grade, moment, day, ms)


def some_log(seed: int, course: Course) -> list[Review]:
    random = Random(seed)
    log: list[Review] = []
    for number in range(200):
        day = TODAY - timedelta(days=random.randrange(250))
        grade = random.choice(list(Grade))
        log.append(review(random.choice(list(course.cards)), day, grade, number + 1))
    return sorted(log, key=lambda event: (event.reviewed_at, event.id.int))


def memories_of(log: list[Review]) -> dict[str, Memory]:
    cards = {event.card for event in log}
    folded = {card: fold([e for e in log if e.card == card], Spacing(1)) for card in cards}
    return {card: memory for card, memory in folded.items() if memory}


@pytest.mark.parametrize("seed", range(10))
def test_every_picture_counts_everything_once(small_course: Course, seed: int) -> None:
    log = some_log(seed, small_course)
    held = memories_of(log)
    shown = figures(small_course, log, held, DEFAULT_PARAMETERS, TODAY)
    for histogram in (shown.stability, shown.difficulty, shown.chance):
        assert sum(histogram) == len(held)
    assert sum(shown.seconds) == len(log)
    since = shown.days[0].day
    assert sum(day.answers for day in shown.days) == sum(event.day >= since for event in log)
    last = TODAY + timedelta(days=DAYS_COMING - 1)
    assert sum(day.cards for day in shown.coming) == sum(m.due_on <= last for m in held.values())
    of_concepts = sum(len(small_course.cards[event.card].concepts) for event in log)
    assert sum(concept.answers for concept in shown.concepts) == of_concepts


def test_the_calendar_begins_on_a_monday_ends_today_and_leaves_no_day_out() -> None:
    days = days_done([review("k", TODAY, Grade.AGAIN), review("k", TODAY, number=2)], TODAY)
    assert days[0].day.weekday() == 0
    assert len(days) == 7 * (WEEKS_BACK - 1) + 3
    assert {b.day - a.day for a, b in pairwise(days)} == {timedelta(days=1)}
    assert (days[-1].answers, days[-1].remembered, days[-1].seconds, days[-1].minutes) == (
        2,
        1,
        8.0,
        1,
    )
    assert days[0].minutes == 0


def test_what_waited_before_today_stands_at_today() -> None:
    old = remember(None, review("oud", TODAY - timedelta(days=90)), Spacing(1))
    soon = replace(old, card="straks", due_on=TODAY + timedelta(days=5))
    far = replace(old, card="ver", due_on=TODAY + timedelta(days=30))
    coming = days_coming([old, soon, far], TODAY)
    assert [ahead.cards for ahead in coming] == [1, 0, 0, 0, 0, 1, *[0] * 24]


def test_only_the_first_answer_of_a_day_to_a_card_known_before_is_compared() -> None:
    log = [
        review("k", MONDAY - timedelta(days=7), number=1),
        review("k", MONDAY, Grade.AGAIN, number=2),
        review("k", MONDAY, Grade.GOOD, number=3),
        review("nieuw", MONDAY, Grade.AGAIN, number=4),
        review("nieuw", TODAY, Grade.GOOD, number=5),
    ]
    weeks = weeks_compared(log, DEFAULT_PARAMETERS, TODAY)
    assert len(weeks) == WEEKS_COMPARED
    assert [week.answers for week in weeks] == [0] * 7 + [2]
    assert (weeks[0].known, weeks[0].expected) == (None, None)
    assert weeks[-1].known == 0.5
    assert weeks[-1].monday == MONDAY


@pytest.mark.parametrize("parameters", [DEFAULT_PARAMETERS, HARDER_FIRST_DAYS])
@pytest.mark.parametrize("seed", range(10))
def test_what_was_expected_is_what_the_memory_said_on_that_day(
    seed: int, parameters: Parameters
) -> None:
    random = Random(seed)
    day, log = MONDAY, []
    for number in range(12):
        day += timedelta(days=random.choice([0, 0, 1, 4, 30]))
        log.append(review("k", day, random.choice(list(Grade)), number + 1))
    expected = []
    memory = None
    for event in log:
        if memory is not None and event.day > memory.last_day:
            expected.append((event.day, retrievability(memory, event.day)))
        memory = remember(memory, event, Spacing(seed, retention=0.8, parameters=parameters))
    found = [(one.day, one.chance) for one in predictions(log, parameters)]
    assert found == expected
    weeks = weeks_compared(log, parameters, day)
    chances = [chance for on, chance in expected if on >= weeks[-1].monday]
    assert weeks[-1].answers == len(chances)
    assert weeks[-1].expected == (pytest.approx(fmean(chances)) if chances else None)


def test_a_card_that_was_just_missed_is_not_certain(small_course: Course) -> None:
    log = [review("band-afstand", TODAY, Grade.AGAIN)]
    shown = figures(small_course, log, memories_of(log), DEFAULT_PARAMETERS, TODAY)
    assert shown.chance == [1, *[0] * len(CHANCE_BOUNDS)]


def test_an_answer_of_which_the_time_is_not_known_counts_for_no_time(small_course: Course) -> None:
    log = [review("band-afstand", TODAY, ms=0), review("band-afstand", TODAY, number=2, ms=12_000)]
    shown = figures(small_course, log, memories_of(log), DEFAULT_PARAMETERS, TODAY)
    assert shown.seconds == [0, 0, 1, 0, 0, 0, 0]
    assert {concept.seconds for concept in shown.concepts} == {12.0}


def test_a_card_that_left_the_course_keeps_its_answers_and_has_no_concept(
    small_course: Course,
) -> None:
    shown = figures(small_course, [review("verdwenen", TODAY)], {}, DEFAULT_PARAMETERS, TODAY)
    assert shown.today.answers == 1
    assert shown.concepts == []


def test_a_value_on_a_bound_belongs_to_what_begins_there() -> None:
    assert counts([0.0, 6.9, 7.0, 14.0, 99.0], (7, 14)) == [2, 1, 2]
