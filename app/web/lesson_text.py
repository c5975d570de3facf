"""What stands between the cards of a lesson: the same for everybody, so it is made once, at start."""

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Environment
from markupsafe import Markup

from app.learning.course import Course
from app.web.course_html import CourseHtml, PieceHtml


@dataclass(frozen=True, slots=True)
class LessonPart:
    """A run of text and the id of the card after it, which is empty at the end of a lesson."""

    text: Markup
    card: str


@dataclass(frozen=True, slots=True)
class LessonText:
    """What a lesson says, and the list of what it rests on."""

    parts: tuple[LessonPart, ...]
    references: Markup


def texts_of_lessons(
    templates: Environment, course: Course, html: CourseHtml
) -> Mapping[tuple[str, str], LessonText]:
    """The text of every lesson, by (chapter slug, lesson slug)."""
    template = templates.get_template("_lesson_text.html")
    list_of_references = templates.get_template("_references.html")

    def parts(pieces: tuple[PieceHtml, ...]) -> tuple[LessonPart, ...]:
        places = [place for place, piece in enumerate(pieces) if piece.kind == "card"]
        return tuple(
            LessonPart(
                Markup(template.render(pieces=pieces[start:end], course=course, html=html)),
                pieces[end].name if end < len(pieces) else "",
            )
            for start, end in zip(
                [0, *(place + 1 for place in places)], [*places, len(pieces)], strict=True
            )
        )

    def references(slugs: tuple[str, str]) -> Markup:
        _, lesson = course.lessons[slugs]
        return Markup(list_of_references.render(lesson=lesson, html=html))

    return {
        slugs: LessonText(parts(pieces), references(slugs))
        for slugs, pieces in html.lessons.items()
    }
