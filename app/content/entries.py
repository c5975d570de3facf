"""The one plain-text form of cards, concepts, references and prompts.

    ## an-id
    sleutel: waarde, which runs on
    over the next lines until a blank line or another key

What stands before the first `##` is a free remark of the author.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.content.problems import Problem
from app.learning.course import Place

_KEY = re.compile(r"([a-z]+):(?:\s+(.*))?$")
# Nearly a key: without a space behind it (an address such as https://… is none), or with a capital.
_NO_SPACE = re.compile(r"([a-z]+):[^\s/]")
_CAPITAL = re.compile(r"([A-Z][a-z]*):")
_KEYS = frozenset(
    [
        "afstand",
        "antwoord",
        "begrip",
        "begrippen",
        "betekenis",
        "bron",
        "bronnen",
        "doi",
        "fout",
        "goed",
        "hint",
        "hulp",
        "item",
        "kaarten",
        "label",
        "leert",
        "lichter",
        "ook",
        "paragraaf",
        "plaats",
        "prioriteit",
        "reden",
        "situatie",
        "soort",
        "spoor",
        "taal",
        "tekst",
        "term",
        "titel",
        "uitleg",
        "verward",
        "vraag",
        "zin",
        "zwaarte",
    ]
)
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*$")


@dataclass(frozen=True, slots=True)
class Value:
    """What stands behind a key, and on which line."""

    text: str
    line: int


@dataclass(frozen=True)
class Entry:
    """One entry: its id and, for each key, the values in the order they stand."""

    id: str
    file: str
    line: int
    values: Mapping[str, Sequence[Value]]

    @property
    def place(self) -> Place:
        return Place(self.file, self.line)

    def place_of(self, key: str) -> Place:
        """The line of that key, or of the entry where the key is absent."""
        values = self.values.get(key)
        return Place(self.file, values[0].line if values else self.line)

    def text(self, key: str) -> str:
        """The value of a key that stands once; empty where it is absent."""
        values = self.values.get(key)
        return values[0].text if values else ""

    def texts(self, key: str) -> list[Value]:
        """All values of a key that may be repeated."""
        return list(self.values.get(key, ()))

    def names(self, key: str) -> tuple[str, ...]:
        """A list of ids: separated by commas, on one line or several."""
        return tuple(
            name.strip()
            for value in self.values.get(key, ())
            for name in value.text.split(",")
            if name.strip()
        )


def is_id(text: str) -> bool:
    """Whether `text` can be an id: lower-case ASCII words joined by hyphens."""
    return _ID.match(text) is not None


def parse_entries(file: str, text: str, problems: list[Problem]) -> list[Entry]:
    """The entries of one file; what is wrong with their form goes into `problems`."""
    entries: list[Entry] = []
    body: list[tuple[int, str]] = []
    heading: tuple[int, str] | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith("## "):
            if heading:
                entries.append(_entry(file, heading, body, problems))
            heading, body = (number, line[3:].strip()), []
        elif heading:
            body.append((number, line))
    if heading:
        entries.append(_entry(file, heading, body, problems))
    return entries


def parse_fields(
    file: str, lines: Sequence[tuple[int, str]], problems: list[Problem]
) -> dict[str, list[Value]]:
    """The `sleutel: waarde` lines of an entry or of the head of a lesson."""
    values: dict[str, list[Value]] = {}
    open_key = ""
    for number, line in lines:
        match = _KEY.match(line)
        if match:
            open_key = match[1]
            values.setdefault(open_key, []).append(Value((match[2] or "").strip(), number))
        elif not line.strip():
            open_key = ""
        elif slip := _slip(line):
            problems.append(Problem(Place(file, number), slip))
        elif open_key:
            last = values[open_key][-1]
            values[open_key][-1] = Value(f"{last.text} {line.strip()}".strip(), last.line)
        else:
            problems.append(
                Problem(
                    Place(file, number),
                    f"deze regel hoort bij geen sleutel: '{line.strip()}'. "
                    "Schrijf 'sleutel: tekst', of haal de witregel erboven weg.",
                )
            )
    return values


def _slip(line: str) -> str:
    """What is wrong with a line that was meant to begin with a key; empty for other lines."""
    match = _NO_SPACE.match(line)
    if match and match[1] in _KEYS:
        return f"zet een spatie achter '{match[1]}:'."
    match = _CAPITAL.match(line)
    if match and match[1].lower() in _KEYS:
        return f"schrijf de sleutel '{match[1]}:' met kleine letters."
    return ""


def check_keys(
    entry: Entry,
    *,
    required: Sequence[str],
    optional: Sequence[str],
    repeatable: Sequence[str] = (),
    problems: list[Problem],
) -> None:
    """Note every key that is missing, empty, unknown or given twice."""
    for key in required:
        if not entry.text(key):
            problems.append(Problem(entry.place_of(key), f"'{entry.id}' heeft geen '{key}:'."))
    known = [*required, *optional]
    for key, values in entry.values.items():
        if key not in known:
            problems.append(
                Problem(
                    Place(entry.file, values[0].line),
                    f"'{entry.id}': de sleutel '{key}:' bestaat hier niet. "
                    f"Je kunt kiezen uit: {', '.join(known)}.",
                )
            )
        elif len(values) > 1 and key not in repeatable:
            problems.append(
                Problem(
                    Place(entry.file, values[1].line),
                    f"'{entry.id}': '{key}:' staat er twee keer.",
                )
            )


def _entry(
    file: str, heading: tuple[int, str], body: list[tuple[int, str]], problems: list[Problem]
) -> Entry:
    line, name = heading
    if not is_id(name):
        problems.append(
            Problem(
                Place(file, line),
                f"'{name}' kan geen id zijn: gebruik kleine letters, cijfers en streepjes.",
            )
        )
    return Entry(name, file, line, parse_fields(file, body, problems))
