"""A card's own page: what it asks, where it comes from, and what one learner did with it."""

from flask import Blueprint, abort, render_template

from app.usecases.show_card import show_card
from app.web.course_html import lesson_path
from app.web.identity import learner_or_none
from app.web.state import course, haven, now

cards = Blueprint("cards", __name__)


@cards.get("/kaart/<card_id>")
def show(card_id: str) -> str:
    card = course().cards.get(card_id)
    if card is None:
        abort(404)
    learner = learner_or_none()
    today = learner.day_at(now()) if learner else now().date()
    chapter, lesson = course().lesson_of_card[card_id]
    return render_template(
        "card.html",
        card=card,
        html=haven().html.cards[card_id],
        terms=[course().concepts[concept] for concept in card.concepts],
        lesson=lesson,
        source=f"/{lesson_path(chapter, lesson)}#zin-{card_id}",
        history=show_card(learner, card_id, today) if learner else None,
        on_track=learner is None or course().is_on_track(card_id, learner.track),
        today=today,
    )
