"""Reviewing: one card at a time, and the JSON that phones and outside checks speak."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from app.learning.days import zone_named
from app.learning.own_cards import ChangeKind, Words, is_hidden, planned
from app.learning.people import Learner
from app.learning.queue import Sitting
from app.learning.reviews import Refusal, Review
from app.learning.scheduling import return_days
from app.storage import own_cards as own_log
from app.storage import reviews as review_log
from app.usecases.begin_as_guest import begin_as_guest
from app.usecases.plan_session import NextCard, cards_within, plan_session
from app.usecases.read_words import read_words
from app.usecases.record_reviews import Recorded, record_reviews
from app.usecases.redo_review import redo_review
from app.usecases.undo_change import redo_change, undo_change
from app.usecases.undo_review import undo_review
from app.web.dutch import dutch_return
from app.web.identity import (
    begin_session,
    current_learner,
    learner_or_none,
    login_required,
    speaks_json,
)
from app.web.opened import forget_opened, opened_in_browser
from app.web.sitting_page import Previous, previous_of, said_of, shown_card
from app.web.sitting_view import (
    after_step,
    back_to,
    next_in,
    previous_in_address,
    sitting_in_address,
    sitting_in_form,
    sitting_view,
    this_card,
    wants_fragment,
)
from app.web.state import course, haven, now
from app.web.wire import parse_form, parse_number, parse_review, parse_uuid
from app.web.zone import chosen_zone

reviews = Blueprint("reviews", __name__)

LARGEST_BATCH = 500
FARTHEST_STACK = 36_500  # days


@reviews.get("/herhalen")
@login_required
def show() -> Response:
    """The card of a sitting that is described by the address, or of a new one."""
    learner = current_learner()
    today = learner.day_at(now())
    sitting = sitting_in_address() or Sitting(
        plan_session(course(), learner, today, opened_in_browser()).cards
    )
    previous = previous_in_address(learner)
    found = _asked_for(learner, today) or next_in(
        learner, today, sitting, previous.card if previous else None
    )
    return sitting_view(learner, today, sitting, found, previous)


@reviews.post("/herhalen")
def answer() -> Response:
    """One grade from a form: in a sitting, or in a lesson when `lesson` names it."""
    learner = _learner_of_form()
    review = parse_form(request.form, learner.zone if learner else zone_named(chosen_zone()), now())
    if review is None:
        abort(400)
    if learner is None:
        learner = _begin_with(review)
    recorded = record_reviews(course(), learner, [review], now(), opened_in_browser())
    if recorded.refused:
        abort(400, recorded.refused[review.id].value)
    lesson = _lesson_of_form()
    if lesson:
        response = _lesson_card(learner, review.card, lesson, previous_of(review, recorded))
    else:
        response = _after_answer(learner, review, recorded)
    forget_opened(response)
    return response


@reviews.post("/herhalen/ongedaan")
@login_required
def undo() -> Any:
    """Take one grade or one change of a card back; JSON answers with the card's due date as it was."""
    learner, step = current_learner(), _step_named()
    undone = undo_review(learner, step, now())
    if undone is not None:
        card = undone.review.card
        return _stepped(learner, card, undone.due_on, lambda it: it.without(undone.review), card)
    change = undo_change(learner, step, now())
    if change is None:
        abort(404)
    return _stepped(
        learner,
        change.card,
        _due_on(learner, change.card),
        lambda it: it.without_change(change.id, change.hides),
        change.card,
    )


@reviews.post("/herhalen/opnieuw")
@login_required
def redo() -> Any:
    """Give the grade or make the change again that was taken back; JSON answers with its new id."""
    learner, step = current_learner(), _step_named()
    redone = redo_review(learner, step)
    if redone is not None:
        return _stepped(
            learner,
            redone.review.card,
            redone.due_on,
            lambda it: it.again(redone.review),
            id=str(redone.review.id),
        )
    change = redo_change(learner, step, now())
    if change is None:
        abort(404)
    return _stepped(
        learner,
        change.card,
        _due_on(learner, change.card),
        lambda it: it.again_change(change.id, change.hides),
        hidden=change.kind if change.hides else None,
        id=str(change.id),
    )


@reviews.post("/herhalen/beoordelingen")
@speaks_json
@login_required
def create() -> Any:
    """A batch of events. Each is taken or refused by itself; taken means on disk."""
    batch = request.get_json()
    items = batch.get("reviews") if isinstance(batch, dict) else None
    if not isinstance(items, list):
        return {"error": "unreadable", "detail": "expected an object with a list 'reviews'"}, 400
    if len(items) > LARGEST_BATCH:
        return {"error": "too_many", "detail": f"at most {LARGEST_BATCH} reviews at a time"}, 413
    learner = current_learner()
    parsed: list[Review] = []
    refused: list[dict[str, Any]] = []
    for item in items:
        review = parse_review(item, learner.zone)
        if review is None:
            given_id = item.get("id") if isinstance(item, dict) else None
            refused.append(
                {
                    "id": given_id if isinstance(given_id, str) else None,
                    "reason": Refusal.UNREADABLE.value,
                }
            )
        else:
            parsed.append(review)
    recorded = record_reviews(course(), learner, parsed, now(), opened_in_browser())
    response = make_response(_recorded_json(recorded, refused))
    forget_opened(response)
    return response


