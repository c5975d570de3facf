"""The pages around the course: welcome, begin, today."""

from flask import Blueprint, make_response, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from app.learning.course import Lesson
from app.learning.lesson_standing import lesson_minutes
from app.learning.people import Track
from app.learning.queue import CATCH_UP_CARDS
from app.storage.lessons import opened_lessons
from app.usecases.begin_as_guest import begin_as_guest
from app.usecases.plan_session import plan_session
from app.web.course_html import lesson_path
from app.web.identity import begin_session, current_learner, learner_or_none, login_required
from app.web.opened import opened_in_browser
from app.web.state import course, now
from app.web.zone import chosen_zone

pages = Blueprint("pages", __name__)


@pages.get("/")
def welcome() -> str:
    chapter = course().chapters[0]
    minutes = [_minutes(lesson) for lesson in chapter.lessons]
    return render_template(
        "welcome.html", chapter=chapter, shortest=min(minutes), longest=max(minutes)
    )


@pages.get("/begin")
def begin() -> str:
    first = course().chapters[0].lessons[0]
    return render_template("begin.html", first=first, minutes=_minutes(first))


@pages.post("/begin")
def begin_now() -> BaseResponse:
    """Start as a guest, straight into the first lesson."""
    if learner_or_none() is None:
        begin_session(begin_as_guest(chosen_zone(), now()))
    first = course().chapters[0]
    return redirect("/" + lesson_path(first, first.lessons[0]))


@pages.get("/vandaag")
@login_required
def today() -> str:
    learner = current_learner()
    day = learner.day_at(now())
    opened = opened_in_browser()
    plan = plan_session(course(), learner, day, opened)
    read = [*opened_lessons(learner.id), *opened]
    return render_template(
        "today.html",
        plan=plan,
        today=day,
        next_lesson=course().first_lesson_outside(read),
        catch_up_cards=CATCH_UP_CARDS,
    )


def _minutes(lesson: Lesson) -> int:
    """For somebody new: at a first guess of their pace, on the track everybody begins with."""
    cards = [card for card in lesson.cards if course().is_on_track(card, Track.KERN)]
    return lesson_minutes(lesson, len(cards))


@pages.get("/healthz")
def healthz() -> BaseResponse:
    return make_response({"status": "ok"})
