"""A card's own page: what it asks, where it comes from, and what one learner did with it."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, abort, render_template
from markupsafe import Markup

from app.usecases.show_card import CardHistory, show_card
from app.web import charts
from app.web.course_html import lesson_path
from app.web.dutch import dutch_day_of_year
from app.web.identity import learner_or_none
from app.web.sitting_page import own_html_of
from app.web.state import course, haven, now

cards = Blueprint("cards", __name__)

# As many days with their names fit below the curve on a small phone.
_ROOM_FOR_LABELS = 5


@cards.get("/kaart/<card_id>")
def show(card_id: str) -> str:
    card = course().cards.get(card_id)
    if card is None:
        abort(404)
    learner = learner_or_none()
    today = learner.day_at(now()) if learner else now().date()
    history = show_card(learner, card_id, today) if learner else None
    chapter, lesson = course().lesson_of_card[card_id]
    return render_template(
        "card.html",
        card=card,
        html=haven().html.cards[card_id],
        terms=[course().concepts[concept] for concept in card.concepts],
        lesson=lesson,
        source=f"/{lesson_path(chapter, lesson)}#zin-{card_id}",
        history=history,
        own=own_html_of(card, history.own, today) if history and history.own else None,
        curve=_curve_chart(history, today) if history and history.curve else "",
        on_track=learner is None or course().is_on_track(card_id, learner.track),
        today=today,
    )


def _curve_chart(history: CardHistory, today: date) -> Markup:
    return charts.curve(
        [(point.day, 10 * point.chance) for point in history.curve],
        marked=_marked(history, today),
        description="De kans dat je deze kaart weet, van de eerste dag tot na de dag waarop hij "
        "terugkomt. De antwoorden staan in de tabel hieronder.",
    )


def _marked(history: CardHistory, today: date) -> Sequence[tuple[date, str]]:
    """The days below the curve that have a name, as far as the names have room beside each other."""
    first, last = history.curve[0].day, history.curve[-1].day
    wanted = [(today, "vandaag"), (history.answers[-1].due_on, ""), (first, "")]
    room = (last - first) / _ROOM_FOR_LABELS
    marked: list[tuple[date, str]] = []
    for day, name in wanted:
        if all(abs(day - other) >= room for other, _ in marked):
            marked.append((day, name or dutch_day_of_year(day)))
    return sorted(marked)
