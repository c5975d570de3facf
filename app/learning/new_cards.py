"""Which cards somebody can begin with: those of opened lessons, and a contrast when its time has come."""

from collections.abc import Collection, Mapping, Sequence

from app.learning.confusions import held_apart
from app.learning.course import CardKind, Course
from app.learning.people import Track


def new_cards(
    course: Course,
    track: Track,
    opened: Sequence[str],
    remembered: Mapping[str, bool],
    begun_today: Collection[str],
    hidden: Collection[str] = (),
) -> list[str]:
    """The cards on `track` of opened lessons ("chapter/lesson") to begin with, in course order.

    `remembered` has every card with an answer, and whether it was remembered at least once;
    `begun_today` are the cards that were new today, and none is begun with that introduces what is
    often confused with something else of today. `hidden` are left out, and introduce nothing. In the
    lesson itself every card can be answered.
    """
    ready = [
        card
        for card in course.cards_of_lessons(opened, track)
        if card not in remembered
        and card not in hidden
        and not concepts_to_learn_first(course, card, track, remembered, begun_today)
    ]
    return held_apart(course, ready, remembered, begun_today)


def concepts_to_learn_first(
    course: Course,
    card: str,
    track: Track,
    remembered: Mapping[str, bool],
    begun_today: Collection[str],
) -> list[str]:
    """Why a card that asks the difference between two concepts waits: those not known yet.

    A concept is known when one of its own cards was remembered and was not new today: two that are
    often confused are confused the more when they are learned on one day. Empty for other cards, and
    for concepts without cards of their own on this track, which would keep the card for ever.
    """
    asked = course.cards[card]
    if asked.kind is not CardKind.CONTRAST:
        return []
    waiting = []
    for concept in asked.concepts:
        own = [
            card for card in course.cards_about.get(concept, ()) if course.is_on_track(card, track)
        ]
        known = any(remembered.get(card) and card not in begun_today for card in own)
        if own and not known:
            waiting.append(concept)
    return waiting
