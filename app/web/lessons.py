"""The chapter and its lessons, with cards in the text."""

from flask import Blueprint, Response, abort, make_response, render_template

from app.learning.course import Chapter, Lesson
from app.learning.people import Track
from app.storage import reviews as review_log
from app.web.course_html import lesson_path
from app.web.identity import learner_or_none
from app.web.opened import remember_opened
from app.web.reviews import shown_card
from app.web.state import course, haven, now

lessons = Blueprint("lessons", __name__)


@lessons.get("/<chapter_slug>")
def chapter(chapter_slug: str) -> str:
    found = next((c for c in course().chapters if c.slug == chapter_slug), None)
    if found is None:
        abort(404)
    learner = learner_or_none()
    memories = review_log.memories_of(learner.id) if learner else {}
    return render_template("chapter.html", chapter=found, memories=memories)


@lessons.get("/<chapter_slug>/<lesson_slug>")
def show(chapter_slug: str, lesson_slug: str) -> Response:
    place = course().lessons.get((chapter_slug, lesson_slug))
    if place is None:
        abort(404)
    chapter_of, lesson = place
    learner = learner_or_none()
    memories = review_log.memories_of_cards(learner.id, lesson.cards) if learner else {}
    today = learner.day_at(now()) if learner else now().date()
    track = learner.track if learner else Track.KERN
    page = render_template(
        "lesson.html",
        chapter=chapter_of,
        lesson=lesson,
        path=lesson_path(chapter_of, lesson),
        pieces=haven().html.lessons[chapter_slug, lesson_slug],
        shown={
            card: shown_card(learner, card, memories.get(card), today)
            for card in lesson.cards
            if course().is_on_track(card, track)
        },
        cards_elsewhere=sum(not course().is_on_track(card, track) for card in lesson.cards),
        following=_following(chapter_of, lesson),
        html=haven().html,
        course=course(),
        today=today,
    )
    response = make_response(page)
    remember_opened(response, lesson_path(chapter_of, lesson))
    return response


def _following(chapter: Chapter, lesson: Lesson) -> Lesson | None:
    later = [other for other in chapter.lessons if other.number > lesson.number]
    return later[0] if later else None
