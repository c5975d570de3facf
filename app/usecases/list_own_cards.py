"""A learner looks up what they made of cards, and which cards keep slipping away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.learning.course import Course
from app.learning.leeches import is_leech
from app.learning.own_cards import are_outdated, is_aside, is_hidden
from app.learning.people import Learner
from app.storage import own_cards, reviews


@dataclass(frozen=True, slots=True)
class OwnCards:
    """Ids of cards, each list in the order of the course; a card can be in several.

    `changed` are cards whose author wrote another text since the learner's own words.
    """

    leeches: Sequence[str]
    changed: Sequence[str]
    aside: Sequence[str]
    buried: Sequence[str]
    in_own_words: Sequence[str]


def list_own_cards(course: Course, learner: Learner, today: date) -> OwnCards:
    """The cards of the course that this learner put away or wrote on, and the leeches among the rest."""
    own = own_cards.own_cards_of(learner.id)
    memories = reviews.memories_of(learner.id)
    ids = list(course.cards)
    aside = [card for card in ids if is_aside(own.get(card))]
    return OwnCards(
        leeches=[card for card in ids if is_leech(memories.get(card)) and card not in aside],
        changed=[
            card
            for card in ids
            if card in own and are_outdated(own[card].words, course.cards[card])
        ],
        aside=aside,
        buried=[card for card in ids if is_hidden(own.get(card), today) and card not in aside],
        in_own_words=[card for card in ids if card in own and own[card].words.are_there],
    )
