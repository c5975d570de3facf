"""The course itself, as learners get it: without mistakes, and every card has its sentence."""

from collections import Counter
from itertools import pairwise

import pytest

from app.content.library import inspect_library
from app.learning.course import Course
from app.learning.people import Track
from app.settings import ROOT
from app.web.course_html import CourseHtml


@pytest.fixture(scope="module")
def course() -> Course:
    found, problems = inspect_library(ROOT)
    assert [str(problem) for problem in problems] == []
    return found


@pytest.fixture(scope="module")
def html(course: Course) -> CourseHtml:
    return CourseHtml(course)


def test_every_card_stands_in_one_lesson_with_the_sentence_it_came_from(
    course: Course, html: CourseHtml
) -> None:
    assert course.cards.keys() == course.lesson_of_card.keys()
    for card, (chapter, lesson) in course.lesson_of_card.items():
        page = "".join(str(piece.html) + str(piece.alternative)
                       for piece in html.lessons[chapter.slug, lesson.slug])  # fmt: skip
        assert page.count(f'id="zin-{card}"') == 1, card


def test_every_concept_is_explained_in_a_lesson(course: Course) -> None:
    assert course.lesson_of_concept.keys() == course.concepts.keys()


def test_every_confused_pair_has_three_vignettes_and_one_on_either_side(course: Course) -> None:
    vignettes = Counter(
        concept for card in course.cards.values() if card.situation for concept in card.concepts
    )
    pairs = {(one.id, other) for one in course.concepts.values() for other, _ in one.confusions}
    assert pairs
    for one, other in pairs:
        assert vignettes[one] >= 1 and vignettes[other] >= 1, (one, other)
        assert vignettes[one] + vignettes[other] >= 3, (one, other)


def test_a_lesson_is_a_few_minutes_and_has_cards_of_the_core(course: Course) -> None:
    for _, lesson in course.lessons.values():
        assert 250 <= lesson.words <= 900, lesson.slug
        assert any(course.is_on_track(card, Track.KERN) for card in lesson.cards), lesson.slug


def test_the_lessons_of_a_chapter_are_numbered_from_one(course: Course) -> None:
    for chapter in course.chapters:
        assert [lesson.number for lesson in chapter.lessons] == [
            *range(1, len(chapter.lessons) + 1)
        ]
        assert all(a.paragraph <= b.paragraph for a, b in pairwise(chapter.lessons))


def test_no_mark_of_the_format_is_left_on_a_page(html: CourseHtml) -> None:
    for slugs, pieces in html.lessons.items():
        page = "".join(str(piece.html) + str(piece.alternative) for piece in pieces)
        for mark in ("[[", "]]", "]{", ":::", "{kaart", "{begrip", "\ue000", "\ue001", "\ue002"):
            assert mark not in page, f"{slugs}: {mark}"
    for card, shown in html.cards.items():
        assert not {"{", "}"} & set(shown.front + shown.back), card
