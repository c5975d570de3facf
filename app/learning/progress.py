"""What is probably remembered now, for how long, and what the coming days ask.

Cards are counted one by one and never averaged: a mean of 90 % can hide a card that is gone.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum

from app.learning.course import Chapter, Course, Lesson
from app.learning.people import Track
from app.learning.queue import Standing, plan_today
from app.learning.rhythm import Rhythm
from app.learning.scheduling import DESIRED_RETENTION, CardDays, Memory, day_below, retrievability

# "You probably know this" stands for at least this chance; "firm" for the chance at which a card
# is asked again.
PROBABLE = 0.7
FIRM = DESIRED_RETENTION

DAYS_AHEAD = 7


class Recall(Enum):
    """How well one card is held today, by its chance of being remembered."""

    FIRM = "firm"
    FADING = "fading"
    GONE = "gone"
    UNANSWERED = "unanswered"


class WhyThen(Enum):
    """Why a card returns on the day it does; templates own the sentence."""

    UNANSWERED = "unanswered"
    FORGOTTEN = "forgotten"
    DUE = "due"
    OVERDUE = "overdue"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class ConceptProgress:
    """One concept: its cards counted by recall, and how long that holds without reviewing.

    `probable_until` is the first day on which one of the cards that are probably known now no
    longer is; `firm_until` the same for those that are firm. None where there are no such cards.
    """

    concept: str
    firm: int
    fading: int
    gone: int
    unanswered: int
    firm_until: date | None
    probable_until: date | None

    @property
    def known(self) -> int:
        """Cards that are probably remembered now."""
        return self.firm + self.fading

    @property
    def answered(self) -> int:
        return self.known + self.gone

    @property
    def cards(self) -> int:
        return self.answered + self.unanswered


@dataclass(frozen=True, slots=True)
class ParagraphProgress:
    """One paragraph of a chapter: its cards counted by recall, and the concepts that were begun."""

    title: str
    firm: int
    fading: int
    gone: int
    concepts: Sequence[ConceptProgress]

    @property
    def known(self) -> int:
        """Cards that are probably remembered now."""
        return self.firm + self.fading

    @property
    def answered(self) -> int:
        return self.known + self.gone


@dataclass(frozen=True, slots=True)
class DayAhead:
    """What one day is expected to ask: a number of cards, and seconds at the learner's own pace."""

    day: date
    cards: int
    seconds: float

    @property
    def minutes(self) -> int:
        """Whole minutes, rounded up, at least one where there is anything to do."""
        return -(-int(self.seconds) // 60) if self.cards else 0


@dataclass(frozen=True, slots=True)
class CardProgress:
    """One card on one day: how well it is held, the chances behind that, and why it returns when.

    `chance_now` and `chance_then` (on `due_on`) are from 0 to 1; all are None for a card without an
    answer. A forgotten card has no chances: it is known not to be remembered.
    """

    recall: Recall
    why: WhyThen
    due_on: date | None = None
    chance_now: float | None = None
    chance_then: float | None = None


def recall_of(memory: Memory | None, today: date) -> Recall:
    """How well the card is held today; one that was just missed is gone, whatever its chance."""
    if memory is None:
        return Recall.UNANSWERED
    if memory.is_forgotten:
        return Recall.GONE
    return _recall_at(retrievability(memory, today))


def _recall_at(chance: float) -> Recall:
    if chance >= FIRM:
        return Recall.FIRM
    return Recall.FADING if chance >= PROBABLE else Recall.GONE


def card_progress(memory: Memory | None, today: date) -> CardProgress:
    """What can be said about one card, from the numbers that planned it."""
    if memory is None:
        return CardProgress(Recall.UNANSWERED, WhyThen.UNANSWERED)
    if memory.is_forgotten:
        return CardProgress(Recall.GONE, WhyThen.FORGOTTEN, memory.due_on)
    chance = retrievability(memory, today)
    return CardProgress(
        recall=_recall_at(chance),
        why=_why_then(memory, today),
        due_on=memory.due_on,
        chance_now=chance,
        chance_then=retrievability(memory, memory.due_on),
    )


def concepts_progress(
    course: Course,
    track: Track,
    memories: Mapping[str, Memory],
    today: date,
    aside: Collection[str] = (),
) -> list[ConceptProgress]:
    """Every concept that has cards on `track` which are not put aside, in the order of the course."""
    cards_of: dict[str, list[str]] = {concept: [] for concept in course.concepts}
    for card in course.cards.values():
        if course.is_on_track(card.id, track) and card.id not in aside:
            for concept in card.concepts:
                cards_of[concept].append(card.id)
    return [
        _concept_progress(concept, [memories.get(card) for card in cards], today)
        for concept, cards in cards_of.items()
        if cards
    ]


def paragraphs_progress(
    course: Course,
    memories: Mapping[str, Memory],
    concepts: Iterable[ConceptProgress],
    today: date,
) -> list[ParagraphProgress]:
    """Every paragraph with an answered card, in the order of the course.

    A card counts where its lesson is, a concept stands where it was first explained.
    """
    recalls: dict[str, Counter[Recall]] = {}
    rows: dict[str, list[ConceptProgress]] = {}
    titles = {title: None for chapter in course.chapters for title in chapter.paragraphs.values()}
    for card, memory in memories.items():
        if card in course.lesson_of_card:
            title = _paragraph_title(course.lesson_of_card[card])
            recalls.setdefault(title, Counter())[recall_of(memory, today)] += 1
    for row in concepts:
        if row.answered:
            rows.setdefault(_paragraph_title(course.lesson_of_concept[row.concept]), []).append(row)
    return [
        ParagraphProgress(
            title,
            firm=recalls[title][Recall.FIRM],
            fading=recalls[title][Recall.FADING],
            gone=recalls[title][Recall.GONE],
            concepts=rows.get(title, []),
        )
        for title in titles
        if title in recalls
    ]


def week_ahead(
    standing: Standing,
    memories: Iterable[Memory | CardDays],
    today: date,
    seconds_per_card: float,
    rhythm: Rhythm,
) -> list[DayAhead]:
    """Today and the six days after it, each planned by the rule that plans today.

    Whatever a day has no room for waits for the next. What today's answers will bring is not
    counted: nobody knows those grades yet.
    """
    due_on = [memory.due_on for memory in memories]
    ahead = []
    for offset in range(DAYS_AHEAD):
        day = today + timedelta(days=offset)
        plan = plan_today(standing, day, seconds_per_card, rhythm)
        ahead.append(DayAhead(day, plan.cards, plan.seconds))
        new = min(standing.new, max(0, plan.cards - standing.due))
        waiting = max(0, standing.due - plan.cards)
        standing = replace(
            standing,
            due=waiting + due_on.count(day + timedelta(days=1)),
            overdue=waiting,
            new=standing.new - new,
            new_today=0,
            answered_today=0,
            last_active_day=day,
        )
    return ahead


def _concept_progress(
    concept: str, memories: Sequence[Memory | None], today: date
) -> ConceptProgress:
    by_recall: dict[Recall, list[Memory | None]] = {recall: [] for recall in Recall}
    for memory in memories:
        by_recall[recall_of(memory, today)].append(memory)
    firm, fading = by_recall[Recall.FIRM], by_recall[Recall.FADING]
    return ConceptProgress(
        concept=concept,
        firm=len(firm),
        fading=len(fading),
        gone=len(by_recall[Recall.GONE]),
        unanswered=len(by_recall[Recall.UNANSWERED]),
        firm_until=_first_below(firm, FIRM),
        probable_until=_first_below([*firm, *fading], PROBABLE),
    )


def _paragraph_title(place: tuple[Chapter, Lesson]) -> str:
    chapter, lesson = place
    return chapter.paragraphs[lesson.paragraph]


def _first_below(memories: Iterable[Memory | None], chance: float) -> date | None:
    return min((day_below(memory, chance) for memory in memories if memory), default=None)


def _why_then(memory: Memory, today: date) -> WhyThen:
    if memory.due_on > today:
        return WhyThen.AHEAD
    return WhyThen.DUE if memory.due_on == today else WhyThen.OVERDUE
