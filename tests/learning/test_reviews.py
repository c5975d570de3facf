"""Which reviews may enter the log."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from app.learning.reviews import CLOCK_TOLERANCE, Grade, Refusal, Review, refusal_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
JOINED = NOW - timedelta(days=10)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("reviewed_at", "refusal"),
    [
        (NOW, None),
        (NOW + CLOCK_TOLERANCE, None),
        (NOW + CLOCK_TOLERANCE + SECOND, Refusal.IN_FUTURE),
        (JOINED, None),
        (JOINED - CLOCK_TOLERANCE, None),
        (JOINED - CLOCK_TOLERANCE - SECOND, Refusal.BEFORE_ACCOUNT),
        (datetime.max.replace(tzinfo=UTC), Refusal.IN_FUTURE),
        (datetime.min.replace(tzinfo=UTC), Refusal.BEFORE_ACCOUNT),
    ],
)
def test_a_review_lies_between_the_account_and_now(
    reviewed_at: datetime, refusal: Refusal | None
) -> None:
    review = Review(UUID(int=1), "k", Grade.GOOD, reviewed_at, date(2026, 3, 2), 0)
    assert refusal_of(review, known_cards={"k"}, joined_at=JOINED, now=NOW) is refusal


def test_a_card_that_is_not_in_the_course_is_refused() -> None:
    review = Review(UUID(int=1), "weg", Grade.GOOD, NOW, date(2026, 3, 2), 0)
    refusal = refusal_of(review, known_cards={"k"}, joined_at=JOINED, now=NOW)
    assert refusal is Refusal.UNKNOWN_CARD


@pytest.mark.parametrize("word", ["AGAIN", "Good", "", "goed", 3, None, True, ["good"], {}])
def test_only_the_four_words_of_the_wire_are_grades(word: object) -> None:
    assert Grade.of_word(word) is None
    assert [Grade.of_word(grade.word) for grade in Grade] == list(Grade)
