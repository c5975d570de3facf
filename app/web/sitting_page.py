"""What the templates of a sitting show, worked out from plain values: no request is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from jinja2 import Environment
from markupsafe import Markup

from app.learning.course import Card
from app.learning.options import in_shown_order
from app.learning.people import Learner
from app.learning.queue import Sitting
from app.learning.reviews import Grade, WhyMissed
from app.learning.scheduling import Memory, return_days
from app.usecases.plan_session import NextCard
from app.web.course_html import CardHtml, lesson_path
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

    @property
    def is_due(self) -> bool:
        """Whether it is asked today: new, due, or missed today."""
        return self.memory is None or self.memory.due_on <= self.today

    @property
    def is_answered_today(self) -> bool:
        return self.memory is not None and self.memory.last_day == self.today


@dataclass(frozen=True, slots=True)
class Previous:
    """The answer that was just stored: its card, when that returns, and why it was missed.

    `due_on` is None for an answer that was taken back elsewhere and came in once more.
    """

    card: str
    due_on: date | None
    why_missed: WhyMissed | None


def grade_button(templates: Environment) -> Callable[[Grade, date | None, date], Markup]:
    """What makes a button of a grade with the day on which the card then returns.

    A page has two or four for each card, and there are no more than there are days.
    """
    template = templates.get_template("_grade_button.html")

    @lru_cache(maxsize=4096)
    def button(grade: Grade, returns_on: date | None, today: date) -> Markup:
        return Markup(template.render(grade=grade, returns_on=returns_on, today=today))

    return button


def shown_card(
    haven: Haven, learner: Learner | None, card: str, memory: Memory | None, today: date
) -> ShownCard:
    """A card with the days its buttons give; a visitor has no days yet."""
    html = haven.html.cards[card]
    buttons = _FOUR_BUTTONS if learner and learner.buttons == 4 else _TWO_BUTTONS
    return ShownCard(
        card=haven.course.cards[card],
        html=html,
        memory=memory,
        returns=return_days(memory, card, today, learner.seed, buttons[-1]) if learner else {},
        today=today,
        buttons=buttons,
        review_id=uuid4(),
        source=_source(haven, card),
        options=tuple(in_shown_order(html.options, card, memory.reviews if memory else 0)),
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
        "shown": shown_card(haven, learner, found.card, found.memory, today) if found else None,
        "sitting": sitting,
        "previous": previous,
        "source_of_previous": _source(haven, previous.card) if previous else "",
        "address": address_of(sitting, found.card if found else None),
        "skip_address": address_of(sitting.skipping(found.card)) if found else "",
        "today": today,
        "course": haven.course,
    }


def address_of(sitting: Sitting, card: str | None = None, **also: str | None) -> str:
    """Where the sitting goes on."""
    # Only what was skipped comes from outside; urlencode of it all took a tenth of a page.
    parts = [f"/herhalen?kaarten={sitting.left}"]
    if card:
        parts.append(f"kaart={card}")
    if sitting.skipped:
        parts.append(f"over={quote(','.join(sitting.skipped))}")
    if sitting.given:
        parts.append(f"laatste={','.join([review_id.hex for review_id in sitting.given])}")
    parts += [f"{name}={value}" for name, value in also.items() if value]
    return "&".join(parts)


def _source(haven: Haven, card: str) -> str:
    """The address of the sentence that a card comes from."""
    place = haven.course.lesson_of_card.get(card)
    return f"/{lesson_path(*place)}#zin-{card}" if place else ""
