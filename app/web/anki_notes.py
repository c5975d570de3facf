"""The cards of the course as notes for Anki, with links that work outside this site."""

from markupsafe import Markup

from app.anki.notes import AnkiNote
from app.learning.course import Card, Chapter, Course, Lesson
from app.web.course_html import CourseHtml, lesson_path


def anki_notes(course: Course, html: CourseHtml, site_url: str) -> dict[str, AnkiNote]:
    """Every card by its id, in the order of the course."""
    notes = {}
    for chapter, lesson in course.lessons.values():
        for card_id in lesson.cards:
            card = course.cards[card_id]
            fields = _fields(card, html) | {"Bron": _source(card, chapter, lesson)}
            notes[card_id] = AnkiNote(
                kind=card.kind,
                deck=f"Haven: {chapter.title}",
                fields={name: _absolute(text, site_url) for name, text in fields.items()},
                tags=_tags(card, lesson),
            )
    return notes


def _fields(card: Card, html: CourseHtml) -> dict[str, Markup]:
    # In alphabetical order: Anki cannot shuffle them, and the right one must not always stand first.
    options = sorted(html.cards[card.id].options)
    return {
        "Vraag": html.cards[card.id].question,
        "Situatie": html.block(card.situation) if card.situation else Markup(),
        "Hint": html.cards[card.id].hint,
        "Antwoord": html.inline(card.answer),
        "Uitleg": html.inline(card.explanation),
        "Opties": _list([text for text, _, _ in options]),
        "Opties uitgelegd": _list(
            [Markup("<b>{}</b> {}").format(text, why) for text, why, _ in options]
        ),
    }


def _list(lines: list[Markup]) -> Markup:
    items = Markup().join(Markup("<li>{}</li>").format(line) for line in lines)
    return Markup("<ul>{}</ul>").format(items)


def _source(card: Card, chapter: Chapter, lesson: Lesson) -> Markup:
    return Markup('<a href="/{}#zin-{}">Lees de zin terug in “{}”</a>').format(
        lesson_path(chapter, lesson), card.id, lesson.title
    )


def _absolute(text: Markup, site_url: str) -> str:
    # As plain text, because Markup escapes what it is given to put in place.
    return str(text).replace('href="/', f'href="{site_url}/')


def _tags(card: Card, lesson: Lesson) -> list[str]:
    """Anki folds what stands between two colons; a tag has no spaces."""
    return [
        f"haven::paragraaf::{lesson.paragraph}",
        f"haven::spoor::{card.track.value}",
        *(f"haven::begrip::{concept}" for concept in card.concepts),
    ]
