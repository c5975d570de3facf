"""What is said to be remembered is counted card by card, from the numbers that plan the cards."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from app.learning.course import Course
from app.learning.people import Track
from app.learning.progress import (
    DAYS_AHEAD,
    FIRM,
    PROBABLE,
    Recall,
    WhyThen,
    card_progress,
    concepts_progress,
    paragraphs_progress,
    recall_of,
    week_ahead,
)
from app.learning.queue import CATCH_UP_CARDS, plan_today, standing_on
from app.learning.scheduling import Memory, day_below, retrievability

TODAY = date(2026, 3, 2)


def memory(card: str = "band-afstand", stability: float = 10.0, days_ago: int = 0) -> Memory:
    """Remembered `days_ago`; due when its stability is over."""
    last = TODAY - timedelta(days=days_ago)
    return Memory(
        card=card,
        stability=stability,
        difficulty=5.0,
        due_on=last + timedelta(days=max(1, round(stability))),
        last_day=last,
        last_at=datetime(last.year, last.month, last.day, 9, tzinfo=UTC),
        last_id=UUID(int=1),
        reviews=1,
        lapses=0,
    )


def forgotten(card: str = "band-afstand") -> Memory:
    return replace(memory(card), due_on=TODAY, lapses=1)


@pytest.mark.parametrize("chance", [0.95, FIRM, 0.8, PROBABLE, 0.6])
@pytest.mark.parametrize("stability", [0.01, 0.4, 2.3, 17.7, 400.5])
def test_the_chance_falls_below_a_value_on_the_day_that_is_said_and_not_before(
    stability: float, chance: float
) -> None:
    held = memory(stability=stability)
    day = day_below(held, chance)
    assert retrievability(held, day) < chance
    assert retrievability(held, day - timedelta(days=1)) >= chance


def test_what_lasts_longer_than_dates_do_has_a_day_all_the_same() -> None:
    assert day_below(memory(stability=36_500.0), 0.1).year < 2200


@pytest.mark.parametrize(
    ("days_ago", "recall"),
    [(0, Recall.FIRM), (9, Recall.FIRM), (11, Recall.FADING), (120, Recall.GONE)],
)
def test_a_card_goes_from_firm_to_fading_to_gone(days_ago: int, recall: Recall) -> None:
    assert recall_of(memory(stability=10, days_ago=days_ago), TODAY) is recall


def test_a_card_that_was_just_missed_is_gone_though_its_chance_by_the_formula_is_one() -> None:
    assert retrievability(forgotten(), TODAY) == 1
    assert recall_of(forgotten(), TODAY) is Recall.GONE


def test_a_good_mean_does_not_hide_a_card_that_is_gone(small_course: Course) -> None:
    held = {
        "band-afstand": memory("band-afstand", 300),
        "band-engels": memory("band-engels", 300),
        "band-lena": forgotten("band-lena"),
    }
    band = concepts_progress(small_course, Track.KERN, held, TODAY)[0]
    assert (band.concept, band.known, band.answered, band.gone) == ("band", 2, 3, 1)


def test_cards_without_an_answer_are_counted_apart_and_those_of_another_track_not_at_all(
    small_course: Course,
) -> None:
    held = {"band-afstand": memory()}
    kern = concepts_progress(small_course, Track.KERN, held, TODAY)[0]
    all_cards = concepts_progress(small_course, Track.VERDIEPING, held, TODAY)[0]
    assert (kern.known, kern.unanswered) == (1, 3)
    assert all_cards.unanswered == kern.unanswered + 2


def test_a_concept_holds_until_its_first_card_does_not(small_course: Course) -> None:
    weak, strong = memory("band-afstand", 2), memory("band-engels", 50)
    band = concepts_progress(small_course, Track.KERN, {m.card: m for m in (weak, strong)}, TODAY)[
        0
    ]
    assert band.firm_until == day_below(weak, FIRM)
    assert band.probable_until == day_below(weak, PROBABLE)


def test_a_concept_of_which_nothing_is_known_holds_no_time(small_course: Course) -> None:
    band = concepts_progress(small_course, Track.KERN, {"band-afstand": forgotten()}, TODAY)[0]
    assert (band.known, band.firm_until, band.probable_until) == (0, None, None)


def test_a_card_counts_once_in_the_paragraph_of_its_lesson_whatever_it_is_about(
    small_course: Course,
) -> None:
    # "band-verschil" is about two concepts.
    held = {
        card: memory(card, days_ago=days)
        for card, days in (("band-afstand", 0), ("band-verschil", 20))
    }
    concepts = concepts_progress(small_course, Track.VERDIEPING, held, TODAY)
    (paragraph,) = paragraphs_progress(small_course, held, concepts, TODAY)
    assert (paragraph.title, paragraph.firm, paragraph.answered) == ("Begin", 1, 2)
    assert [row.concept for row in paragraph.concepts] == [
        row.concept for row in concepts if row.answered
    ]


def test_a_paragraph_without_an_answer_and_a_card_that_left_the_course_are_not_shown(
    small_course: Course,
) -> None:
    held = {"weg": memory("weg")}
    assert paragraphs_progress(small_course, held, [], TODAY) == []


def test_the_week_begins_with_what_today_says_and_follows_the_due_days() -> None:
    held = [memory(f"k{n}", stability) for n, stability in enumerate((1, 1, 3, 6, 7))]
    standing = standing_on(TODAY, held, new=0, new_today=0)
    week = week_ahead(standing, held, TODAY, 10.0)
    assert [ahead.cards for ahead in week] == [0, 2, 0, 1, 0, 0, 1]
    assert week[0].cards == plan_today(standing, TODAY, 10.0).cards
    assert [ahead.minutes for ahead in week] == [0, 1, 0, 1, 0, 0, 1]


def test_after_an_absence_the_rest_is_spread_over_the_week_and_nothing_is_lost() -> None:
    held = [memory(f"k{n}", 2, days_ago=40) for n in range(40)]
    standing = standing_on(TODAY, held, new=0, new_today=0)
    cards = [ahead.cards for ahead in week_ahead(standing, held, TODAY, 10.0)]
    assert cards == [12, 12, 12, 4, 0, 0, 0]
    assert max(cards) <= CATCH_UP_CARDS and sum(cards) == len(held)


def test_new_cards_come_a_few_a_day_until_they_are_gone() -> None:
    standing = standing_on(TODAY, [], new=20, new_today=0)
    cards = [ahead.cards for ahead in week_ahead(standing, [], TODAY, 10.0)]
    assert cards == [8, 8, 4, 0, 0, 0, 0]
    assert len(cards) == DAYS_AHEAD


@pytest.mark.parametrize(
    ("held", "why"),
    [
        (None, WhyThen.UNANSWERED),
        (forgotten(), WhyThen.FORGOTTEN),
        (memory(stability=5, days_ago=1), WhyThen.AHEAD),
        (memory(stability=5, days_ago=5), WhyThen.DUE),
        (memory(stability=5, days_ago=9), WhyThen.OVERDUE),
    ],
)
def test_a_card_says_why_it_returns_when_it_does(held: Memory | None, why: WhyThen) -> None:
    assert card_progress(held, TODAY).why is why
