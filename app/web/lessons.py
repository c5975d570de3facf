"""The chapter and its lessons, with cards in the text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from flask import Blueprint, Response, abort, make_response, render_template

from app.learning.course import Chapter, Lesson
from app.learning.lesson_standing import LessonStanding, Standing, lesson_minutes, standing_in
from app.learning.own_cards import OwnCard
from app.learning.people import Learner, Track
from app.learning.queue import FIRST_PACE, pace
from app.learning.scheduling import Memory
from app.storage import own_cards as own_log
from app.storage import reviews as review_log
from app.usecases.read_words import read_words
from app.web.course_html import lesson_path
from app.web.identity import learner_or_none
from app.web.opened import remember_opened
from app.web.sitting_page import said_of, shown_card
from app.web.sitting_view import previous_in_address
from app.web.state import course, haven, now

T = TypeVar("T", Chapter, Lesson)

lessons = Blueprint("lessons", __name__)


@dataclass(frozen=True, slots=True)
class LessonEntry:
    """A lesson in the list of its chapter: how long it takes and where somebody stands."""

    lesson: Lesson
    minutes: int
    at: LessonStanding


@lessons.get("/<chapter_slug>")
def chapter(chapter_slug: str) -> str:
    found = next((c for c in course().chapters if c.slug == chapter_slug), None)
    if found is None:
        abort(404)
    learner = learner_or_none()
    memories = review_log.memories_of(learner.id) if learner else {}
    seconds = pace(review_log.last_durations(learner.id)) if learner else FIRST_PACE
    today = learner.day_at(now()) if learner else now().date()
    own = own_log.own_cards_of(learner.id) if learner else {}
    entries = [_entry(learner, lesson, memories, own, seconds, today) for lesson in found.lessons]
    return render_template(
        "chapter.html",
        chapter=found,
        paragraphs=[
            (number, title, inside)
            for number, title in found.paragraphs.items()
            if (inside := [entry for entry in entries if entry.lesson.paragraph == number])
        ],
        first_unread=next(
            (entry for entry in entries if entry.at.standing is Standing.NOT_BEGUN), None
        ),
        previous=_beside(course().chapters, found, -1),
        following=_beside(course().chapters, found, 1),
        today=today,
    )


@lessons.get("/<chapter_slug>/<lesson_slug>")
def show(chapter_slug: str, lesson_slug: str) -> Response:
    site = haven()
    place = site.course.lessons.get((chapter_slug, lesson_slug))
    if place is None:
        abort(404)
    chapter_of, lesson = place
    learner = learner_or_none()
    memories = review_log.memories_of_cards(learner.id, lesson.cards) if learner else {}
    today = learner.day_at(now()) if learner else now().date()
    cards = _cards(lesson, learner.track if learner else Track.KERN)
    own = own_log.own_cards_of(learner.id) if learner else {}
    words = read_words(site.keyring, learner, map(own.get, cards)) if learner else {}
    answered = previous_in_address(learner) if learner else None
    page = render_template(
        "lesson.html",
        chapter=chapter_of,
        lesson=lesson,
        path=lesson_path(chapter_of, lesson),
        text=site.lesson_texts[chapter_slug, lesson_slug],
        shown={
            card: shown_card(
                site, learner, card, memories.get(card), today, own.get(card), words.get(card)
            )
            for card in cards
        },
        cards_elsewhere=len(lesson.cards) - len(cards),
        previous=_beside(chapter_of.lessons, lesson, -1),
        following=_beside(chapter_of.lessons, lesson, 1),
        minutes=lesson_minutes(lesson, len(cards)),
        html=site.html,
        today=today,
        **said_of(site, answered),
    )
    response = make_response(page)
    remember_opened(response, lesson_path(chapter_of, lesson))
    return response


def _entry(
    learner: Learner | None,
    lesson: Lesson,
    memories: Mapping[str, Memory],
    own: Mapping[str, OwnCard],
    seconds_per_card: float,
    today: date,
) -> LessonEntry:
    cards = _cards(lesson, learner.track if learner else Track.KERN)
    return LessonEntry(
        lesson,
        lesson_minutes(lesson, len(cards), seconds_per_card),
        standing_in(cards, memories, today, own),
    )


def _cards(lesson: Lesson, track: Track) -> list[str]:
    is_on_track = course().is_on_track
    return [card for card in lesson.cards if is_on_track(card, track)]


def _beside(row: Sequence[T], one: T, step: int) -> T | None:
    """The lesson or chapter so many places further, or None past either end."""
    place = row.index(one) + step
    return row[place] if 0 <= place < len(row) else None
