"""What a learner is asked today, and which card comes next."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice

from app.learning.course import Course
from app.learning.days import start_of
from app.learning.new_cards import new_cards
from app.learning.own_cards import OwnCard, hidden_on, is_aside, is_sister, planned
from app.learning.people import Learner
from app.learning.queue import (
    LARGEST_SITTING,
    NEW_CARDS_A_DAY,
    TodayPlan,
    forgotten_goes_first,
    pace,
    plan_today,
    standing_on,
)
from app.learning.scheduling import Memory
from app.storage import lessons, own_cards, reviews


@dataclass(frozen=True, slots=True)
class NextCard:
    """A card to be asked now, with what is remembered of it (None: never answered) and what the
    learner made of it (None: nothing)."""

    card: str
    memory: Memory | None
    own: OwnCard | None = None


def plan_session(
    course: Course, learner: Learner, today: date, opened: Sequence[str] = ()
) -> TodayPlan:
    """Today's plan. `opened` are lessons the browser has shown and we have not stored yet."""
    memories = reviews.memories_of(learner.id)
    own = own_cards.own_cards_of(learner.id)
    begun = reviews.cards_begun_on(learner.id, today)
    standing = standing_on(
        today,
        [
            planned(memory, own.get(card))
            for card, memory in memories.items()
            if course.is_on_track(card, learner.track) and not is_aside(own.get(card))
        ],
        new=len(
            _new_cards(course, learner, opened, _remembered(memories), begun, hidden_on(today, own))
        ),
        new_today=len(begun),
        last_active_day=reviews.last_day_before(learner.id, today),
    )
    return plan_today(standing, today, pace(reviews.last_durations(learner.id)))


def next_card(
    course: Course,
    learner: Learner,
    today: date,
    opened: Sequence[str] = (),
    skipped: Collection[str] = (),
    left: int = LARGEST_SITTING,
    after: str | None = None,
) -> NextCard | None:
    """The card to ask now: what is due, then what is new, then what was missed today.

    With `left` cards to go in this sitting, what was missed goes first in time to be remembered.
    `after` is the card before it: a sister of that one is asked only where nothing else is there.
    """
    since = start_of(today, learner.zone)
    missed = [
        card
        for card in reviews.missed(learner.id, today, since)
        if _is_askable(course, learner, card, skipped)
    ]
    if missed and forgotten_goes_first(len(missed), left):
        candidates = _missed(learner, missed)
    else:
        candidates = chain(
            _waiting(course, learner, today, since, skipped, left),
            _new(course, learner, today, opened, skipped),
            _missed(learner, missed),
        )
    sister = None
    # The sitting is as long as what is `left`; what comes after that is not in it.
    for found in islice(candidates, left):
        if not is_sister(course, found.card, after):
            return found
        sister = sister or found
    return sister


def cards_within(
    course: Course, learner: Learner, today: date, until: date, opened: Sequence[str] = ()
) -> list[NextCard]:
    """Every card due on or before `until`, longest due first, then what can be begun with today.

    What is hidden until after that is left out.
    """
    memories = reviews.memories_of(learner.id)
    own = own_cards.own_cards_of(learner.id)
    begun = reviews.cards_begun_on(learner.id, today)
    due = [
        memory
        for card, memory in memories.items()
        if planned(memory, own.get(card)).due_on <= until
        and course.is_on_track(card, learner.track)
    ]
    due.sort(key=lambda memory: (memory.due_on, memory.last_at))
    new = _new_cards(course, learner, opened, _remembered(memories), begun, hidden_on(until, own))
    return [
        *(NextCard(memory.card, memory, own.get(memory.card)) for memory in due),
        *(NextCard(card, None, own.get(card)) for card in new),
    ]


# Each asks the database only when the candidates before it were not enough.


def _waiting(
    course: Course,
    learner: Learner,
    today: date,
    since: datetime,
    skipped: Collection[str],
    left: int,
) -> Iterator[NextCard]:
    for memory, own in reviews.waiting(learner.id, today, since, left + len(skipped)):
        if _is_askable(course, learner, memory.card, skipped):
            yield NextCard(memory.card, memory, own)


def _new(
    course: Course,
    learner: Learner,
    today: date,
    opened: Sequence[str],
    skipped: Collection[str],
) -> Iterator[NextCard]:
    begun = reviews.cards_begun_on(learner.id, today)
    if len(begun) < NEW_CARDS_A_DAY:
        remembered = reviews.remembered(learner.id)
        own = own_cards.own_cards_of(learner.id)
        hidden = {*hidden_on(today, own), *skipped}
        for card in _new_cards(course, learner, opened, remembered, begun, hidden):
            yield NextCard(card, None, own.get(card))


def _missed(learner: Learner, missed: Sequence[str]) -> Iterator[NextCard]:
    for card in missed:
        yield NextCard(card, *reviews.held(learner.id, card))


def _new_cards(
    course: Course,
    learner: Learner,
    opened: Sequence[str],
    remembered: Mapping[str, bool],
    begun: Collection[str],
    hidden: Collection[str],
) -> list[str]:
    stored = lessons.opened_lessons(learner.id)
    return new_cards(course, learner.track, [*stored, *opened], remembered, begun, hidden)


def _remembered(memories: Mapping[str, Memory]) -> dict[str, bool]:
    return {card: memory.was_remembered for card, memory in memories.items()}


def _is_askable(course: Course, learner: Learner, card: str, skipped: Collection[str]) -> bool:
    return card not in skipped and course.is_on_track(card, learner.track)
