"""What a whole course must satisfy beyond the form of each file."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from app.content.lesson_format import Span, spans, without_spans
from app.content.problems import Problem
from app.learning.course import (
    Block,
    Course,
    EmbeddedCard,
    EmbeddedPrompt,
    Lesson,
    Place,
    Prose,
    Sensitive,
)

_UNMARKED_ENGLISH = re.compile(r"(?<!\}) \(Engels\)")
_SPAN_KEYS = ("kaart", "begrip", "bron", "taal")


def check_course(course: Course) -> list[Problem]:
    """Every mistake that only shows when the files are laid side by side."""
    return [
        *_items(course),
        *_cards(course),
        *_concepts(course),
        *_prompts(course),
        *_lessons(course),
        *_unused_references(course),
    ]


def _items(course: Course) -> Iterator[Problem]:
    paragraphs = {number for chapter in course.chapters for number in chapter.paragraphs}
    taught = Counter(item for lesson in _all_lessons(course) for item in lesson.items)
    asked = {item for card in course.cards.values() for item in card.items}
    for item in course.items.values():
        if item.paragraph not in paragraphs:
            yield Problem(item.place, f"paragraaf '{item.paragraph}' staat niet in hoofdstuk.toml.")
        if taught[item.id] == 0:
            yield Problem(item.place, f"geen enkele les noemt '{item.id}' bij 'leert:'.")
        if taught[item.id] > 1:
            yield Problem(item.place, f"'{item.id}' staat bij 'leert:' van meer dan één les.")
        if item.priority == 1 and item.id not in asked:
            yield Problem(
                item.place,
                f"geen enkele kaart vraagt '{item.id}'; wat prioriteit 1 heeft, heeft er een nodig.",
            )


def _cards(course: Course) -> Iterator[Problem]:
    places = Counter(
        block.card for lesson in _all_lessons(course) for block in _embedded_cards(lesson)
    )
    for card in course.cards.values():
        if card.id in course.retired:
            yield Problem(
                card.place,
                f"het id '{card.id}' is ooit vervallen en mag nooit opnieuw gebruikt worden.",
            )
        if places[card.id] == 0:
            yield Problem(card.place, f"de kaart '{card.id}' staat in geen enkele les.")
        yield from _unknown("begrip", card.concepts, course.concepts, card.place, card.id)
        yield from _unknown("bron", card.references, course.references, card.place, card.id)
        # What is asked may be a concept that nobody demands: a neighbour, to tell apart.
        named = [item for item in card.items if item not in card.concepts]
        known = {*course.items, *course.concepts}
        yield from _unknown("leerstof", named, known, card.place, card.id)
        for text in (card.situation, card.question, card.answer, card.explanation, card.hint):
            yield from _marks(course, text, card.place)
        for option in card.options:
            # The right one is the answer too.
            for text in (option.text, option.explanation)[option.is_right :]:
                yield from _marks(course, text, card.place)


def _concepts(course: Course) -> Iterator[Problem]:
    taught = Counter(concept for lesson in _all_lessons(course) for concept in lesson.concepts)
    for concept in course.concepts.values():
        others = [other for other, _ in concept.confusions]
        yield from _unknown("begrip", others, course.concepts, concept.place, concept.id)
        yield from _unknown(
            "bron", concept.references, course.references, concept.place, concept.id
        )
        for text in (
            *concept.synonyms,
            concept.meaning,
            *(difference for _, difference in concept.confusions),
        ):
            yield from _marks(course, text, concept.place)
        if taught[concept.id] == 0:
            yield Problem(
                concept.place,
                f"geen enkele les noemt '{concept.id}' bij 'begrippen:'; "
                "zet het in de kop van de les die het uitlegt.",
            )
        if taught[concept.id] > 1:
            yield Problem(
                concept.place,
                f"'{concept.id}' staat bij 'begrippen:' van meer dan één les.",
            )


def _prompts(course: Course) -> Iterator[Problem]:
    paragraphs = {number for chapter in course.chapters for number in chapter.paragraphs}
    # A chapter begins before its first paragraph: what stands there comes from 1.0.
    paragraphs |= {f"{number.partition('.')[0]}.0" for number in paragraphs}
    for prompt in course.prompts.values():
        if prompt.paragraph and prompt.paragraph not in paragraphs:
            yield Problem(
                prompt.place,
                f"'{prompt.id}': paragraaf '{prompt.paragraph}' staat niet in hoofdstuk.toml.",
            )
        yield from _unknown("begrip", prompt.concepts, course.concepts, prompt.place, prompt.id)
        for text in (prompt.question, prompt.lighter, prompt.distance):
            yield from _marks(course, text, prompt.place)


def _lessons(course: Course) -> Iterator[Problem]:
    first_place: dict[str, Place] = {}
    for chapter in course.chapters:
        numbers: dict[int, Lesson] = {}
        slugs: dict[str, Lesson] = {}
        for lesson in chapter.lessons:
            if numbers.setdefault(lesson.number, lesson) is not lesson:
                yield Problem(lesson.place, f"er zijn twee lessen met nummer {lesson.number:02d}.")
            first = slugs.setdefault(lesson.slug, lesson)
            if first is not lesson:
                yield Problem(
                    lesson.place,
                    f"er is al een les met het adres '{lesson.slug}': {first.place.file}.",
                )
            if lesson.paragraph not in chapter.paragraphs:
                yield Problem(
                    lesson.place,
                    f"paragraaf '{lesson.paragraph}' staat niet in hoofdstuk.toml.",
                )
            yield from _unknown("leerstof", lesson.items, course.items, lesson.place, lesson.slug)
            yield from _unknown(
                "begrip", lesson.concepts, course.concepts, lesson.place, lesson.slug
            )
            yield from _unknown(
                "bron", lesson.references, course.references, lesson.place, lesson.slug
            )
            yield from _embedded(course, lesson, first_place)
            yield from _marked(course, lesson)


def _embedded(course: Course, lesson: Lesson, first_place: dict[str, Place]) -> Iterator[Problem]:
    for block in lesson.blocks:
        if isinstance(block, EmbeddedCard):
            place = Place(lesson.place.file, block.line)
            if block.card not in course.cards:
                retired = block.card in course.retired
                yield Problem(
                    place,
                    f"de kaart '{block.card}' "
                    + ("is vervallen." if retired else "bestaat niet in cards/."),
                )
            first = first_place.setdefault(block.card, place)
            if first is not place:
                yield Problem(
                    place,
                    f"de kaart '{block.card}' staat al in {first.file}, regel {first.line}.",
                )
        elif isinstance(block, EmbeddedPrompt) and block.prompt not in course.prompts:
            yield Problem(
                Place(lesson.place.file, block.line),
                f"het moment '{block.prompt}' bestaat niet in momenten.md.",
            )


def _marked(course: Course, lesson: Lesson) -> Iterator[Problem]:
    """The stretches of text an author marked, and the cards whose sentence is not marked."""
    sources: Counter[str] = Counter()
    for block in lesson.blocks:
        for text, line in _texts(block):
            yield from _marks(course, text, Place(lesson.place.file, line))
            for span in spans(text, line):
                if span.key == "kaart":
                    sources.update(span.names)
                if span.key == "bron":
                    yield from _unlisted(lesson, span)
    for block in _embedded_cards(lesson):
        if sources[block.card] != 1:
            how = "geen zin" if sources[block.card] == 0 else "meer dan één zin"
            yield Problem(
                Place(lesson.place.file, block.line),
                f"{how} is de bron van '{block.card}'. "
                f"Zet [de zin]{{kaart: {block.card}}} om de zin die het antwoord geeft.",
            )


def _marks(course: Course, text: str, place: Place) -> Iterator[Problem]:
    """What is wrong with the marks in a text that begins at `place`."""
    known = {
        "kaart": (course.cards, "de kaart"),
        "begrip": (course.concepts, "het begrip"),
        "bron": (course.references, "de bron"),
    }
    for span in spans(text, place.line):
        at = Place(place.file, span.line)
        if span.key not in _SPAN_KEYS:
            yield Problem(
                at, f"'{{{span.key}: …}}' bestaat niet. Kies uit: {', '.join(_SPAN_KEYS)}."
            )
        elif not span.names:
            yield Problem(at, f"achter '{{{span.key}: ' ontbreekt de naam.")
        if span.key in known:
            names, what = known[span.key]
            for name in span.names:
                if name not in names:
                    yield Problem(at, f"{what} '{name}' bestaat niet.")
    if _UNMARKED_ENGLISH.search(text):
        yield Problem(
            place, "voor '(Engels)' hoort een gemarkeerd woord: [secure base]{taal: en} (Engels)."
        )
    for number, line in enumerate(without_spans(text).split("\n")):
        if "]{" in line:
            yield Problem(
                Place(place.file, place.line + number),
                f"'{line.strip()}': tussen de accolades hoort 'sleutel: naam', zoals "
                "[de zin]{kaart: id}.",
            )


def _unlisted(lesson: Lesson, span: Span) -> Iterator[Problem]:
    for name in span.names:
        if name not in lesson.references:
            yield Problem(
                Place(lesson.place.file, span.line),
                f"zet '{name}' ook bij 'bronnen:' in de kop van de les.",
            )


def _unused_references(course: Course) -> Iterator[Problem]:
    citing = [
        *(card.references for card in course.cards.values()),
        *(concept.references for concept in course.concepts.values()),
        *(lesson.references for lesson in _all_lessons(course)),
    ]
    used = {name for names in citing for name in names}
    for reference in course.references.values():
        if reference.id not in used:
            yield Problem(reference.place, f"de bron '{reference.id}' wordt nergens genoemd.")


def _unknown(
    what: str, names: Iterable[str], known: Iterable[str], place: Place, owner: str
) -> Iterator[Problem]:
    known = set(known)
    for name in names:
        if name not in known:
            yield Problem(place, f"'{owner}' noemt {what} '{name}', maar dat bestaat niet.")


def _texts(block: Block) -> tuple[tuple[str, int], ...]:
    """The texts in a block, each with the line it begins on."""
    if isinstance(block, Prose):
        return ((block.text, block.line),)
    if isinstance(block, Sensitive):
        return ((block.text, block.line), (block.alternative, block.alternative_line))
    return ()


def _embedded_cards(lesson: Lesson) -> list[EmbeddedCard]:
    return [block for block in lesson.blocks if isinstance(block, EmbeddedCard)]


def _all_lessons(course: Course) -> Iterator[Lesson]:
    for chapter in course.chapters:
        yield from chapter.lessons
