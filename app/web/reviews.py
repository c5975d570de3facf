"""Reviewing: one card at a time, and the JSON that phones and outside checks speak."""

import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime
from typing import Any
from uuid import UUID, uuid4

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

from app.learning.course import Card
from app.learning.people import Learner
from app.learning.reviews import LONGEST_DURATION_MS, Grade, Refusal, Review, WhyMissed
from app.learning.scheduling import Memory, return_days
from app.storage import reviews as review_log
from app.usecases.begin_as_guest import begin_as_guest
from app.usecases.plan_session import NextCard, cards_within, next_card, plan_session
from app.usecases.record_reviews import Recorded, record_reviews
from app.usecases.undo_review import undo_review
from app.web.course_html import CardHtml, lesson_path
from app.web.identity import begin_session, current_learner, learner_or_none, login_required
from app.web.opened import forget_opened, opened_in_browser
from app.web.state import course, haven, now
from app.web.zone import chosen_zone

reviews = Blueprint("reviews", __name__)

_UUID = re.compile(
    r"[0-9a-fA-F]{8}(-?)[0-9a-fA-F]{4}\1[0-9a-fA-F]{4}\1[0-9a-fA-F]{4}\1[0-9a-fA-F]{12}"
)

LARGEST_BATCH = 500
FARTHEST_STACK = 36_500  # days


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card ready for the template `_card.html`.

    `returns` maps grades to the day each would give; `review_id` is what its answer will be called.
    """

    card: Card
    html: CardHtml
    memory: Memory | None
    returns: dict[Grade, date]
    today: date
    buttons: tuple[Grade, ...]
    review_id: UUID
    source: str


@reviews.get("/herhalen")
@login_required
def show() -> Response:
    learner = current_learner()
    today = learner.day_at(now())
    plan = plan_session(course(), learner, today, opened_in_browser())
    left = _number(request.args.get("kaarten"), plan.cards)
    asked_for = request.args.get("kaart", "")
    found = (
        NextCard(asked_for, review_log.memory_of(learner.id, asked_for))
        if asked_for in course().cards
        else _next(learner, today, left, _skipped(request.args.get("over", "")))
    )
    page = render_template(
        "review.html",
        shown=None if found is None else shown_card(learner, found.card, found.memory, today),
        left=left,
        skipped=request.args.get("over", ""),
        last=request.args.get("laatste", ""),
        plan=plan,
        today=today,
    )
    return make_response(page)


@reviews.post("/herhalen")
def answer() -> Response:
    """One grade from a form: in a session, or in a lesson when `lesson` names it."""
    learner = learner_or_none()
    if learner is None:
        learner = begin_as_guest(chosen_zone(), now())
        begin_session(learner)
    given: dict[str, Any] = dict(request.form)
    given["duration_ms"] = _number(request.form.get("duration_ms"), 0)
    given["reviewed_at"] = request.form.get("reviewed_at") or now().isoformat()
    review = parse_review(given, learner)
    if review is None:
        abort(400)
    recorded = record_reviews(course(), learner, [review], now(), opened_in_browser())
    if recorded.refused:
        abort(400, recorded.refused[review.id].value)
    lesson = request.form.get("lesson", "")
    if tuple(lesson.split("/", 1)) in course().lessons:
        response = _answered_in_lesson(learner, review, lesson)
    else:
        response = _answered_in_session(learner, review)
    forget_opened(response)
    return response


@reviews.post("/herhalen/ongedaan")
@login_required
def undo() -> Any:
    """Take one grade back; JSON answers with the card's due date as it was."""
    learner = current_learner()
    given = request.get_json() if request.is_json else request.form
    review_id = _uuid(given.get("id")) if isinstance(given, dict) else None
    undone = None if review_id is None else undo_review(learner, review_id, now())
    if undone is None:
        abort(404)
    if request.is_json:
        card = undone.review.card
        return {"card": card, "due": undone.due_on.isoformat() if undone.due_on else None}
    left = _number(request.form.get("left"), 0)
    if undone.review.grade is not Grade.AGAIN:
        left += 1
    if _wants_fragment():
        today = learner.day_at(now())
        card = undone.review.card
        # The card may have left the course since.
        found = (
            NextCard(card, review_log.memory_of(learner.id, card))
            if card in course().cards
            else _next(learner, today, left, [])
        )
        shown = None if found is None else shown_card(learner, found.card, found.memory, today)
        return _fragment(shown, left, today, last="")
    return redirect(url_for(".show", kaarten=left, kaart=undone.review.card))