@reviews.get("/herhalen/stapel")
@speaks_json
@login_required
def stack() -> Any:
    """The cards due within so many days, and those of opened lessons without an answer."""
    days = parse_number(request.args.get("dagen"), -1)
    if not 0 <= days <= FARTHEST_STACK:
        return {"error": "unreadable", "detail": "dagen is a whole number from 0"}, 400
    learner = current_learner()
    today = learner.day_at(now())
    until = date.fromordinal(min(today.toordinal() + days, date.max.toordinal()))
    found = cards_within(course(), learner, today, until, opened_in_browser())
    words = read_words(haven().keyring, learner, (item.own for item in found))
    return {"cards": [_stacked(learner, item, words.get(item.card), today) for item in found]}


def _learner_of_form() -> Learner | None:
    """Whoever answers; a form that was made for somebody is never counted for anybody else."""
    learner = learner_or_none()
    made_for = request.form.get("learner", "")
    if made_for and (learner is None or made_for != str(learner.id)):
        abort(401)
    return learner


def _begin_with(review: Review) -> Learner:
    """A visitor begins with the first answer, if it is one that counts."""
    if review.card not in course().cards:
        abort(400, Refusal.UNKNOWN_CARD.value)
    learner = begin_as_guest(chosen_zone(), now())
    begin_session(learner)
    return learner


def _step_named() -> UUID:
    """The id in a form or in JSON of what is to be undone or done again."""
    given = request.get_json() if request.is_json else request.form
    # A button of its own names its step; the form around it names the last that was done.
    named = (given.get("step") or given.get("id")) if isinstance(given, dict) else None
    step = parse_uuid(named)
    if step is None:
        abort(404)
    return step


def _stepped(
    learner: Learner,
    card: str,
    due_on: date | None,
    moved: Callable[[Sitting], Sitting],
    shown: str | None = None,
    hidden: ChangeKind | None = None,
    **also: str,
) -> Any:
    """The answer to a step back or forth: JSON, or the place where the form stood.

    `moved` is what the step does to a sitting, which goes on with the card `shown` or the next one.
    """
    if request.is_json:
        return {"card": card, "due": due_on.isoformat() if due_on else None, **also}
    lesson = _lesson_of_form()
    if lesson and card in course().cards:
        return _lesson_card(learner, card, lesson)
    sitting = sitting_in_form()
    if sitting is None:
        is_there = card in course().cards
        page = url_for("cards.show", card_id=card, _anchor="eigen") if is_there else "/vandaag"
        return redirect(page)
    sitting = moved(sitting)
    if shown:
        return back_to(learner, sitting, shown)
    weg = hidden.value if hidden else None
    return after_step(learner, sitting, Previous(card, due_on, hidden=hidden), weg=weg)


def _due_on(learner: Learner, card: str) -> date | None:
    memory = review_log.memory_of(learner.id, card)
    return None if memory is None else memory.due_on


def _asked_for(learner: Learner, today: date) -> NextCard | None:
    """The card in the address, while it is still to be asked."""
    found = this_card(learner, request.args.get("kaart", ""))
    if found is None or is_hidden(found.own, today):
        return None
    return found if found.memory is None or found.memory.due_on <= today else None


def _after_answer(learner: Learner, review: Review, recorded: Recorded) -> Response:
    sitting = (sitting_in_form() or Sitting(0)).after(review)
    why = review.why_missed
    return after_step(
        learner, sitting, previous_of(review, recorded), waarom=why.value if why else None
    )


def _told_of(stored: Previous | None) -> str:
    """What an address says of an answer, where there is something that helps against it."""
    if stored is None or not (stored.why_missed or stored.is_leech):
        return ""
    why = f"&waarom={stored.why_missed.value}" if stored.why_missed else ""
    return f"?vorige={stored.card}{why}"


def _lesson_card(
    learner: Learner, card: str, lesson: str, stored: Previous | None = None
) -> Response:
    """The card in its place in the lesson, after an answer or after taking that back."""
    if not wants_fragment():
        target: BaseResponse = redirect(f"/{lesson}{_told_of(stored)}#kaart-{card}")
        return make_response(target)
    memory = review_log.memory_of(learner.id, card)
    own = own_log.own_card_of(learner.id, card)
    words = read_words(haven().keyring, learner, [own]).get(card)
    shown = shown_card(haven(), learner, card, memory, learner.day_at(now()), own, words)
    return make_response(
        render_template("lesson_card.html", shown=shown, path=lesson, **said_of(haven(), stored))
    )


def _lesson_of_form() -> str:
    """The lesson ("chapter/lesson") in which a form stands, or nothing."""
    lesson = request.form.get("lesson", "")
    return lesson if tuple(lesson.split("/", 1)) in course().lessons else ""


def _stacked(learner: Learner, item: NextCard, words: Words | None, today: date) -> dict[str, Any]:
    shown = shown_card(haven(), learner, item.card, item.memory, today, item.own, words)
    due = today if item.memory is None else planned(item.memory, item.own).due_on
    returns = return_days(item.memory, item.card, today, learner.spacing)
    return {
        "card": item.card,
        "concepts": shown.card.concepts,
        "front": Markup(render_template("_front.html", shown=shown)),
        "back": Markup(render_template("_back.html", shown=shown)),
        "due": due.isoformat(),
        "returns": {grade.word: day.isoformat() for grade, day in returns.items()},
        "when": {grade.word: dutch_return(day, today) for grade, day in returns.items()},
        "source": shown.source,
    }


def _recorded_json(recorded: Recorded, refused: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "accepted": [str(review_id) for review_id in recorded.accepted],
        "refused": refused
        + [
            {"id": str(review_id), "reason": refusal.value}
            for review_id, refusal in recorded.refused.items()
        ],
        "due": {card: day.isoformat() for card, day in recorded.due.items()},
    }
