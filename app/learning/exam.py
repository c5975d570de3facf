"""What an exam date asks of the days before it, and what is known on the day itself.

Worked out by the fold itself, for somebody who answers "wist ik" on every day something is due:
what misses add is counted as everywhere else (`REPEATS`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from app.learning.queue import REPEATS
from app.learning.reviews import Grade, Review
from app.learning.rhythm import Rhythm
from app.learning.scheduling import Memory, Spacing, remember, retrievability


@dataclass(frozen=True, slots=True)
class ExamOutlook:
    """The weeks until an exam: `seconds_a_week` at the learner's own pace, and on the day itself
    `known` of `cards`, of which `reached` were begun.

    `new_a_day` is how many new cards on each day that is not easy would reach them all.
    """

    seconds_a_week: float
    known: float
    reached: int
    cards: int
    new_a_day: int

    @property
    def minutes_a_week(self) -> int:
        """Whole minutes, rounded."""
        return round(self.seconds_a_week / 60)


def exam_outlook(
    exam_on: date,
    memories: Sequence[Memory],
    unanswered: Sequence[str],
    rhythm: Rhythm,
    spacing: Spacing,
    today: date,
    seconds_per_card: float,
) -> ExamOutlook:
    """What `rhythm` makes of the days from `today` to `exam_on`, which is after today.

    `spacing` is that of `rhythm`, which `memories` were folded with; `unanswered` are cards to
    begin, in order.
    """
    first = max(today, rhythm.paused_until or today)
    days = [first + timedelta(days=number) for number in range((exam_on - first).days)]
    begins = [day for day in days for _ in range(rhythm.new_on(day))]
    walks = [
        _walk(memory.card, memory, max(first, memory.due_on), exam_on, spacing)
        for memory in memories
    ]
    walks += [
        _walk(card, None, day, exam_on, spacing)
        for card, day in zip(unanswered, begins, strict=False)
    ]
    answers = sum(answers for answers, _ in walks)
    weeks = max(1.0, (exam_on - today).days / 7)
    working_days = sum(not rhythm.is_easy_on(day) for day in days)
    return ExamOutlook(
        seconds_a_week=answers * seconds_per_card * REPEATS / weeks,
        known=sum(chance for _, chance in walks),
        reached=len(walks),
        cards=len(memories) + len(unanswered),
        new_a_day=-(-len(unanswered) // max(1, working_days)),
    )


def _walk(
    card: str, memory: Memory | None, day: date, exam_on: date, spacing: Spacing
) -> tuple[int, float]:
    """How often a card is asked from `day` until the exam, and the chance it is known then."""
    answers = 0
    while day < exam_on:
        moment = datetime.combine(day, time(12), tzinfo=UTC)
        review = Review(UUID(int=0), card, Grade.GOOD, moment, day, 0)
        memory = remember(memory, review, spacing)
        day = memory.due_on
        answers += 1
    return answers, retrievability(memory, exam_on) if memory else 0.0
