"""The cards of the course as notes for Anki, with links that work outside this site."""

from collections.abc import Container

from markupsafe import Markup

from app.anki.notes import AnkiNote
from app.learning.course import Card, Chapter, Course, Lesson
from app.web.course_html import CardHtml, CourseHtml, lesson_path


def anki_notes(
    course: Course, html: CourseHtml, site_url: str, among: Container[str]
) -> dict[str, AnkiNote]:
    """Those of these cards that are in the course, by id, in its order."""
    notes = {}
    for chapter, lesson in course.lessons.values():
        for card_id in filter(among.__contains__, lesson.cards):
            card = course.cards[card_id]
            fields = _fields(html.cards[card_id]) | {"Bron": _source(card, chapter, lesson)}
            notes[card_id] = AnkiNote(
                kind=card.kind,
                deck=f"Haven: {chapter.title}",
                fields={name: _absolute(text, site_url) for name, text in fields.items()},
                tags=_tags(card, lesson),
            )
    return notes


def _fields(html: CardHtml) -> dict[str, Markup]:
    fields = {
        "Vraag": html.question,
        "Situatie": html.situation,
        "Hint": html.hint,
        "Antwoord": html.answer,
        "Uitleg": html.explanation,
    }
    if html.options:
        # In alphabetical order: Anki cannot shuffle, and the right one must not always stand first.
        options = sorted(html.options)
        explained = [Markup("<b>{}</b> {}").format(text, why) for text, why, _ in options]
        fields["Opties"] = _list([text for text, _, _ in options])
        fields["Opties uitgelegd"] = _list(explained)
    return fields


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
