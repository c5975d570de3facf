"""The course as HTML, rendered once at start.

Markdown is read with raw HTML off, so nothing an author types can become script.
"""

import re
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from app.content.lesson_format import replace_spans
from app.learning.course import (
    Card,
    Chapter,
    Concept,
    Course,
    EmbeddedCard,
    EmbeddedPrompt,
    Lesson,
    Prose,
    Reference,
    Sensitive,
)

# Private-use characters stand in for tags while Markdown is read, because raw HTML is off.
_OPEN, _CLOSE, _END = "\ue000", "\ue001", "\ue002"
_MARK = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")
_SPANS = {
    key: (f"{_OPEN}{key}:{{names}}{_CLOSE}", f"{_END}{key}{_END}")
    for key in ("kaart", "begrip", "bron", "taal")
}


@dataclass(frozen=True, slots=True)
class CardHtml:
    """A card's texts, safe to put in a page; `concept_links` are (id, term) pairs."""

    front: Markup
    situation: Markup
    question: Markup
    answer: Markup
    explanation: Markup
    back: Markup
    hint: Markup
    options: tuple[tuple[Markup, Markup, bool], ...]
    plain_question: str


@dataclass(frozen=True, slots=True)
class PieceHtml:
    """One piece of a lesson: html, a card, a prompt, or a part that can hurt."""

    kind: str
    html: Markup = field(default_factory=Markup)
    name: str = ""
    alternative: Markup = field(default_factory=Markup)


class CourseHtml:
    """Everything of the course that a page shows, ready to be shown."""

    def __init__(self, course: Course) -> None:
        self._markdown = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(
            ["table", "replacements", "smartquotes"]
        )
        self._markdown.options["quotes"] = "“”‘’"
        self.cards = {card.id: self._card(card) for card in course.cards.values()}
        self.lessons = {
            (chapter.slug, lesson.slug): self._lesson(lesson)
            for chapter, lesson in course.lessons.values()
        }
        self.meanings = {c.id: self.inline(c.meaning) for c in course.concepts.values()}
        self.synonyms = {
            c.id: tuple(self.inline(synonym) for synonym in c.synonyms)
            for c in course.concepts.values()
        }
        self.differences = {
            concept.id: tuple((other, self.inline(text)) for other, text in concept.confusions)
            for concept in course.concepts.values()
        }
        self.references = {r.id: self._reference(r) for r in course.references.values()}
        self.prompts = {
            prompt.id: tuple(
                self.inline(text) for text in (prompt.question, prompt.lighter, prompt.distance)
            )
            for prompt in course.prompts.values()
        }

    def inline(self, text: str) -> Markup:
        """A sentence of Markdown, without a paragraph around it."""
        return self._with_spans(self._markdown.renderInline(replace_spans(text, _SPANS)))

    def block(self, text: str) -> Markup:
        """Paragraphs of Markdown; headings keep their level."""
        return self._with_spans(self._markdown.render(replace_spans(text, _SPANS)))

    def _with_spans(self, html: str) -> Markup:
        html = _MARK.sub(lambda match: _opening(match[1]), html)
        for key in _SPANS:
            html = html.replace(
                f"{_END}{key}{_END}", "</a>" if key in ("begrip", "bron") else "</span>"
            )
        return Markup(html)

    def _reference(self, reference: Reference) -> Markup:
        text = self.inline(reference.text)
        if not reference.doi:
            return text
        link = Markup(' <a href="https://doi.org/{0}" rel="noreferrer">doi.org/{0}</a>')
        return text + link.format(reference.doi)

    def _card(self, card: Card) -> CardHtml:
        question = self.inline(card.question)
        situation = self.block(card.situation) if card.situation else Markup()
        answer = Markup("<p class='antwoord'>{}</p>").format(self.inline(card.answer))
        explanation = (
            Markup("<p class='uitleg'>{}</p>").format(self.inline(card.explanation))
            if card.explanation
            else Markup()
        )
        return CardHtml(
            front=situation + Markup("<p>{}</p>").format(question),
            situation=situation,
            question=question,
            answer=answer,
            explanation=explanation,
            back=answer + explanation,
            hint=self.inline(card.hint),
            options=tuple(
                (self.inline(option.text), self.inline(option.explanation), option.is_right)
                for option in card.options
            ),
            plain_question=replace_spans(card.question, {}),
        )

    def _lesson(self, lesson: Lesson) -> tuple[PieceHtml, ...]:
        return tuple(self._piece(block) for block in lesson.blocks)

    def _piece(self, block: Prose | Sensitive | EmbeddedCard | EmbeddedPrompt) -> PieceHtml:
        match block:
            case Prose(text=text, box=box):
                return PieceHtml("prose" if not box else "box", self.block(text), box)
            case Sensitive(note=note, text=text, alternative=alternative):
                return PieceHtml("sensitive", self.block(text), note, self.block(alternative))
            case EmbeddedCard(card=card):
                return PieceHtml("card", name=card)
            case EmbeddedPrompt(prompt=prompt):
                return PieceHtml("prompt", name=prompt)


def _opening(mark: str) -> str:
    key, _, names = mark.partition(":")
    first = names.split(",")[0].strip()
    match key:
        case "kaart":
            others = "".join(
                f'<span class="anker" id="zin-{name.strip()}"></span>'
                for name in names.split(",")[1:]
            )
            return f'<span class="zin" id="zin-{first}">{others}'
        case "taal":
            return f'<span lang="{first}">'
        case "begrip":
            return f'<a class="begrip" href="/begrippen#{first}">'
        case _:
            return f'<a class="bron" href="#bron-{first}">'


def term(concept: Concept) -> Markup:
    """The term of a concept, pronounced in its own language."""
    if not concept.language:
        return escape(concept.term)
    return Markup('<span lang="{}">{}</span>').format(concept.language, concept.term)


def lesson_path(chapter: Chapter, lesson: Lesson) -> str:
    """How storage names a lesson, and its address below the root."""
    return f"{chapter.slug}/{lesson.slug}"
