"""A log that comes in from a file: what of it is new, and what stays out with the reason."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
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

    Somebody with a log of their own is asked before that of another joins it: without `is_mine`
    BadFile is raised. To an empty log the choices in the file come along, so that every card is due
    on the day it was.
    """
    entries, others = _meant_for(learner, incoming, has_log=bool(own), is_mine=is_mine)
    log = _Own(own)
    added: dict[UUID, Review] = {}
    voided: dict[UUID, datetime] = {}
    left_out = Counter({LeftOut.UNREADABLE: incoming.unreadable, LeftOut.SOMEBODY_ELSES: others})
    known = 0
    for entry in entries:
        review = entry.review
        if review.id in log.voidings or (incoming.is_ankis and log.has_near(review)):
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


def _meant_for(
    learner: Learner, incoming: IncomingLog, *, has_log: bool, is_mine: bool
) -> tuple[Iterator[LogEntry], int]:
    """The entries to look at, and how many of others there are beside those of the learner."""
    if learner.mark in incoming.logs:
        others = sum(map(len, incoming.logs.values())) - len(incoming.logs[learner.mark])
        return iter(incoming.logs[learner.mark]), others
    if incoming.logs and has_log and not is_mine:
        raise BadFile(FileFlaw.SOMEBODY_ELSES)
    return chain.from_iterable(incoming.logs.values()), 0


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


class _Own:
    """A log, to be asked what it holds."""

    def __init__(self, entries: Sequence[LogEntry]) -> None:
        self.voidings = {entry.review.id: entry.voided_at for entry in entries}
        self._moments: dict[tuple[str, Grade], list[datetime]] = {}
        for entry in entries:
            review = entry.review
            insort(self._moments.setdefault((review.card, review.grade), []), review.reviewed_at)

    def has_near(self, review: Review) -> bool:
        """Whether it holds this very answer, up to SAME_REVIEW earlier."""
        moments = self._moments.get((review.card, review.grade), [])
        # Anki's moments are whole milliseconds, ours are finer.
        place = bisect_left(moments, review.reviewed_at - SAME_REVIEW)
        return place < len(moments) and moments[place] < review.reviewed_at + timedelta(
            milliseconds=1
        )
