"""A log that comes in from a file: what of it is new, and what stays out with the reason."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Container, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import chain
from uuid import UUID

from app.learning.own_cards import PlainChange
from app.learning.parameters import BY_DEFAULT, ParametersInUse
from app.learning.people import Learner, Track
from app.learning.reflections import Reflection
from app.learning.reports import Report
from app.learning.reviews import CLOCK_TOLERANCE, Grade, LogEntry, Review
from app.learning.rhythm import Rhythm

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
    """Why an event of a readable file does not enter the log; the values are keys of sentences."""

    UNREADABLE = "unreadable"
    UNKNOWN_CARD = "unknown_card"
    IN_FUTURE = "in_future"
    TOO_OLD = "too_old"
    TOO_LONG = "too_long"
    SOMEBODY_ELSES = "somebody_elses"
    DELETED = "deleted"
    KEPT_ELSEWHERE = "kept_elsewhere"


@dataclass(frozen=True, slots=True)
class SavedChoices:
    """What a learner had chosen, the seed that spreads their intervals, and the parameters of FSRS."""

    seed: int
    zone_name: str
    track: Track
    buttons: int
    rhythm: Rhythm
    parameters: ParametersInUse = BY_DEFAULT


@dataclass(frozen=True, slots=True)
class IncomingLog:
    """What a file holds: for the mark of each learner in it (`Learner.mark`) their entries.

    `changes`, `reports` and `reflections` are in files of ours alone, which hold one learner.
    `is_ankis` says that the ids are not those of the log, because Anki has no place for them.
    `foreign_cards` counts the cards that are not of this course at all.
    """

    logs: Mapping[str, Sequence[LogEntry]]
    is_ankis: bool = False
    choices: SavedChoices | None = None
    opened: Mapping[str, datetime] = field(default_factory=dict)
    changes: Sequence[PlainChange] = ()
    reports: Sequence[Report] = ()
    reflections: Sequence[Reflection] = ()
    unreadable: int = 0
    foreign_cards: int = 0


@dataclass(frozen=True, slots=True)
class OwnEvents:
    """What the learner has already: the whole log, and the ids of card changes, of reports and of
    reflections.

    `deleted` are the reflections that were deleted for good; with `keeps_elsewhere` the learner chose
    to keep what they write off the server.
    """

    log: Sequence[LogEntry]
    changes: Set[UUID] = frozenset()
    reports: Set[UUID] = frozenset()
    reflections: Set[UUID] = frozenset()
    deleted: Set[UUID] = frozenset()
    keeps_elsewhere: bool = False

    @property
    def are_there(self) -> bool:
        return bool(self.log or self.changes or self.reports or self.reflections)


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
    changes: Sequence[PlainChange]
    reports: Sequence[Report]
    reflections: Sequence[Reflection]


def plan_import(
    incoming: IncomingLog,
    own: OwnEvents,
    learner: Learner,
    *,
    known_cards: Container[str],
    known_lessons: Container[str],
    now: datetime,
    is_mine: bool,
) -> ImportPlan:
    """Lay a file beside all events of the learner.

    Somebody who has any is asked before those of another join them: without `is_mine` BadFile is
    raised. To an empty log the choices in the file come along, so that every card is due on the day
    it was.
    """
    log = _OwnLog(own.log, by_moment=incoming.is_ankis)
    entries = _entries_of(learner, incoming, own, log, is_mine=is_mine)
    added: dict[UUID, Review] = {}
    voided: dict[UUID, datetime] = {}
    sieve = _Sieve(known_cards, now)
    sieve.left_out[LeftOut.UNREADABLE] = incoming.unreadable
    sieve.left_out[LeftOut.SOMEBODY_ELSES] = sum(map(len, incoming.logs.values())) - len(entries)
    known = 0
    for entry in entries:
        review = entry.review
        if log.holds(review):
            known += 1
        elif sieve.takes(review.reviewed_at, card=review.card):
            added[review.id] = review
        else:
            continue
        if entry.voided_at is not None and log.voidings.get(review.id) is None:
            voided[review.id] = entry.voided_at
    changes = {
        change.event.id: change
        for change in incoming.changes
        if change.event.id not in own.changes
        and sieve.takes(
            change.event.changed_at, card=change.event.card, is_too_long=change.words.are_too_long
        )
    }
    reports = {
        report.id: report
        for report in incoming.reports
        if report.id not in own.reports
        and sieve.takes(report.reported_at, card=report.card, is_too_long=report.is_too_long)
    }
    reflections = {
        reflection.id: reflection
        for reflection in incoming.reflections
        if reflection.id not in own.reflections and sieve.takes_reflection(reflection, own)
    }
    return ImportPlan(
        added=list(added.values()),
        voided=voided,
        known=known,
        left_out={reason: count for reason, count in sieve.left_out.items() if count},
        foreign_cards=incoming.foreign_cards,
        choices=None if own.log else incoming.choices,
        opened={
            lesson: min(moment, now)
            for lesson, moment in incoming.opened.items()
            if lesson in known_lessons and moment >= EARLIEST
        },
        changes=list(changes.values()),
        reports=list(reports.values()),
        reflections=list(reflections.values()),
    )


def _entries_of(
    learner: Learner, incoming: IncomingLog, own: OwnEvents, log: "_OwnLog", *, is_mine: bool
) -> Sequence[LogEntry]:
    """The entries that are this learner's: by the mark, or because both sides share one of them, a
    change of a card or a reflection, as those of a guest and of the account they got. Else all, where that is sure or
    on their word."""
    logs = incoming.logs
    shares_others = not (
        own.changes.isdisjoint(change.event.id for change in incoming.changes)
        and own.reflections.isdisjoint(reflection.id for reflection in incoming.reflections)
    )
    theirs = [
        entries
        for mark, entries in logs.items()
        if mark == learner.mark
        or shares_others
        or any(log.holds(entry.review) for entry in entries)
    ]
    others = (incoming.changes, incoming.reports, incoming.reflections)
    if not theirs and (any(logs.values()) or any(others)):
        if (own.are_there or len(logs) > 1) and not is_mine:
            raise BadFile(FileFlaw.SOMEBODY_ELSES)
        theirs = list(logs.values())
    return list(chain.from_iterable(theirs))


class _Sieve:
    """Lets through the events that can be right, and counts the others by the reason in `left_out`."""

    def __init__(self, known_cards: Container[str], now: datetime) -> None:
        self.left_out: Counter[LeftOut] = Counter()
        self._known_cards = known_cards
        self._now = now

    def takes(
        self, moment: datetime, *, card: str | None = None, is_too_long: bool = False
    ) -> bool:
        return self._notes(self._flaw_of(card, moment, is_too_long=is_too_long))

    def takes_reflection(self, reflection: Reflection, own: OwnEvents) -> bool:
        if reflection.id in own.deleted:
            return self._notes(LeftOut.DELETED)
        if own.keeps_elsewhere:
            return self._notes(LeftOut.KEPT_ELSEWHERE)
        return self.takes(reflection.written_at, is_too_long=reflection.is_too_long)

    def _notes(self, reason: LeftOut | None) -> bool:
        if reason is not None:
            self.left_out[reason] += 1
        return reason is None

    def _flaw_of(self, card: str | None, moment: datetime, *, is_too_long: bool) -> LeftOut | None:
        if card is not None and card not in self._known_cards:
            return LeftOut.UNKNOWN_CARD
        if moment > self._now + CLOCK_TOLERANCE:
            return LeftOut.IN_FUTURE
        if moment < EARLIEST:
            return LeftOut.TOO_OLD
        return LeftOut.TOO_LONG if is_too_long else None


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
