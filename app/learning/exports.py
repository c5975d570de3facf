"""What a learner takes along: everything that is theirs, as it was at one moment."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.learning.cohorts import Membership
from app.learning.course import Course
from app.learning.own_cards import OwnCard, PlainChange, Words
from app.learning.people import Learner
from app.learning.reflections import Reflection
from app.learning.reports import Report
from app.learning.reviews import LogEntry
from app.learning.scheduling import Memory


@dataclass(frozen=True, slots=True)
class Export:
    """The learner, when each lesson ("chapter/lesson") was opened, the memories, the cohorts, and the
    log.

    `own` is what holds of cards, `changes` all that was done to make it so, also what was undone,
    and `reports` all that was told to authors, also what was taken back; each card after card.
    `log` reads the log from its beginning each time it is called, card after card: it may be longer
    than fits in memory. `words`, by card those that hold, and `reflections`, the last first, are None in
    what an operator makes, and no own words are in its `changes`: nobody but the learner reads them.
    """

    learner: Learner
    made_at: datetime
    opened: Mapping[str, datetime]
    memories: Mapping[str, Memory]
    memberships: Sequence[Membership]
    log: Callable[[], Iterator[LogEntry]]
    own: Mapping[str, OwnCard]
    changes: Sequence[PlainChange]
    reports: Sequence[Report]
    words: Mapping[str, Words] | None = None
    reflections: Sequence[Reflection] | None = None


def cards_in_use(course: Course, export: Export) -> list[str]:
    """The cards that are asked of this learner: on their track, and answered or of an opened lesson."""
    offered = set(course.cards_of_lessons(list(export.opened), export.learner.track))
    return [
        card
        for card in course.cards
        if card in offered
        or (card in export.memories and course.is_on_track(card, export.learner.track))
    ]
