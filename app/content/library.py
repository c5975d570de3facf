"""The whole course, read from its files once at start."""

import re
import tomllib
from codecs import BOM_UTF8
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from app.content.card_format import chosen, parse_card
from app.content.course_check import check_course
from app.content.entries import Entry, check_keys, is_id, parse_entries
from app.content.lesson_format import parse_lesson
from app.content.problems import BrokenCourse, Problem
from app.learning.course import (
    Card,
    Chapter,
    Concept,
    Course,
    Item,
    Lesson,
    Load,
    Place,
    PromptKind,
    Reference,
    ReflectivePrompt,
)

T = TypeVar("T", Card, Concept, Item, Reference, ReflectivePrompt)

_NUMBER = re.compile(r"[0-9]{1,3}$")
_TOML_LINE = re.compile(r"at line (\d+)")
_ENTRY_FILES = ("leerstof.md", "begrippen.md", "bronnen.md", "momenten.md")
_PRIORITIES = ("1", "2", "3")


def read_library(root: Path) -> Course:
    """The course below `root` (`course/` and `cards/`). Raises BrokenCourse."""
    course, problems = inspect_library(root)
    if problems:
        raise BrokenCourse(problems)
    return course


def inspect_library(root: Path) -> tuple[Course, list[Problem]]:
    """The course as far as it can be read, and everything an author should mend."""
    problems: list[Problem] = []
    reader = _Reader(root, problems)
    chapters = []
    items: list[Item] = []
    concepts: list[Concept] = []
    references: list[Reference] = []
    prompts: list[ReflectivePrompt] = []
    for folder in sorted({path.parent for path in root.glob("course/*/*")}, key=_by_number):
        chapters.append(reader.chapter(folder))
        items += reader.parsed(folder / "leerstof.md", _item)
        concepts += reader.parsed(folder / "begrippen.md", _concept)
        references += reader.parsed(folder / "bronnen.md", _reference)
        prompts += reader.parsed(folder / "momenten.md", _prompt)
    if not chapters:
        problems.append(
            Problem(Place("course", 1), "er is geen hoofdstuk: geen enkele map met hoofdstuk.toml.")
        )
    cards = [
        card
        for path in sorted(root.glob("cards/*/*.md"))
        for card in reader.parsed(path, parse_card)
    ]
    course = Course(
        chapters=tuple(chapters),
        items=_by_id(items, problems),
        cards=_by_id(cards, problems),
        concepts=_by_id(concepts, problems),
        references=_by_id(references, problems),
        prompts=_by_id(prompts, problems),
        retired=reader.retired(root / "cards" / "vervallen.md"),
    )
    problems += check_course(course)
    return course, sorted(problems, key=lambda problem: (problem.place.file, problem.place.line))


