"""A review: one grade at one moment. The log of reviews is the truth; the rest follows from it."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, IntEnum
from uuid import UUID, uuid5


class Grade(IntEnum):
    """How well it was remembered; the numbers are those of FSRS and Anki."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4

    @property
    def word(self) -> str:
        """The name on the wire: again, hard, good, easy."""
        return _WORD_OF_GRADE[self]

    @classmethod
    def of_word(cls, word: object) -> "Grade | None":
        """The grade of that wire name, or None."""
        return _GRADE_OF_WORD.get(word) if isinstance(word, str) else None


_WORD_OF_GRADE = {grade: grade.name.lower() for grade in Grade}
_GRADE_OF_WORD = {word: grade for grade, word in _WORD_OF_GRADE.items()}


class WhyMissed(Enum):
    """Why a card was missed, when the learner says so; the values go over the wire."""

    FORGOT = "forgot"
    NOT_UNDERSTOOD = "not_understood"
    CONFUSED = "confused"
    BAD_QUESTION = "bad_question"


@dataclass(frozen=True, slots=True)
class Review:
    """One event of the log. The client makes `id`, so that a repeat counts once."""

    id: UUID
    card: str
    grade: Grade
    reviewed_at: datetime
    day: date
    duration_ms: int
    why_missed: WhyMissed | None = None


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A review as the log holds it: `voided_at` is when it was taken back, or None if it counts."""

    review: Review
    voided_at: datetime | None = None


def redo_id(event: UUID) -> UUID:
    """What an event is called that repeats one that was taken back: a repeat of that counts once."""
    return uuid5(event, "redo")


class Refusal(Enum):
    """Why one review of a batch is not taken; the values go over the wire."""

    UNREADABLE = "unreadable"
    UNKNOWN_CARD = "unknown_card"
    IN_FUTURE = "in_future"
    BEFORE_ACCOUNT = "before_account"


# Clocks of phones differ a little from ours; more than this is another day's answer.
CLOCK_TOLERANCE = timedelta(minutes=5)
LONGEST_DURATION_MS = 24 * 60 * 60 * 1000


def refusal_of(
    review: Review, *, known_cards: Container[str], joined_at: datetime, now: datetime
) -> Refusal | None:
    """Why `review` cannot enter the log of a learner who joined at `joined_at`, or None."""
    if review.card not in known_cards:
        return Refusal.UNKNOWN_CARD
    if review.reviewed_at > now + CLOCK_TOLERANCE:
        return Refusal.IN_FUTURE
    if review.reviewed_at < joined_at - CLOCK_TOLERANCE:
        return Refusal.BEFORE_ACCOUNT
    return None
