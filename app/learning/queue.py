"""Which cards today, how many, and why: no debt after an absence, honest minutes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from statistics import median
from uuid import UUID

from app.learning.reviews import Grade, Review
from app.learning.rhythm import Rhythm
from app.learning.scheduling import CardDays, Memory

# After any absence the first screen holds no more than this; the rest is spread over days.
CATCH_UP_CARDS = 12
LARGEST_SITTING = 30
# On a day that somebody calls easy, whatever waits.
EASY_DAY_CARDS = 6
ABSENT_AFTER = timedelta(days=2)

# How many answers of one sitting can be taken back.
UNDO_DEPTH = 20

# Seconds for one card before we know somebody's own speed (research/product.md: median 6 s for
# practised readers of Quantum Country; ours are new to it), and what is plausible at all.
FIRST_PACE = 9.0
LONGEST_PACE = 60.0
# A missed card comes back in the same sitting; about one in eight is missed at 0.9 retention.
REPEATS = 1.12


class Reason(Enum):
    """Why today's plan is what it is; templates own the sentence."""

    PAUSED = "paused"
    CARDS_DUE = "cards_due"
    WELCOME_BACK = "welcome_back"
    CATCHING_UP = "catching_up"
    DONE_FOR_TODAY = "done_for_today"
    NOTHING_DUE = "nothing_due"
    NOTHING_LEARNED = "nothing_learned"


@dataclass(frozen=True, slots=True)
class Standing:
    """The facts of one learner on one day that the plan rests on: counts of cards.

    `due` includes `overdue` (due before today) and `forgotten` (missed today and not remembered
    since); `new` are cards of opened lessons without an answer; `answered_today` are different
    cards, without those due again; `last_active_day` is before today.
    """

    due: int
    overdue: int
    new: int
    new_today: int
    answered_today: int
    last_active_day: date | None
    next_due_on: date | None
    forgotten: int = 0


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


def standing_on(
    today: date,
    memories: Collection[Memory | CardDays],
    *,
    new: int,
    new_today: int,
    last_active_day: date | None = None,
) -> Standing:
    """The facts of somebody who remembers `memories`, with `new` cards to begin with."""
    due = [memory for memory in memories if memory.due_on <= today]
    coming = [memory for memory in memories if memory.due_on > today]
    return Standing(
        due=len(due),
        overdue=sum(memory.due_on < today for memory in due),
        new=new,
        new_today=new_today,
        answered_today=sum(memory.last_day == today for memory in coming),
        last_active_day=last_active_day,
        next_due_on=min((memory.due_on for memory in coming), default=None),
        forgotten=sum(memory.last_day == today for memory in due),
    )


def plan_today(
    standing: Standing, today: date, seconds_per_card: float, rhythm: Rhythm
) -> TodayPlan:
    """Today's plan, with its reason."""
    if rhythm.is_paused_on(today):
        return TodayPlan(0, standing.due, 0.0, Reason.PAUSED, standing.next_due_on)
    new = min(standing.new, max(0, rhythm.new_on(today) - standing.new_today))
    wanted = standing.due + new
    absent = _was_absent(standing.last_active_day, today)
    catching_up = _is_more_than_fits(standing, wanted if absent else standing.overdue)
    room = max(0, CATCH_UP_CARDS - standing.answered_today) if catching_up else LARGEST_SITTING
    if rhythm.is_easy_on(today):
        room = min(room, max(0, EASY_DAY_CARDS - standing.answered_today))
    # What was missed today is asked until it is remembered, also where the day is full.
    cards = min(wanted, max(room, standing.forgotten))
    return TodayPlan(
        cards=cards,
        later=wanted - cards,
        seconds=cards * seconds_per_card * REPEATS,
        reason=_reason(standing, cards, catching_up, absent),
        next_due_on=standing.next_due_on,
    )


@dataclass(frozen=True, slots=True)
class Sitting:
    """Where somebody is in one sitting: how many cards are `left`, which were skipped, and the ids
    of what was done (answers and changes of cards) and of what was undone, latest last.

    It travels in the page, not on the server: a reload or a second tab loses nothing.
    """

    left: int
    skipped: tuple[str, ...] = ()
    given: tuple[UUID, ...] = ()
    undone: tuple[UUID, ...] = ()

    def after(self, review: Review) -> "Sitting":
        """A missed card stays to be done; a remembered one is done."""
        return self._with(review.id, _done_by(review), ())

    def after_change(self, change_id: UUID, hides: bool) -> "Sitting":
        """A card that was put away is done for this sitting; one with other words is not."""
        return self._with(change_id, int(hides), ())

    def without(self, review: Review) -> "Sitting":
        """As it was before `review`, which is taken back."""
        return self._without(review.id, _done_by(review))

    def without_change(self, change_id: UUID, hides: bool) -> "Sitting":
        """As it was before a change of a card, which is taken back."""
        return self._without(change_id, int(hides))

    def again(self, review: Review) -> "Sitting":
        """With `review`, which is the last that was taken back, given again."""
        return self._with(review.id, _done_by(review), self.undone[:-1])

    def again_change(self, change_id: UUID, hides: bool) -> "Sitting":
        """With the last change that was taken back made again."""
        return self._with(change_id, int(hides), self.undone[:-1])

    def skipping(self, card: str) -> "Sitting":
        """The card is left alone until another sitting."""
        return Sitting(max(0, self.left - 1), (*self.skipped, card), self.given, self.undone)

    def _with(self, step: UUID, done: int, undone: tuple[UUID, ...]) -> "Sitting":
        given = (*self.given, step)[-UNDO_DEPTH:]
        return Sitting(max(0, self.left - done), self.skipped, given, undone)

    def _without(self, step: UUID, done: int) -> "Sitting":
        given = tuple(each for each in self.given if each != step)
        undone = (*self.undone, step)[-UNDO_DEPTH:]
        return Sitting(self.left + done, self.skipped, given, undone)


def _done_by(review: Review) -> int:
    return 0 if review.grade is Grade.AGAIN else 1


def forgotten_goes_first(forgotten: int, left: int) -> bool:
    """Whether the cards missed today must be asked now, to be remembered within what is left.

    Otherwise they wait until the other cards have been: the longer the gap, the more it teaches.
    """
    return forgotten >= left


def _was_absent(last_active_day: date | None, today: date) -> bool:
    return last_active_day is not None and today - last_active_day > ABSENT_AFTER


def _is_more_than_fits(standing: Standing, waiting: int) -> bool:
    # With what was done today, so that the answer stays the same all day: the longest due come
    # first, so while any of them wait, what was done was of their kind.
    return waiting > 0 and waiting + standing.answered_today > CATCH_UP_CARDS


def _reason(standing: Standing, cards: int, catching_up: bool, absent: bool) -> Reason:
    if cards and catching_up:
        return Reason.WELCOME_BACK if absent else Reason.CATCHING_UP
    if cards:
        return Reason.CARDS_DUE
    if standing.answered_today:
        return Reason.DONE_FOR_TODAY
    if standing.last_active_day is None and standing.next_due_on is None:
        return Reason.NOTHING_LEARNED
    return Reason.NOTHING_DUE
