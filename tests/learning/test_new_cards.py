"""Which cards can be begun with, and what a card about a difference waits for."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from app.learning.course import Course
from app.learning.new_cards import concepts_to_learn_first, new_cards
from app.learning.people import Track
from app.learning.reviews import Grade, Review
from app.learning.scheduling import Memory, fold

LESSONS = ["hoofdstuk1/eerste-les", "hoofdstuk1/tweede-les"]
CONTRAST = "los-of-vast"
FIRST_DAY = date(2026, 3, 2)


def memory(card: str, *grades: Grade) -> Memory:
    """What is left of a card that got these grades, one a day."""
    days = [FIRST_DAY + timedelta(days=number) for number in range(len(grades))]
    made = fold(
        [
            Review(UUID(int=n), card, grade, datetime(2026, 3, 2 + n, tzinfo=UTC), days[n], 4000)
            for n, grade in enumerate(grades)
        ],
        1,
    )
    assert made
    return made


def waits_for(
    course: Course, *memories: Memory, begun_today: tuple[str, ...] = (), card: str = CONTRAST
) -> list[str]:
    held = {memory.card: memory.was_remembered for memory in memories}
    return concepts_to_learn_first(course, card, Track.VERDIEPING, held, begun_today)


def test_a_card_about_a_difference_waits_for_both_concepts(small_course: Course) -> None:
    band, loose = memory("band-afstand", Grade.GOOD), memory("los-vaster", Grade.HARD)
    assert waits_for(small_course) == ["losse-band", "band"]
    assert waits_for(small_course, band) == ["losse-band"]
    assert waits_for(small_course, loose) == ["band"]
    assert waits_for(small_course, band, loose) == []


def test_one_card_of_a_concept_is_enough(small_course: Course) -> None:
    assert waits_for(small_course, memory("band-lena", Grade.EASY)) == ["losse-band"]


@pytest.mark.parametrize(
    ("grades", "known"),
    [
        ([Grade.AGAIN], False),
        ([Grade.AGAIN, Grade.AGAIN], False),
        ([Grade.AGAIN, Grade.HARD], True),
        ([Grade.GOOD, Grade.AGAIN], True),
        ([Grade.GOOD, Grade.AGAIN, Grade.AGAIN], True),
    ],
)
def test_a_concept_is_known_once_it_was_remembered(
    small_course: Course, grades: list[Grade], known: bool
) -> None:
    waiting = waits_for(small_course, memory("band-afstand", *grades))
    assert ("band" not in waiting) is known


def test_a_pair_is_not_learned_on_one_day(small_course: Course) -> None:
    held = memory("band-afstand", Grade.GOOD), memory("los-vaster", Grade.GOOD)
    assert waits_for(small_course, *held, begun_today=("los-vaster",)) == ["losse-band"]
    assert waits_for(small_course, *held, begun_today=("band-engels",)) == []


def test_other_cards_wait_for_nothing(small_course: Course) -> None:
    assert waits_for(small_course, card="band-verschil") == []


def test_a_concept_without_cards_of_its_own_keeps_nothing_waiting(small_course: Course) -> None:
    cards = {**small_course.cards}
    cards["los-vaster"] = replace(cards["los-vaster"], track=Track.VERDIEPING)
    course = replace(small_course, cards=cards)
    held = {"band-afstand": True}
    assert concepts_to_learn_first(course, CONTRAST, Track.KERN, held, ()) == []
    assert concepts_to_learn_first(course, CONTRAST, Track.VERDIEPING, held, ()) == ["losse-band"]


def test_the_cards_to_begin_with_are_those_of_opened_lessons_without_an_answer(
    small_course: Course,
) -> None:
    held = {"band-afstand": True}
    assert new_cards(small_course, Track.KERN, LESSONS, held, ()) == [
        "band-engels", "band-lena", "band-verschil", "los-vaster",
    ]  # fmt: skip
    held["los-vaster"] = True
    assert new_cards(small_course, Track.VERDIEPING, LESSONS, held, ()) == [
        "band-engels", "band-lena", "band-verschil", CONTRAST, "band-keuze",
    ]  # fmt: skip
    assert new_cards(small_course, Track.VERDIEPING, [], held, ()) == []
