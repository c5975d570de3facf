"""What the templates of a sitting show, worked out without asking the request."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from jinja2 import Environment
from markupsafe import Markup

from app.learning.confusions import look_alikes
from app.learning.course import Card
from app.learning.options import in_shown_order
from app.learning.own_cards import (
    NO_WORDS,
    ChangeKind,
    OwnCard,
    Words,
    are_outdated,
    is_aside,
    is_hidden,
)
from app.learning.people import Learner
from app.learning.progress import card_progress
from app.learning.queue import Sitting
from app.learning.reviews import Grade, Review, WhyMissed
from app.learning.scheduling import Memory, return_days
from app.usecases.plan_session import NextCard
from app.usecases.read_words import read_words
from app.usecases.record_reviews import Recorded
from app.web.course_html import CardHtml, lesson_path
from app.web.own_text import own_html
from app.web.state import Haven

_TWO_BUTTONS = (Grade.AGAIN, Grade.GOOD)
_FOUR_BUTTONS = tuple(Grade)


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card ready for the templates `_card.html` and `_lesson_card.html`.

    `returns` maps grades to the day each would give; `review_id` is what its answer will be called;
    `options` are (text, explanation, right or not) in the order in which they are shown.
    """

    card: Card
    html: CardHtml
    memory: Memory | None
    returns: dict[Grade, date]
    today: date
    buttons: tuple[Grade, ...]
    review_id: UUID
    source: str
    options: tuple[tuple[Markup, Markup, bool], ...]
    own: "OwnHtml | None"

    @property
    def is_due(self) -> bool:
        """Whether it is asked today: new, due, or missed today."""
        return self.memory is None or self.memory.due_on <= self.today

    @property
    def is_answered_today(self) -> bool:
        return self.memory is not None and self.memory.last_day == self.today


@dataclass(frozen=True, slots=True)
class OwnHtml:
    """What a learner made of the card: own words and note, and whether it is hidden today or aside.

    `is_outdated` where the author changed the card since, `is_unreadable` where no key opens what
    was written.
    """

    front: Markup
    back: Markup
    note: Markup
    is_outdated: bool
    is_unreadable: bool
    is_hidden: bool
    is_aside: bool

    @property
    def is_written(self) -> bool:
        return bool(self.front or self.back or self.note)


@dataclass(frozen=True, slots=True)
class Previous:
    """What was just stored: the card, when it returns, and why it was missed.

    `due_on` is None for an answer that was taken back elsewhere and came in once more. `is_leech`
    where this was the miss too many. `hidden` says how the card was put away instead of answered.
    """

    card: str
    due_on: date | None = None
    why_missed: WhyMissed | None = None
    is_leech: bool = False
    hidden: ChangeKind | None = None


def previous_of(review: Review, recorded: Recorded) -> Previous:
    """What a sitting says about an answer that was just stored."""
    return Previous(
        review.card,
        recorded.due.get(review.card),
        review.why_missed,
        is_leech=review.card in recorded.leeches,
    )


def rendered_once(templates: Environment, name: str, *given: str) -> Callable[..., Markup]:
    """What makes a small template's text from the values `given` names, and keeps it.

    For what returns on every page: a button with its day, the options of a card in one order.
    """
    template = templates.get_template(name)

    @lru_cache(maxsize=4096)
    def text(*values: Hashable) -> Markup:
        return Markup(template.render(dict(zip(given, values, strict=True))))

    return text


def shown_card(
    haven: Haven,
    learner: Learner | None,
    card: str,
    memory: Memory | None,
    today: date,
    own: OwnCard | None = None,
    words: Words | None = None,
) -> ShownCard:
    """A card with the days its buttons give; a visitor has no days yet.

    `words` are those of `own`, opened; None where there are none or no key opens them.
    """
    html = haven.html.cards[card]
    buttons = _FOUR_BUTTONS if learner and learner.buttons == 4 else _TWO_BUTTONS
    return ShownCard(
        card=haven.course.cards[card],
        html=html,
        memory=memory,
        returns=return_days(memory, card, today, learner.spacing, buttons[-1]) if learner else {},
        today=today,
        buttons=buttons,
        review_id=uuid4(),
        source=_source(haven, card),
        options=tuple(in_shown_order(html.options, card, memory.reviews if memory else 0)),
        own=own_html_of(haven.course.cards[card], own, words, today) if own else None,
    )


def own_html_of(card: Card, own: OwnCard, opened: Words | None, today: date) -> OwnHtml:
    """What a learner made of a card of the course, with its words `opened`, ready to be shown."""
    words = opened or NO_WORDS
    return OwnHtml(
        front=own_html(words.front),
        back=own_html(words.back),
        note=own_html(words.note),
        is_outdated=are_outdated(words, card),
        is_unreadable=own.words is not None and opened is None,
        is_hidden=is_hidden(own, today),
        is_aside=is_aside(own),
    )


def sitting_page(
    haven: Haven,
    learner: Learner,
    today: date,
    sitting: Sitting,
    found: NextCard | None,
    previous: Previous | None,
) -> dict[str, Any]:
    """What `_session.html` needs to show the card that was found, but for the end of a sitting."""
    return {
        "shown": _shown_next(haven, learner, found, today) if found else None,
        "stand": card_progress(found.memory, today) if found else None,
        "sitting": sitting,
        "last_step": str(sitting.given[-1]) if sitting.given else "",
        **said_of(haven, previous),
        "address": address_of(sitting, found.card if found else None),
        "skip_address": address_of(sitting.skipping(found.card)) if found else "",
        "today": today,
    }


def said_of(haven: Haven, stored: Previous | None) -> dict[str, Any]:
    """What `_missed.html` and `_leech.html` need to say what helps, after an answer."""
    is_confused = stored is not None and stored.why_missed is WhyMissed.CONFUSED
    return {
        "stored": stored,
        "source_of_stored": _source(haven, stored.card) if stored else "",
        "look_alikes": look_alikes(haven.course, stored.card) if stored and is_confused else (),
        "course": haven.course,
    }


def _shown_next(haven: Haven, learner: Learner, found: NextCard, today: date) -> ShownCard:
    words = read_words(haven.keyring, learner, [found.own])
    return shown_card(
        haven, learner, found.card, found.memory, today, found.own, words.get(found.card)
    )


def address_of(sitting: Sitting, card: str | None = None, **also: str | None) -> str:
    """Where the sitting goes on."""
    # Only what was skipped comes from outside; urlencode of it all took a tenth of a page.
    parts = [f"/herhalen?kaarten={sitting.left}"]
    if card:
        parts.append(f"kaart={card}")
    if sitting.skipped:
        parts.append(f"over={quote(','.join(sitting.skipped))}")
    if sitting.given:
        parts.append(f"laatste={','.join([step.hex for step in sitting.given])}")
    if sitting.undone:
        parts.append(f"ongedaan={','.join([step.hex for step in sitting.undone])}")
    parts += [f"{name}={value}" for name, value in also.items() if value]
    return "&".join(parts)


def _source(haven: Haven, card: str) -> str:
    """The address of the sentence that a card comes from."""
    place = haven.course.lesson_of_card.get(card)
    return f"/{lesson_path(*place)}#zin-{card}" if place else ""
