"""Reviewing: one card at a time, and the JSON that phones and outside checks speak."""

from datetime import date
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
)
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from app.learning.days import zone_named
from app.learning.people import Learner
from app.learning.queue import Sitting
from app.learning.reviews import Refusal, Review, WhyMissed
from app.learning.scheduling import return_days
from app.storage import reviews as review_log
from app.usecases.begin_as_guest import begin_as_guest
from app.usecases.plan_session import NextCard, cards_within, next_card, plan_session
from app.usecases.record_reviews import Recorded, record_reviews
from app.usecases.sum_up_sitting import sum_up_sitting
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
from app.web.sitting_page import Previous, address_of, shown_card, sitting_page
from app.web.state import course, haven, now
from app.web.wire import parse_form, parse_number, parse_review, parse_sitting, parse_uuid
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
    if "kaarten" in request.args:
        sitting = parse_sitting(request.args, "kaarten", "over", "laatste")
    else:
        sitting = Sitting(plan_session(course(), learner, today, opened_in_browser()).cards)
    found = _asked_for(learner, today) or _next(learner, today, sitting)
    return _sitting_page(learner, today, sitting, found, _previous(learner))


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
        response = _lesson_card(learner, review.card, lesson)
    else:
        response = _after_answer(learner, review, recorded.due.get(review.card))
    forget_opened(response)
    return response


@reviews.post("/herhalen/ongedaan")
@login_required
def undo() -> Any:
    """Take one grade back; JSON answers with the card's due date as it was."""
    learner = current_learner()
    given = request.get_json() if request.is_json else request.form
    review_id = parse_uuid(given.get("id")) if isinstance(given, dict) else None
    undone = None if review_id is None else undo_review(learner, review_id, now())
    if undone is None:
        abort(404)
    card = undone.review.card
    if request.is_json:
        return {"card": card, "due": undone.due_on.isoformat() if undone.due_on else None}
    lesson = _lesson_of_form()
    if lesson and card in course().cards:
        return _lesson_card(learner, card, lesson)
    sitting = parse_sitting(request.form, "left", "skipped", "given").without(undone.review)
    if not _wants_fragment():
        return redirect(address_of(sitting, card))
    today = learner.day_at(now())
    # The card may have left the course since.
    found = (
        NextCard(card, review_log.memory_of(learner.id, card))
        if card in course().cards
        else _next(learner, today, sitting)
    )
    return _sitting_page(learner, today, sitting, found)


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
    return {
        "cards": [
            _stacked(learner, item, today)
            for item in cards_within(course(), learner, today, until, opened_in_browser())
        ]
    }


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


def _asked_for(learner: Learner, today: date) -> NextCard | None:
    """The card in the address, while it is still to be asked."""
    card = request.args.get("kaart", "")
    if card not in course().cards:
        return None
    memory = review_log.memory_of(learner.id, card)
    return NextCard(card, memory) if memory is None or memory.due_on <= today else None


def _next(learner: Learner, today: date, sitting: Sitting) -> NextCard | None:
    if sitting.left == 0:
        return None
    return next_card(course(), learner, today, opened_in_browser(), sitting.skipped, sitting.left)


def _previous(learner: Learner) -> Previous | None:
    """What a browser without script has just answered, from the address."""
    card = request.args.get("vorige", "")
    memory = review_log.memory_of(learner.id, card) if card in course().cards else None
    why = request.args.get("waarom", "")
    if memory is None:
        return None
    known = {reason.value for reason in WhyMissed}
    return Previous(card, memory.due_on, WhyMissed(why) if why in known else None)


def _after_answer(learner: Learner, review: Review, due_on: date | None) -> Response:
    sitting = parse_sitting(request.form, "left", "skipped", "given").after(review)
    if not _wants_fragment():
        why = review.why_missed
        target: BaseResponse = redirect(
            address_of(sitting, vorige=review.card, waarom=why.value if why else None)
        )
        return make_response(target)
    today = learner.day_at(now())
    previous = Previous(review.card, due_on, review.why_missed)
    return _sitting_page(learner, today, sitting, _next(learner, today, sitting), previous)


def _sitting_page(
    learner: Learner,
    today: date,
    sitting: Sitting,
    found: NextCard | None,
    previous: Previous | None = None,
) -> Response:
    """The card, or the end of the sitting; without the page around it where a script asks."""
    page = render_template(
        "_session.html" if _wants_fragment() else "review.html",
        **sitting_page(haven(), learner, today, sitting, found, previous),
        end=None if found else sum_up_sitting(course(), learner, today, opened_in_browser()),
    )
    return make_response(page)


def _lesson_card(learner: Learner, card: str, lesson: str) -> Response:
    """The card in its place in the lesson, after an answer or after taking that back."""
    if not _wants_fragment():
        target: BaseResponse = redirect(f"/{lesson}#kaart-{card}")
        return make_response(target)
    memory = review_log.memory_of(learner.id, card)
    shown = shown_card(haven(), learner, card, memory, learner.day_at(now()))
    return make_response(render_template("_lesson_card.html", shown=shown, lesson=lesson))


def _lesson_of_form() -> str:
    """The lesson ("chapter/lesson") in which a form stands, or nothing."""
    lesson = request.form.get("lesson", "")
    return lesson if tuple(lesson.split("/", 1)) in course().lessons else ""


def _stacked(learner: Learner, item: NextCard, today: date) -> dict[str, Any]:
    shown = shown_card(haven(), learner, item.card, item.memory, today)
    due = today if item.memory is None else item.memory.due_on
    returns = return_days(
        item.memory, item.card, today, learner.seed, parameters=learner.parameters.values
    )
    return {
        "card": item.card,
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


def _wants_fragment() -> bool:
    return "X-Fragment" in request.headers
