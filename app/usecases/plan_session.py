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
    Standing,
    TodayPlan,
    forgotten_goes_first,
    pace,
    plan_today,
    standing_on,
)
from app.learning.scheduling import CardDays, Memory
from app.storage import lessons, own_cards, reviews


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where a learner stands, the days of the cards that return, and seconds for a card."""

    standing: Standing
    cards: Sequence[CardDays]
    seconds_per_card: float


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
    outlook = outlook_on(course, learner, today, opened)
    return plan_today(outlook.standing, today, outlook.seconds_per_card, learner.rhythm)


def outlook_on(
    course: Course, learner: Learner, today: date, opened: Sequence[str] = ()
) -> Outlook:
    """What the plan of `today` and of the days after it rests on."""
    answered = reviews.card_days(learner.id)
    own = own_cards.own_cards_of(learner.id)
    # What began today was answered today.
    was_here = any(each.last_day == today for each in answered)
    begun = reviews.cards_begun_on(learner.id, today) if was_here else set()
    due = [
        planned(each, own.get(each.card))
        for each in answered
        if course.is_on_track(each.card, learner.track) and not is_aside(own.get(each.card))
    ]
    remembered = {each.card: each.was_remembered for each in answered}
    standing = standing_on(
        today,
        due,
        new=len(_new_cards(course, learner, opened, remembered, begun, hidden_on(today, own))),
        new_today=len(begun),
        last_active_day=reviews.last_day_before(learner.id, today),
    )
    return Outlook(standing, due, pace(reviews.last_durations(learner.id)))


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
            _waiting(course, learner, today, since, skipped),
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
    due.sort(key=lambda memory: (memory.due_on, memory.last_at, memory.card))
    remembered = {card: memory.was_remembered for card, memory in memories.items()}
    new = _new_cards(course, learner, opened, remembered, begun, hidden_on(until, own))
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
) -> Iterator[NextCard]:
    for memory, own in reviews.waiting(learner.id, today, since):
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
    if len(begun) < learner.rhythm.new_on(today):
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


def _is_askable(course: Course, learner: Learner, card: str, skipped: Collection[str]) -> bool:
    return card not in skipped and course.is_on_track(card, learner.track)
