"""Which cards today, how many, and why: no debt after an absence, honest minutes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from statistics import median

from app.learning.scheduling import Memory

# After any absence the first screen holds no more than this; the rest is spread over days.
CATCH_UP_CARDS = 12
LARGEST_SITTING = 30
NEW_CARDS_A_DAY = 8
ABSENT_AFTER = timedelta(days=2)

# Seconds for one card before we know somebody's own speed (research/product.md: median 6 s for
# practised readers of Quantum Country; ours are new to it), and what is plausible at all.
FIRST_PACE = 9.0
LONGEST_PACE = 60.0
# A missed card comes back in the same sitting; about one in eight is missed at 0.9 retention.
REPEATS = 1.12


class Reason(Enum):
    """Why today's plan is what it is; templates own the sentence."""

    CARDS_DUE = "cards_due"
    CATCHING_UP = "catching_up"
    DONE_FOR_TODAY = "done_for_today"
    NOTHING_DUE = "nothing_due"
    NOTHING_LEARNED = "nothing_learned"


@dataclass(frozen=True, slots=True)
class Standing:
    """The facts of one learner on one day that the plan rests on: counts of cards.

    `due` includes `overdue` (due before today) and what was forgotten today; `new` are cards of
    opened lessons without an answer; `answered_today` are different cards.
    """

    due: int
    overdue: int
    new: int
    new_today: int
    answered_today: int
    last_active_day: date | None
    next_due_on: date | None


@dataclass(frozen=True, slots=True)
class TodayPlan:
    """What today asks: `cards` in one sitting, `later` that are spread, and when something is next."""

    cards: int
    later: int
    seconds: float
    reason: Reason
    next_due_on: date | None

    @property
    def minutes(self) -> int:
        """Whole minutes, rounded up, at least one where there is anything to do."""
        return -(-int(self.seconds) // 60) if self.cards else 0

    @property
    def days_for_later(self) -> int:
        """In how many days the rest comes by, at the pace of catching up."""
        return -(-self.later // CATCH_UP_CARDS)


def pace(durations_ms: Sequence[int]) -> float:
    """Seconds a card takes this learner: the median of recent reviews, or a first guess."""
    if len(durations_ms) < 5:
        return FIRST_PACE
    return min(median(durations_ms) / 1000, LONGEST_PACE)


def standing_on(today: date, memories: Collection[Memory], *, new: int, new_today: int) -> Standing:
    """The facts of somebody who remembers `memories`, with `new` cards to begin with."""
    return Standing(
        due=sum(memory.due_on <= today for memory in memories),
        overdue=sum(memory.due_on < today for memory in memories),
        new=new,
        new_today=new_today,
        answered_today=sum(memory.last_day == today for memory in memories),
        last_active_day=max((memory.last_day for memory in memories), default=None),
        next_due_on=min((m.due_on for m in memories if m.due_on > today), default=None),
    )


def plan_today(standing: Standing, today: date, seconds_per_card: float) -> TodayPlan:
    """Today's plan, with its reason."""
    new = min(standing.new, max(0, NEW_CARDS_A_DAY - standing.new_today))
    wanted = standing.due + new
    catching_up = standing.overdue > CATCH_UP_CARDS or (
        _was_absent(standing.last_active_day, today) and wanted > CATCH_UP_CARDS
    )
    room = max(0, CATCH_UP_CARDS - standing.answered_today) if catching_up else LARGEST_SITTING
    cards = min(wanted, room)
    return TodayPlan(
        cards=cards,
        later=wanted - cards,
        seconds=cards * seconds_per_card * REPEATS,
        reason=_reason(standing, cards, catching_up),
        next_due_on=standing.next_due_on,
    )


def _was_absent(last_active_day: date | None, today: date) -> bool:
    return last_active_day is not None and today - last_active_day > ABSENT_AFTER


def _reason(standing: Standing, cards: int, catching_up: bool) -> Reason:
    if cards:
        return Reason.CATCHING_UP if catching_up else Reason.CARDS_DUE
    if standing.answered_today:
        return Reason.DONE_FOR_TODAY
    if standing.last_active_day is None and standing.next_due_on is None:
        return Reason.NOTHING_LEARNED
    return Reason.NOTHING_DUE
