"""A sitting as an answer to a request: the whole page, or only what changes where a script asks."""

from datetime import date

from flask import Response, make_response, redirect, render_template, request

from app.learning.leeches import is_leech_now
from app.learning.own_cards import PUT_AWAY
from app.learning.people import Learner
from app.learning.queue import Sitting
from app.learning.reviews import WhyMissed
from app.storage import own_cards as own_log
from app.storage import reviews as review_log
from app.usecases.plan_session import NextCard, next_card
from app.usecases.sum_up_sitting import sum_up_sitting
from app.web.opened import opened_in_browser
from app.web.sitting_page import Previous, address_of, sitting_page
from app.web.state import course, haven, now
from app.web.wire import parse_sitting


def wants_fragment() -> bool:
    return "X-Fragment" in request.headers


def sitting_in_form() -> Sitting | None:
    """The sitting that a form stands in, or None for a form of another page."""
    if "left" not in request.form:
        return None
    return parse_sitting(request.form, "left", "skipped", "given", "undone")


def sitting_in_address() -> Sitting | None:
    """The sitting that an address goes on with, or None where it names none."""
    if "kaarten" not in request.args:
        return None
    return parse_sitting(request.args, "kaarten", "over", "laatste", "ongedaan")


def next_in(
    learner: Learner, today: date, sitting: Sitting, after: str | None = None
) -> NextCard | None:
    """The next card of the sitting, which comes after the card `after`; None at its end."""
    if sitting.left == 0:
        return None
    before = after or (sitting.skipped[-1] if sitting.skipped else None)
    return next_card(
        course(), learner, today, opened_in_browser(), sitting.skipped, sitting.left, before
    )


def this_card(learner: Learner, card: str) -> NextCard | None:
    """That card with what is known of it; None where it has left the course."""
    if card not in course().cards:
        return None
    memory = review_log.memory_of(learner.id, card)
    return NextCard(card, memory, own_log.own_card_of(learner.id, card))


def previous_in_address(learner: Learner) -> Previous | None:
    """What a browser without script has just done, where the address tells of it."""
    card = request.args.get("vorige", "")
    if card not in course().cards:
        return None
    hidden = {kind.value: kind for kind in PUT_AWAY}.get(request.args.get("weg", ""))
    memory = review_log.memory_of(learner.id, card)
    if memory is None and hidden is None:
        return None
    why = {reason.value: reason for reason in WhyMissed}.get(request.args.get("waarom", ""))
    return Previous(
        card,
        memory.due_on if memory else None,
        why,
        is_leech=hidden is None and is_leech_now(memory),
        hidden=hidden,
    )


def sitting_view(
    learner: Learner,
    today: date,
    sitting: Sitting,
    found: NextCard | None,
    previous: Previous | None = None,
) -> Response:
    """The card, or the end of the sitting; without the page around it where a script asks."""
    page = render_template(
        "_session.html" if wants_fragment() else "review.html",
        **sitting_page(haven(), learner, today, sitting, found, previous),
        end=None if found else sum_up_sitting(course(), learner, today, opened_in_browser()),
    )
    return make_response(page)


def after_step(
    learner: Learner, sitting: Sitting, previous: Previous, **also: str | None
) -> Response:
    """Go on with the sitting after something was stored; `also` tells an address about it."""
    if not wants_fragment():
        return make_response(redirect(address_of(sitting, vorige=previous.card, **also)))
    today = learner.day_at(now())
    found = next_in(learner, today, sitting, previous.card)
    return sitting_view(learner, today, sitting, found, previous)


def back_to(learner: Learner, sitting: Sitting, card: str) -> Response:
    """The sitting at that card once more, because what was done with it is undone."""
    if not wants_fragment():
        return make_response(redirect(address_of(sitting, card)))
    today = learner.day_at(now())
    found = this_card(learner, card) or next_in(learner, today, sitting)
    return sitting_view(learner, today, sitting, found)
