"""The files a learner can take along: each is written from one Export to a stream."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import IO

from jinja2 import Environment

from app.anki.package_writer import write_package
from app.archive.log_file import LOG_FILE, write_log
from app.archive.tables import Cell, write_table
from app.archive.zips import Part, write_zip
from app.learning.course import Course, Lesson
from app.learning.exports import Export, cards_in_use
from app.learning.own_cards import Words
from app.learning.reviews import Grade, WhyMissed
from app.web.anki_notes import anki_notes
from app.web.dutch import dutch_date
from app.web.state import Haven

# All the other files in one: what `usecases/import_log.py` reads back.
EVERYTHING = "haven.zip"
TEXTS = "teksten.md"
JOURNAL = "schrift.md"

Writer = Callable[[Export, IO[bytes]], None]

_GRADES = {
    Grade.AGAIN: "nog niet",
    Grade.HARD: "moeizaam",
    Grade.GOOD: "wist ik",
    Grade.EASY: "makkelijk",
}
_WHY_MISSED = {
    WhyMissed.FORGOT: "vergeten",
    WhyMissed.NOT_UNDERSTOOD: "niet begrepen",
    WhyMissed.CONFUSED: "verward",
    WhyMissed.BAD_QUESTION: "vraag deugt niet",
}
_REVIEW_COLUMNS = (
    "herhaling", "kaart", "vraag", "dag", "tijdstip", "beoordeling", "seconden", "waarom gemist",
    "ongedaan gemaakt",
)  # fmt: skip
_CARD_COLUMNS = (
    "kaart", "vraag", "antwoord", "les", "paragraaf", "begrippen", "spoor", "herhalingen", "gemist",
    "laatste dag", "terug op", "stabiliteit in dagen", "moeilijkheid",
)  # fmt: skip


class ExportFiles:
    """Everything there is to take along, by the name of the file."""

    def __init__(self, haven: Haven, templates: Environment) -> None:
        self._haven = haven
        self._templates = templates
        # What somebody opens first; the rest in the order in which it is told there. What a learner
        # can write gets its part here.
        self._parts: Mapping[str, Writer] = {
            "index.html": self._write_page,
            TEXTS: self._write_texts,
            LOG_FILE: write_log,
            "haven.apkg": self._write_package,
            "herhalingen.csv": self._write_reviews,
            "kaarten.csv": self._write_cards,
            JOURNAL: self._write_journal,
        }
        self._files = {EVERYTHING: self._write_everything, **self._parts}

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def write(self, name: str, export: Export, stream: IO[bytes]) -> None:
        """Write the file of that name."""
        self._files[name](export, stream)

    def _write_everything(self, export: Export, stream: IO[bytes]) -> None:
        parts = [
            Part(name, partial(write, export))
            for name, write in self._parts.items()
            if (name != JOURNAL or export.reflections)
            and (name != TEXTS or export.words is not None)
        ]
        write_zip(stream, parts, export.made_at)

    def _write_page(self, export: Export, stream: IO[bytes]) -> None:
        learner = export.learner
        page = self._templates.get_template("export.html").render(
            learner=learner,
            today=learner.day_at(export.made_at),
            site_url=self._haven.settings.site_url,
            cards=self._haven.course.cards,
            memberships=export.memberships,
            memories=sorted(export.memories.values(), key=lambda memory: memory.due_on),
            review_columns=_REVIEW_COLUMNS,
            card_columns=_CARD_COLUMNS,
            has_journal=bool(export.reflections),
            has_words=export.words is not None,
        )
        stream.write(page.encode())

    def _write_journal(self, export: Export, stream: IO[bytes]) -> None:
        stream.write(b"# Je schrift\n")
        for reflection in reversed(export.reflections or ()):
            prompt = self._haven.course.prompts.get(reflection.prompt)
            question = f"> {prompt.question}\n\n" if prompt else ""
            head = f"\n## {dutch_date(reflection.day)}\n\n"
            stream.write(f"{head}{question}{reflection.text}\n".encode())

    def _write_texts(self, export: Export, stream: IO[bytes]) -> None:
        page = self._templates.get_template("export_texts.md").render(
            today=export.learner.day_at(export.made_at),
            site_url=self._haven.settings.site_url,
            lessons=_texts_by_lesson(self._haven.course, export.words or {}),
            html=self._haven.html.cards,
        )
        stream.write(page.encode())

    def _write_package(self, export: Export, stream: IO[bytes]) -> None:
        course, html = self._haven.course, self._haven.html
        asked = cards_in_use(course, export)
        among = {*asked, *export.memories}
        notes = anki_notes(course, html, self._haven.settings.site_url, among, export.words or {})
        write_package(export, notes, asked, stream)

    def _write_reviews(self, export: Export, stream: IO[bytes]) -> None:
        write_table(stream, _REVIEW_COLUMNS, _review_rows(self._haven.course, export))

    def _write_cards(self, export: Export, stream: IO[bytes]) -> None:
        write_table(stream, _CARD_COLUMNS, _card_rows(self._haven.course, export))


def _texts_by_lesson(
    course: Course, written: Mapping[str, Words]
) -> list[tuple[Lesson | None, dict[str, Words]]]:
    """What somebody wrote, card after card, in the order of the course; in the end, without a lesson,
    with cards that left it."""
    found: list[tuple[Lesson | None, dict[str, Words]]] = [
        (lesson, {card: written[card] for card in lesson.cards if card in written})
        for _, lesson in course.lessons.values()
    ]
    gone = sorted(written.keys() - course.cards.keys())
    found.append((None, {card: written[card] for card in gone}))
    return [(lesson, cards) for lesson, cards in found if cards]


def _review_rows(course: Course, export: Export) -> Iterator[tuple[Cell, ...]]:
    for entry in export.log():
        review = entry.review
        card = course.cards.get(review.card)
        local = review.reviewed_at.astimezone(export.learner.zone)
        yield (
            str(review.id), review.card, card.question if card else None, review.day,
            local.strftime("%Y-%m-%d %H:%M:%S"), _GRADES[review.grade], review.duration_ms / 1000,
            _WHY_MISSED[review.why_missed] if review.why_missed else None,
            "ja" if entry.voided_at else "nee",
        )  # fmt: skip


def _card_rows(course: Course, export: Export) -> Iterator[tuple[Cell, ...]]:
    """The cards of the course that are or were asked, and those that left it."""
    gone = export.memories.keys() - course.cards.keys()
    in_use = set(cards_in_use(course, export))
    for card_id, (_, lesson) in course.lesson_of_card.items():
        memory = export.memories.get(card_id)
        if memory is None and card_id not in in_use:
            continue
        card = course.cards[card_id]
        about = (
            card.question, card.answer, lesson.title, lesson.paragraph,
            ", ".join(card.concepts), card.track.value,
        )  # fmt: skip
        yield (card_id, *about, *_memory_cells(export, card_id))
    for card_id in sorted(gone):
        yield (card_id, *[None] * 6, *_memory_cells(export, card_id))


def _memory_cells(export: Export, card_id: str) -> tuple[Cell, ...]:
    memory = export.memories.get(card_id)
    if memory is None:
        return (0, 0, None, None, None, None)
    return (
        memory.reviews, memory.lapses, memory.last_day, memory.due_on, memory.stability,
        memory.difficulty,
    )  # fmt: skip
