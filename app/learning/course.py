"""What a course is made of. Clinical concepts are data here, never identifiers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from hashlib import blake2b

from app.learning.people import Track


class CardKind(Enum):
    """The ways a card can ask; the values are the words an author types."""

    QUESTION = "vraag"
    CLOZE = "invul"
    RECOGNISE = "herken"
    CONTRAST = "verschil"
    CHOICE = "meerkeuze"


class Basis(Enum):
    """What a disputed statement rests on; the values are the words an author types."""

    CHAPTER = "hoofdstuk"
    RESEARCH = "onderzoek"
    PRACTICE = "praktijk"


class Load(Enum):
    """How much a reflective prompt may stir; the values are the words an author types."""

    LIGHT = "licht"
    MODERATE = "matig"
    HEAVY = "zwaar"


class PromptKind(Enum):
    """Where a reflective prompt comes from; the values are the words an author types."""

    DAILY = "dag"
    QUESTION = "vraag"
    NUMBERED = "genummerd"
    EXERCISE = "oefening"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written, for the author: file and line."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a multiple-choice card, with why it is right or wrong."""

    text: str
    explanation: str
    is_right: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A question and its answer. Texts are Markdown; the id is explicit and never reused."""

    id: str
    kind: CardKind
    concepts: tuple[str, ...]
    items: tuple[str, ...]
    track: Track
    basis: Basis | None
    references: tuple[str, ...]
    situation: str
    question: str
    answer: str
    explanation: str
    hint: str
    options: tuple[Option, ...]
    place: Place

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits that change with any text of the card."""
        texts = (self.situation, self.question, self.answer, self.explanation, self.hint)
        said = repr((self.kind.value, texts, [(o.text, o.explanation) for o in self.options]))
        return blake2b(said.encode(), digest_size=6).hexdigest()


@dataclass(frozen=True, slots=True)
class Concept:
    """A term of the field: its meaning and what it is confused with (concept id, difference).

    `language` is the code of the term's language where that is not Dutch.
    """

    id: str
    term: str
    language: str
    synonyms: tuple[str, ...]
    meaning: str
    confusions: tuple[tuple[str, str], ...]
    references: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Item:
    """Something a chapter must teach. `cards` is how many would do; of priority 1 one is a must."""

    id: str
    term: str
    paragraph: str
    priority: int
    cards: int
    place: Place


@dataclass(frozen=True, slots=True)
class Reference:
    """One source, as it stands in a list of literature."""

    id: str
    text: str
    doi: str
    place: Place


