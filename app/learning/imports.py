"""A log that comes in from a file: what of it is new, and what stays out with the reason."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import chain
from uuid import UUID

from app.learning.people import Learner, Track
from app.learning.reviews import CLOCK_TOLERANCE, Grade, LogEntry, Review

MOST_REVIEWS = 100_000
# An older moment is that of a clock that was never set.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
# An entry of Anki's log has a moment in ms for an id, which no other entry may have: ours can stand a
# little later there than it was. Nobody gives one card the same grade twice within this time.
SAME_REVIEW = timedelta(seconds=1)
_MILLISECOND = timedelta(milliseconds=1)


class FileFlaw(Enum):
    """Why a file cannot be read in at all; the values are keys of the page's sentences."""

    NOTHING_CHOSEN = "nothing_chosen"
    NOT_AN_EXPORT = "not_an_export"
    BROKEN = "broken"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    TOO_NEW = "too_new"
    SOMEBODY_ELSES = "somebody_elses"


class BadFile(Exception):
    """The file cannot be read in, and nothing has changed."""

    def __init__(self, flaw: FileFlaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


class LeftOut(Enum):
    """Why a review of a readable file does not enter the log; the values are keys of sentences."""

    UNREADABLE = "unreadable"
    UNKNOWN_CARD = "unknown_card"
    IN_FUTURE = "in_future"
    TOO_OLD = "too_old"
    SOMEBODY_ELSES = "somebody_elses"


@dataclass(frozen=True, slots=True)
class SavedChoices:
    """What a learner had chosen, and the seed that spreads their intervals."""

    seed: int
    zone_name: str
    track: Track
    buttons: int


@dataclass(frozen=True, slots=True)
class IncomingLog:
    """What a file holds: for the mark of each learner in it (`Learner.mark`) their entries.

    `is_ankis` says that the ids are not those of the log, because Anki has no place for them.
    `foreign_cards` counts the cards that are not of this course at all.
    """

    logs: Mapping[str, Sequence[LogEntry]]
    is_ankis: bool = False
    choices: SavedChoices | None = None
    opened: Mapping[str, datetime] = field(default_factory=dict)
    unreadable: int = 0
    foreign_cards: int = 0


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What reading a file in would write, and what it would leave."""

    added: Sequence[Review]
    voided: Mapping[UUID, datetime]
    known: int
    left_out: Mapping[LeftOut, int]
    foreign_cards: int
    choices: SavedChoices | None
    opened: Mapping[str, datetime]


def plan_import(
    incoming: IncomingLog,
    own: Sequence[LogEntry],
    learner: Learner,
    *,
    known_cards: Container[str],
    known_lessons: Container[str],
    now: datetime,
    is_mine: bool,
) -> ImportPlan:
    """Lay a file beside the whole log of the learner.

    Somebody with a log is asked before that of another joins it: without `is_mine` BadFile is
    raised. To an empty log the choices in the file come along, so that every card is due on the day
    it was.
    """
    log = _OwnLog(own, by_moment=incoming.is_ankis)
    entries = _entries_of(learner, incoming.logs, log, is_mine=is_mine)
    added: dict[UUID, Review] = {}
    voided: dict[UUID, datetime] = {}
    left_out = Counter(
        {
            LeftOut.UNREADABLE: incoming.unreadable,
            LeftOut.SOMEBODY_ELSES: sum(map(len, incoming.logs.values())) - len(entries),
        }
    )
    known = 0
    for entry in entries:
        review = entry.review
        if log.holds(review):
            known += 1
        elif reason := _reason_to_leave_out(review, known_cards, now):
            left_out[reason] += 1
            continue
        else:
            added[review.id] = review
        if entry.voided_at is not None and log.voidings.get(review.id) is None:
            voided[review.id] = entry.voided_at
    return ImportPlan(
        added=list(added.values()),
        voided=voided,
        known=known,
        left_out={reason: count for reason, count in left_out.items() if count},
        foreign_cards=incoming.foreign_cards,
        choices=None if own else incoming.choices,
        opened={
            lesson: min(moment, now)
            for lesson, moment in incoming.opened.items()
            if lesson in known_lessons and moment >= EARLIEST
        },
    )


def _entries_of(
    learner: Learner, logs: Mapping[str, Sequence[LogEntry]], own: "_OwnLog", *, is_mine: bool
) -> Sequence[LogEntry]:
    """The entries that are this learner's: by the mark, or because the two logs share a review, as
    those of a guest and of the account they got. Else all, where that is sure or on their word."""
    theirs = [
        log
        for mark, log in logs.items()
        if mark == learner.mark or any(own.holds(entry.review) for entry in log)
    ]
    if not theirs and any(logs.values()):
        if (own.voidings or len(logs) > 1) and not is_mine:
            raise BadFile(FileFlaw.SOMEBODY_ELSES)
        theirs = list(logs.values())
    return list(chain.from_iterable(theirs))


def _reason_to_leave_out(
    review: Review, known_cards: Container[str], now: datetime
) -> LeftOut | None:
    if review.card not in known_cards:
        return LeftOut.UNKNOWN_CARD
    if review.reviewed_at > now + CLOCK_TOLERANCE:
        return LeftOut.IN_FUTURE
    if review.reviewed_at < EARLIEST:
        return LeftOut.TOO_OLD
    return None


class _OwnLog:
    """The log of the learner, to be asked what it holds: by id, and `by_moment` where ids are lost."""

    def __init__(self, entries: Sequence[LogEntry], *, by_moment: bool) -> None:
        self.voidings = {entry.review.id: entry.voided_at for entry in entries}
        self._moments: dict[tuple[str, Grade], list[datetime]] = {}
        if by_moment:
            for entry in entries:
                review = entry.review
                moments = self._moments.setdefault((review.card, review.grade), [])
                insort(moments, review.reviewed_at)

    def holds(self, review: Review) -> bool:
        return review.id in self.voidings or self._has_near(review)

    def _has_near(self, review: Review) -> bool:
        """Whether there is the same answer, up to SAME_REVIEW earlier."""
        moments = self._moments.get((review.card, review.grade), [])
        place = bisect_left(moments, review.reviewed_at - SAME_REVIEW)
        # Ours is finer than the whole millisecond it became.
        return place < len(moments) and moments[place] < review.reviewed_at + _MILLISECOND
