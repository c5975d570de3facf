"""What a learner makes of a card: put away, in words of their own, or told to its author."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.learning.course import Card
from app.learning.own_cards import (
    LONGEST_TEXT,
    NO_WORDS,
    PUT_AWAY,
    ChangeKind,
    Words,
    are_outdated,
    author_words,
)
from app.learning.queue import Sitting
from app.learning.reports import LONGEST_MESSAGE
from app.learning.text_difference import difference
from app.storage import own_cards as own_log
from app.usecases.change_card import change_card
from app.usecases.list_own_cards import list_own_cards
from app.usecases.report_card import report_card
from app.web.accounts import UNPROCESSABLE
from app.web.identity import current_learner, login_required
from app.web.own_text import readable_text
from app.web.sitting_page import Previous, address_of
from app.web.sitting_view import after_step, sitting_in_address, sitting_in_form
from app.web.state import course, haven, now

own_cards = Blueprint("own_cards", __name__)

_WORDS = ("front", "back", "note")


@own_cards.get("/kaarten")
@login_required
def index() -> str:
    learner = current_learner()
    return render_template(
        "own_cards.html",
        own=list_own_cards(course(), learner, learner.day_at(now())),
        html=haven().html.cards,
    )


@own_cards.post("/kaart/<card_id>/apart")
@login_required
def put_aside(card_id: str) -> BaseResponse:
    return _change(card_id, ChangeKind.ASIDE)


@own_cards.post("/kaart/<card_id>/morgen")
@login_required
def bury(card_id: str) -> BaseResponse:
    return _change(card_id, ChangeKind.BURY)


@own_cards.post("/kaart/<card_id>/terug")
@login_required
def bring_back(card_id: str) -> BaseResponse:
    return _change(card_id, ChangeKind.BACK)


@own_cards.get("/kaart/<card_id>/woorden")
@login_required
def words(card_id: str) -> str:
    card = _card(card_id)
    own = own_log.own_card_of(current_learner().id, card_id)
    return _words_page(card, own.words if own else NO_WORDS, {}, sitting_in_address())


@own_cards.post("/kaart/<card_id>/woorden")
@login_required
def write_words(card_id: str) -> Any:
    """Keep the words, beside the author's of now; a text that is too long is kept in the page."""
    card, learner, sitting = _card(card_id), current_learner(), sitting_in_form()
    texts = {name: readable_text(request.form.get(name, "")) for name in _WORDS}
    if request.form.get("take") == "author":
        texts.update(front="", back="")
    given = _beside(card, Words(**texts))
    flaws = {name: "too_long" for name, text in texts.items() if len(text) > LONGEST_TEXT}
    if flaws:
        return _words_page(card, given, flaws, sitting), UNPROCESSABLE
    change = change_card(learner, card_id, ChangeKind.WORDS, now(), given)
    if sitting is None:
        return redirect(_page_of(card_id))
    return redirect(
        address_of(sitting.after_change(change.id, hides=False) if change else sitting, card_id)
    )


@own_cards.get("/kaart/<card_id>/melding")
@login_required
def report(card_id: str) -> str:
    return _report_page(_card(card_id), "", {}, sitting_in_address())


@own_cards.post("/kaart/<card_id>/melding")
@login_required
def send_report(card_id: str) -> Any:
    """Send it to the author; a message that is too long, or none at all, is kept in the page."""
    card, sitting = _card(card_id), sitting_in_form()
    message = readable_text(request.form.get("message", ""))
    if not message or len(message) > LONGEST_MESSAGE:
        flaws = {"message": "too_long" if message else "empty"}
        return _report_page(card, message, flaws, sitting), UNPROCESSABLE
    report_card(current_learner(), card, message, now())
    return redirect(
        _page_of(card_id, "melding") if sitting is None else address_of(sitting, card_id)
    )


def _change(card_id: str, kind: ChangeKind) -> BaseResponse:
    """Do it and go on where the form stood: in a sitting, or on the page of the card."""
    _card(card_id)
    learner, sitting = current_learner(), sitting_in_form()
    change = change_card(learner, card_id, kind, now())
    if sitting is None:
        return redirect(_page_of(card_id))
    if change is not None:
        sitting = sitting.after_change(change.id, change.hides)
    hidden = kind if kind in PUT_AWAY else None
    return after_step(
        learner, sitting, Previous(card_id, hidden=hidden), weg=hidden.value if hidden else None
    )


def _card(card_id: str) -> Card:
    card = course().cards.get(card_id)
    if card is None:
        abort(404)
    return card


def _page_of(card_id: str, anchor: str = "eigen") -> str:
    return url_for("cards.show", card_id=card_id, _anchor=anchor)


def _beside(card: Card, words: Words) -> Words:
    """The words with the author's texts of now, where they are for the card itself."""
    if not words.are_for_card:
        return Words(note=words.note)
    return Words(words.front, words.back, words.note, *author_words(card))


def _words_page(card: Card, words: Words, flaws: dict[str, str], sitting: Sitting | None) -> str:
    return render_template(
        "own_words.html",
        card=card,
        html=haven().html.cards[card.id],
        words=words,
        changed=_changes_of_author(card, words),
        errors=flaws,
        longest=LONGEST_TEXT,
        sitting=sitting,
        back=address_of(sitting, card.id) if sitting else _page_of(card.id),
    )


def _changes_of_author(card: Card, words: Words) -> list[Any]:
    """What the author changed since these words were written: the front, and the back."""
    if not are_outdated(words, card):
        return []
    front, back = author_words(card)
    return [difference(words.author_front, front), difference(words.author_back, back)]


def _report_page(card: Card, message: str, flaws: dict[str, str], sitting: Sitting | None) -> str:
    return render_template(
        "report.html",
        card=card,
        html=haven().html.cards[card.id],
        message=message,
        errors=flaws,
        longest=LONGEST_MESSAGE,
        sitting=sitting,
        back=address_of(sitting, card.id) if sitting else _page_of(card.id),
    )