@reviews.post("/herhalen/beoordelingen")
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
        review = parse_review(item, learner)
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
@login_required
def stack() -> Any:
    """The cards due within so many days, and those of opened lessons without an answer."""
    days = _number(request.args.get("dagen"), -1)
    if not 0 <= days <= FARTHEST_STACK:
        return {"error": "unreadable", "detail": "dagen is a whole number from 0"}, 400
    learner = current_learner()
    today = learner.day_at(now())
    until = date.fromordinal(min(today.toordinal() + days, date.max.toordinal()))
    return {
        "cards": [
            _stacked(learner, item, today)
            for item in cards_within(course(), learner, until, opened_in_browser())
        ]
    }


def parse_review(given: object, learner: Learner) -> Review | None:
    """The event that came over the wire, or None where it makes no sense."""
    if not isinstance(given, dict):
        return None
    review_id = _uuid(given.get("id"))
    card = given.get("card")
    grade = Grade.of_word(given.get("grade"))
    reviewed_at = _moment(given.get("reviewed_at"))
    duration_ms = given.get("duration_ms")
    why = given.get("why_missed")
    if review_id is None or not isinstance(card, str) or grade is None or reviewed_at is None:
        return None
    if not isinstance(duration_ms, int) or isinstance(duration_ms, bool):
        return None
    if not 0 <= duration_ms <= LONGEST_DURATION_MS:
        return None
    # A form sends an empty text for no reason at all.
    if why is not None and why not in ("", *(reason.value for reason in WhyMissed)):
        return None
    return Review(
        id=review_id,
        card=card,
        grade=grade,
        reviewed_at=reviewed_at,
        day=learner.day_at(reviewed_at),
        duration_ms=duration_ms,
        why_missed=WhyMissed(why) if why else None,
    )


def shown_card(learner: Learner | None, card: str, memory: Memory | None, today: date) -> ShownCard:
    """A card with the days its buttons give; a visitor has no days yet."""
    place = course().lesson_of_card.get(card)
    source = f"/{lesson_path(*place)}#zin-{card}" if place else ""
    return ShownCard(
        card=course().cards[card],
        html=haven().html.cards[card],
        memory=memory,
        returns=return_days(memory, card, today, learner.seed) if learner else {},
        today=today,
        buttons=tuple(Grade) if learner and learner.buttons == 4 else (Grade.AGAIN, Grade.GOOD),
        review_id=uuid4(),
        source=source,
    )


def _next(learner: Learner, today: date, left: int, skipped: list[str]) -> NextCard | None:
    if left <= 0:
        return None
    return next_card(course(), learner, today, opened_in_browser(), skipped)


def _answered_in_session(learner: Learner, review: Review) -> Response:
    left = _number(request.form.get("left"), 0)
    if review.grade is not Grade.AGAIN:
        left = max(0, left - 1)
    skipped = request.form.get("skipped", "")
    if not _wants_fragment():
        target: BaseResponse = redirect(
            url_for(".show", kaarten=left, over=skipped or None, laatste=review.id)
        )
        return make_response(target)
    today = learner.day_at(now())
    found = _next(learner, today, left, _skipped(skipped))
    shown = None if found is None else shown_card(learner, found.card, found.memory, today)
    return _fragment(shown, left, today, last=str(review.id), skipped=skipped)


def _answered_in_lesson(learner: Learner, review: Review, lesson: str) -> Response:
    if not _wants_fragment():
        target: BaseResponse = redirect(f"/{lesson}#kaart-{review.card}")
        return make_response(target)
    memory = review_log.memory_of(learner.id, review.card)
    today = learner.day_at(now())
    page = render_template(
        "_lesson_card.html",
        shown=shown_card(learner, review.card, memory, today),
        lesson=lesson,
        answered=True,
    )
    return make_response(page)


def _fragment(
    shown: ShownCard | None, left: int, today: date, *, last: str, skipped: str = ""
) -> Response:
    page = render_template(
        "_session.html", shown=shown, left=left, last=last, skipped=skipped, today=today, plan=None
    )
    return make_response(page)


def _stacked(learner: Learner, item: NextCard, today: date) -> dict[str, Any]:
    shown = shown_card(learner, item.card, item.memory, today)
    due = today if item.memory is None else item.memory.due_on
    return {
        "card": item.card,
        "front": Markup(render_template("_front.html", shown=shown)),
        "back": Markup(render_template("_back.html", shown=shown)),
        "due": due.isoformat(),
        "returns": {grade.word: day.isoformat() for grade, day in shown.returns.items()},
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


def _skipped(names: str) -> list[str]:
    return [name for name in names.split(",") if name in course().cards]


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else default


def _uuid(value: object) -> UUID | None:
    """Only the usual form: UUID() itself reads braces, spaces and underscores too."""
    return UUID(value) if isinstance(value, str) and _UUID.fullmatch(value) else None


def _moment(value: object) -> datetime | None:
    """An ISO 8601 moment with its offset; None for anything else, also without a zone."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    # In its first and last year a moment can fall outside the calendar in another zone.
    if moment is None or moment.tzinfo is None or not MINYEAR < moment.year < MAXYEAR:
        return None
    return moment