@dataclass(frozen=True, slots=True)
class ReflectivePrompt:
    """A question to think or write about, with a lighter and a distance variant.

    `paragraph` is where in the book the prompt comes from; empty for a daily one.
    """

    id: str
    kind: PromptKind
    paragraph: str
    load: Load
    question: str
    lighter: str
    distance: str
    concepts: tuple[str, ...]
    offers_help: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Prose:
    """A run of Markdown; `box` names the kind of box it stands in, or is empty."""

    text: str
    line: int
    box: str = ""


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A part that can hurt, announced by `note`, with an alternative that teaches the same."""

    note: str
    text: str
    line: int
    alternative: str
    alternative_line: int


@dataclass(frozen=True, slots=True)
class EmbeddedCard:
    """The place of a card in the text."""

    card: str
    line: int


@dataclass(frozen=True, slots=True)
class EmbeddedPrompt:
    """The place of a reflective prompt in the text."""

    prompt: str
    line: int


Block = Prose | Sensitive | EmbeddedCard | EmbeddedPrompt


@dataclass(frozen=True)
class Lesson:
    """One lesson: a file. `number` is its order in the chapter, `slug` its address.

    `words` are those of the running text: without headings and cards.
    """

    number: int
    slug: str
    title: str
    paragraph: str
    summary: str
    items: tuple[str, ...]
    concepts: tuple[str, ...]
    references: tuple[str, ...]
    blocks: tuple[Block, ...]
    words: int
    place: Place

    @cached_property
    def cards(self) -> tuple[str, ...]:
        """The ids of the cards in the text, in order."""
        return tuple(block.card for block in self.blocks if isinstance(block, EmbeddedCard))


@dataclass(frozen=True)
class Chapter:
    """A folder of lessons; `slug` is its address, `paragraphs` maps numbers to titles."""

    slug: str
    title: str
    summary: str
    paragraphs: Mapping[str, str]
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True)
class Course:
    """Everything there is to learn, read once at start and never changed."""

    chapters: tuple[Chapter, ...]
    items: Mapping[str, Item]
    cards: Mapping[str, Card]
    concepts: Mapping[str, Concept]
    references: Mapping[str, Reference]
    prompts: Mapping[str, ReflectivePrompt]
    retired: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def lessons(self) -> Mapping[tuple[str, str], tuple[Chapter, Lesson]]:
        """Every lesson by (chapter slug, lesson slug)."""
        return {
            (chapter.slug, lesson.slug): (chapter, lesson)
            for chapter in self.chapters
            for lesson in chapter.lessons
        }

    @cached_property
    def lessons_mark(self) -> str:
        """Changes when a lesson gets other cards, or a card another track."""
        told = repr(
            [
                (
                    name,
                    [
                        (card, self.cards[card].track.value)
                        for card in lesson.cards
                        if card in self.cards
                    ],
                )
                for name, (_, lesson) in self.lessons.items()
            ]
        )
        return blake2b(told.encode(), digest_size=6).hexdigest()

    @cached_property
    def lesson_of_card(self) -> Mapping[str, tuple[Chapter, Lesson]]:
        """The lesson in which each card stands."""
        return {card: place for place in self.lessons.values() for card in place[1].cards}

    @cached_property
    def lesson_of_concept(self) -> Mapping[str, tuple[Chapter, Lesson]]:
        """The lesson that explains each concept first."""
        return {concept: place for place in self.lessons.values() for concept in place[1].concepts}

    @cached_property
    def confusable(self) -> Mapping[str, tuple[str, ...]]:
        """Each concept with those it is often confused with, said from either side."""
        found: dict[str, dict[str, None]] = {}
        for concept in self.concepts.values():
            for other, _ in concept.confusions:
                found.setdefault(concept.id, {})[other] = None
                found.setdefault(other, {})[concept.id] = None
        return {concept: tuple(others) for concept, others in found.items()}

    @cached_property
    def cards_about(self) -> Mapping[str, Sequence[str]]:
        """The cards that ask a concept by itself, not its difference with another."""
        found: dict[str, list[str]] = {}
        for card in self.cards.values():
            if card.kind is not CardKind.CONTRAST:
                for concept in card.concepts[:1]:
                    found.setdefault(concept, []).append(card.id)
        return found

    def cards_of_lessons(self, lessons: Sequence[str], track: Track) -> list[str]:
        """The ids of the cards on `track` in those lessons ("chapter/lesson"), in course order."""
        wanted = set(lessons)
        return [
            card
            for (chapter, lesson), (_, content) in self.lessons.items()
            if f"{chapter}/{lesson}" in wanted
            for card in content.cards
            if self.is_on_track(card, track)
        ]

    def first_lesson_outside(self, lessons: Collection[str]) -> tuple[Chapter, Lesson] | None:
        """The first lesson, in course order, that is not one of those ("chapter/lesson")."""
        for (chapter, lesson), place in self.lessons.items():
            if f"{chapter}/{lesson}" not in lessons:
                return place
        return None

    def is_on_track(self, card: str, track: Track) -> bool:
        """Whether a learner of `track` gets this card; False for a card no longer there."""
        found = self.cards.get(card)
        return found is not None and (track is Track.VERDIEPING or found.track is Track.KERN)