class _Reader:
    """Reads files below `root` and names them, in problems, as an author knows them."""

    def __init__(self, root: Path, problems: list[Problem]) -> None:
        self._root = root
        self._problems = problems

    def chapter(self, folder: Path) -> Chapter:
        head = self._head(folder / "hoofdstuk.toml")
        paragraphs = head.get("paragrafen")
        if not isinstance(paragraphs, dict):
            paragraphs = {}
        lessons = [
            lesson
            for path in sorted(folder.glob("*.md"))
            if path.name not in _ENTRY_FILES
            for lesson in self._lesson(path)
        ]
        return Chapter(
            slug=folder.name,
            title=str(head.get("titel", folder.name)),
            summary=str(head.get("zin", "")),
            paragraphs={str(number): str(title) for number, title in paragraphs.items()},
            lessons=tuple(sorted(lessons, key=lambda lesson: lesson.number)),
        )

    def parsed(self, path: Path, parse: Callable[[Entry, list[Problem]], T | None]) -> list[T]:
        entries = parse_entries(self._name(path), self._text(path) or "", self._problems)
        found = [parse(entry, self._problems) for entry in entries]
        return [value for value in found if value is not None]

    def retired(self, path: Path) -> dict[str, str]:
        """Ids that were cards once, with the reason; the file may be absent."""
        if not path.exists():
            return {}
        entries = parse_entries(self._name(path), self._text(path) or "", self._problems)
        for entry in entries:
            check_keys(entry, required=["reden"], optional=[], problems=self._problems)
        return {entry.id: entry.text("reden") for entry in entries}

    def _lesson(self, path: Path) -> list[Lesson]:
        text = self._text(path)
        if text is None:
            return []
        lesson = parse_lesson(self._name(path), path.name, text, self._problems)
        return [] if lesson is None else [lesson]

    def _head(self, path: Path) -> dict[str, object]:
        text = self._text(path)
        if text is None:
            return {}
        try:
            head = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            line = _TOML_LINE.search(str(error))
            self._problems.append(
                Problem(
                    Place(self._name(path), int(line[1]) if line else text.count("\n") + 1),
                    "dit is geen geldige TOML. Tekst staat tussen aanhalingstekens, zoals "
                    'titel = "Hechting".',
                )
            )
            return {}
        for key, kind in (("titel", str), ("zin", str), ("paragrafen", dict)):
            if not head.get(key) or not isinstance(head[key], kind):
                self._problems.append(Problem(Place(self._name(path), 1), f"'{key}' ontbreekt."))
        if not is_id(path.parent.name):
            self._problems.append(
                Problem(
                    Place(self._name(path), 1), "de map heeft geen naam die een adres kan zijn."
                )
            )
        return head

    def _text(self, path: Path) -> str | None:
        """What stands in a file, also in one made on Windows; None where it cannot be read."""
        try:
            raw = path.read_bytes().removeprefix(BOM_UTF8)
        except FileNotFoundError:
            self._problems.append(Problem(Place(self._name(path), 1), "dit bestand ontbreekt."))
            return None
        try:
            return raw.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            self._problems.append(
                Problem(
                    Place(self._name(path), line),
                    "hier staat een teken dat geen UTF-8 is. Sla het bestand op als UTF-8.",
                )
            )
            return None

    def _name(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()


def _item(entry: Entry, problems: list[Problem]) -> Item:
    check_keys(
        entry,
        required=["term", "paragraaf", "prioriteit", "kaarten"],
        optional=[],
        problems=problems,
    )
    priority, cards = entry.text("prioriteit"), entry.text("kaarten")
    if priority and priority not in _PRIORITIES:
        problems.append(
            Problem(
                entry.place_of("prioriteit"),
                f"'{entry.id}': 'prioriteit: {priority}' bestaat niet. "
                f"Kies uit: {', '.join(_PRIORITIES)}.",
            )
        )
    if cards and not _NUMBER.match(cards):
        problems.append(
            Problem(entry.place_of("kaarten"), f"'{entry.id}': achter 'kaarten:' hoort een getal.")
        )
    return Item(
        id=entry.id,
        term=entry.text("term"),
        paragraph=entry.text("paragraaf"),
        priority=int(priority) if priority in _PRIORITIES else 1,
        cards=int(cards) if _NUMBER.match(cards) else 0,
        place=entry.place,
    )


def _concept(entry: Entry, problems: list[Problem]) -> Concept:
    check_keys(
        entry,
        required=["term", "betekenis", "bron"],
        optional=["taal", "ook", "verward"],
        repeatable=["ook", "verward", "bron"],
        problems=problems,
    )
    confusions = []
    for value in entry.texts("verward"):
        other, _, difference = (part.strip() for part in value.text.partition("|"))
        if not difference:
            problems.append(
                Problem(
                    Place(entry.file, value.line),
                    f"'{entry.id}': schrijf 'verward: begrip | het verschil'.",
                )
            )
        confusions.append((other, difference))
    return Concept(
        id=entry.id,
        term=entry.text("term"),
        language=entry.text("taal"),
        synonyms=entry.names("ook"),
        meaning=entry.text("betekenis"),
        confusions=tuple(confusions),
        references=entry.names("bron"),
        place=entry.place,
    )


def _reference(entry: Entry, problems: list[Problem]) -> Reference:
    check_keys(entry, required=["tekst"], optional=["doi"], problems=problems)
    return Reference(entry.id, entry.text("tekst"), entry.text("doi"), entry.place)


def _prompt(entry: Entry, problems: list[Problem]) -> ReflectivePrompt:
    check_keys(
        entry,
        required=["zwaarte", "vraag", "lichter", "afstand", "begrip"],
        optional=["soort", "plaats", "hulp"],
        repeatable=["begrip"],
        problems=problems,
    )
    help_ = entry.text("hulp")
    if help_ not in ("", "ja"):
        problems.append(
            Problem(entry.place_of("hulp"), f"'{entry.id}': schrijf 'hulp: ja', of laat het weg.")
        )
    load = chosen(Load, entry, "zwaarte", problems)
    if load is Load.HEAVY and not help_:
        problems.append(
            Problem(
                entry.place_of("zwaarte"),
                f"'{entry.id}': bij een zwaar moment hoort een regel 'hulp: ja'.",
            )
        )
    kind = chosen(PromptKind, entry, "soort", problems)
    if not entry.text("soort"):
        kind = PromptKind.DAILY
    paragraph = entry.text("plaats")
    if kind is PromptKind.DAILY and paragraph:
        problems.append(
            Problem(
                entry.place_of("plaats"),
                f"'{entry.id}': 'plaats:' hoort bij een vraag of oefening uit het boek. "
                "Zet er 'soort:' bij, of laat 'plaats:' weg.",
            )
        )
    if kind and kind is not PromptKind.DAILY and not paragraph:
        problems.append(
            Problem(
                entry.place_of("soort"),
                f"'{entry.id}': zet er 'plaats:' bij, de paragraaf van het boek.",
            )
        )
    return ReflectivePrompt(
        id=entry.id,
        kind=kind or PromptKind.DAILY,
        paragraph=paragraph,
        load=load or Load.HEAVY,
        question=entry.text("vraag"),
        lighter=entry.text("lichter"),
        distance=entry.text("afstand"),
        concepts=entry.names("begrip"),
        offers_help=help_ == "ja",
        place=entry.place,
    )


def _by_number(folder: Path) -> list[str | int]:
    """The order in which people count: hoofdstuk10 after hoofdstuk2."""
    parts = re.split("([0-9]+)", folder.name)
    return [int(part) if part.isdigit() else part for part in parts]


def _by_id(things: list[T], problems: list[Problem]) -> dict[str, T]:
    found: dict[str, T] = {}
    for thing in things:
        first = found.setdefault(thing.id, thing)
        if first is not thing:
            problems.append(
                Problem(
                    thing.place,
                    f"het id '{thing.id}' is al gebruikt in {first.place.file}, "
                    f"regel {first.place.line}.",
                )
            )
    return found


@dataclass(frozen=True, slots=True)
class ChapterFiles:
    """The files of one chapter, in `course/` and `cards/`, and a mark that changes with any of them."""

    slug: str
    files: int
    mark: str


def files_of_chapters(root: Path) -> list[ChapterFiles]:
    """What a course is read from, by chapter, as it stands on disk now."""
    found = []
    for slug in sorted(path.name for path in root.glob("course/*") if path.is_dir()):
        files = sorted(
            path
            for folder in ("course", "cards")
            for path in (root / folder / slug).glob("*")
            if path.is_file()
        )
        told = sha256()
        for path in files:
            text = path.read_bytes()
            told.update(f"{path.relative_to(root)}\0{len(text)}\0".encode() + text)
        found.append(ChapterFiles(slug, len(files), told.hexdigest()[:12]))
    return found
