"""What is taken for what: concepts that a course says are often confused."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.learning.course import CardKind, Course


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A concept that another is taken for, and the card that asks the difference, if there is one."""

    concept: str
    contrast: str | None


@dataclass(frozen=True, slots=True)
class ConfusingPair:
    """Two concepts that are taken for each other, what the difference is (Markdown, empty where the
    course does not say), and the card that asks it, if there is one."""

    concept: str
    other: str
    difference: str
    contrast: str | None


def confusing_pairs(course: Course, concept: str) -> list[ConfusingPair]:
    """Every pair with that concept, said from either side, in the order of the course's files."""
    return [
        ConfusingPair(
            concept,
            other,
            _difference(course, concept, other) or _difference(course, other, concept),
            _contrast_of(course, [concept], other),
        )
        for other in course.confusable.get(concept, ())
        if other in course.concepts
    ]


def look_alikes(course: Course, card: str) -> list[LookAlike]:
    """What the concepts of a card are often taken for, in the order of the course's files.

    Only concepts the course has a text about; the other concepts of a card that asks about two come
    first.
    """
    concepts = course.cards[card].concepts
    others = dict.fromkeys(concepts[1:])
    for concept in concepts:
        others.update(dict.fromkeys(course.confusable.get(concept, ())))
    return [
        LookAlike(other, _contrast_of(course, concepts, other, card))
        for other in others
        if other in course.concepts and other != concepts[0]
    ]


def held_apart(
    course: Course, cards: Sequence[str], answered: Collection[str], begun_today: Collection[str]
) -> list[str]:
    """Those of the new `cards` that can be begun with today, so that no confusing pair is
    introduced on one day.

    A concept is introduced with the first of its cards that is answered (the concept a card names
    first is what it is about); `answered` are all cards with an answer, `begun_today` those of them
    that were new today.
    """
    if not cards:
        return []
    before = {_asks(course, card) for card in answered if card not in begun_today}
    today = {_asks(course, card) for card in begun_today} - before
    kept = []
    for card in cards:
        concept = _asks(course, card)
        if _is_introduction(course, card, before):
            if not today.isdisjoint(course.confusable.get(concept, ())):
                continue
            today.add(concept)
        kept.append(card)
    return kept


def _is_introduction(course: Course, card: str, before: Collection[str]) -> bool:
    # A card about a difference introduces neither: both are known by then.
    return course.cards[card].kind is not CardKind.CONTRAST and _asks(course, card) not in before


def _asks(course: Course, card: str) -> str:
    found = course.cards.get(card)
    return found.concepts[0] if found and found.concepts else ""


def _difference(course: Course, concept: str, other: str) -> str:
    return dict(course.concepts[concept].confusions).get(other, "")


def _contrast_of(
    course: Course, concepts: Sequence[str], other: str, without: str = ""
) -> str | None:
    wanted = [{concept, other} for concept in concepts]
    return next(
        (
            card.id
            for card in course.cards.values()
            if card.kind is CardKind.CONTRAST
            and card.id != without
            and set(card.concepts) in wanted
        ),
        None,
    )
