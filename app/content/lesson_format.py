"""One lesson file -> a Lesson: a head of `sleutel: waarde` lines, then Markdown with directives.

[[kaart: id]]  [[moment: id]]            a card or a reflective prompt, alone on a line
::: vignet … :::                         a box
::: gevoelig note … ::: anders … :::     a part that can hurt, with its alternative
[zin]{kaart: id}                         the sentence a card asks about; see `spans`
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.content.entries import Entry, check_keys, is_id, parse_fields
from app.content.problems import Problem
from app.learning.course import (
    Block,
    EmbeddedCard,
    EmbeddedPrompt,
    Lesson,
    Place,
    Prose,
    Sensitive,
)

BOXES = ("beginvraag", "vignet", "tegenvoorbeeld", "onderzoek")

_FILE_NAME = re.compile(r"(\d{2})-([a-z0-9-]+)\.md$")
_EMBED = re.compile(r"\[\[\s*(\w+)\s*:\s*([^\]]*?)\s*\]\]$")
_FENCE = re.compile(r":::\s*(\w*)\s*(.*)$")
_SPAN = re.compile(r"\[([^\[\]]+)\]\{(\w+):\s*([^{}]*?)\s*\}")
_HEADING_OR_BULLET = re.compile(r"^(?:#+ .*|[*+-] +|\d+\. +)", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n\s*\n")

_REQUIRED = ("titel", "paragraaf", "zin", "leert", "bronnen")
_LISTS = ("leert", "begrippen", "bronnen")


@dataclass(frozen=True, slots=True)
class Span:
    """A marked stretch of a sentence: `key` is kaart, begrip, bron or taal."""

    text: str
    key: str
    names: tuple[str, ...]
    line: int


def parse_lesson(file: str, name: str, text: str, problems: list[Problem]) -> Lesson | None:
    """The lesson in the file called `name`, or None where it has no head to speak of.

    `file` is how problems call the file.
    """
    match = _FILE_NAME.match(name)
    if match is None:
        problems.append(
            Problem(
                Place(file, 1),
                "de naam van een les begint met twee cijfers en een streepje: 01-wat-is-hechting.md.",
            )
        )
        return None
    lines = list(enumerate(text.split("\n"), start=1))
    head, body = _split(file, lines, problems)
    if head is None:
        return None
    fields = Entry(match[2], file, 1, parse_fields(file, head, problems))
    check_keys(
        fields,
        required=_REQUIRED,
        optional=["begrippen"],
        repeatable=_LISTS,
        problems=problems,
    )
    blocks = tuple(_blocks(file, body, problems))
    return Lesson(
        number=int(match[1]),
        slug=match[2],
        title=fields.text("titel"),
        paragraph=fields.text("paragraaf"),
        summary=fields.text("zin"),
        items=fields.names("leert"),
        concepts=fields.names("begrippen"),
        references=fields.names("bronnen"),
        blocks=blocks,
        words=sum(len(paragraph.split()) for paragraph in running_text(blocks)),
        place=Place(file, 1),
    )


def spans(text: str, first_line: int) -> Iterator[Span]:
    """Every `[stretch]{key: names}` of a run of Markdown that starts on `first_line`."""
    for match in _SPAN.finditer(text):
        names = tuple(name.strip() for name in match[3].split(",") if name.strip())
        line = first_line + text.count("\n", 0, match.start())
        yield Span(match[1], match[2], names, line)


def running_text(blocks: Iterable[Block]) -> Iterator[str]:
    """The paragraphs one reads: without headings, cards, marks and the ways not chosen."""
    for block in blocks:
        if isinstance(block, Prose | Sensitive):
            text = _HEADING_OR_BULLET.sub("\n", replace_spans(block.text, {}))
            for paragraph in _BLANK_LINE.split(text.replace("*", "")):
                if paragraph.strip():
                    yield " ".join(paragraph.split())


def without_spans(text: str) -> str:
    """`text` with every well-formed span taken out."""
    return _SPAN.sub("", text)


def replace_spans(text: str, html_of: dict[str, tuple[str, str]]) -> str:
    """`text` with each span put between the opening and closing text its key has in `html_of`.

    `{names}` in the opening text becomes the first name of the span.
    """

    def replaced(match: re.Match[str]) -> str:
        opening, closing = html_of[match[2]]
        return f"{opening.replace('{names}', match[3].strip())}{match[1]}{closing}"

    return _SPAN.sub(lambda match: replaced(match) if match[2] in html_of else match[1], text)


def _split(
    file: str, lines: list[tuple[int, str]], problems: list[Problem]
) -> tuple[list[tuple[int, str]] | None, list[tuple[int, str]]]:
    fences = [index for index, (_, line) in enumerate(lines) if line.strip() == "---"]
    if len(fences) < 2 or fences[0] != 0:
        problems.append(
            Problem(Place(file, 1), "de les begint niet met een kop tussen twee regels '---'.")
        )
        return None, []
    return lines[1 : fences[1]], lines[fences[1] + 1 :]


def _blocks(file: str, lines: list[tuple[int, str]], problems: list[Problem]) -> Iterator[Block]:
    """The body, cut where a directive stands."""
    reader = iter(lines)
    run: list[tuple[int, str]] = []
    for number, line in reader:
        embed = _EMBED.match(line.strip())
        fence = _FENCE.match(line)
        if embed is None and fence is None:
            if "[[" in line or "]]" in line:
                problems.append(
                    Problem(
                        Place(file, number),
                        f"'{line.strip()}': zet [[kaart: id]] of [[moment: id]] alleen op een regel.",
                    )
                )
            run.append((number, line))
            continue
        yield from _prose(run)
        run = []
        if embed is not None:
            yield from _embedded(file, number, embed, problems)
        elif fence is not None:
            yield from _box(file, number, fence, reader, problems)
    yield from _prose(run)


def _prose(run: list[tuple[int, str]], box: str = "") -> Iterator[Prose]:
    text, line = _joined(run)
    if text:
        yield Prose(text, line, box)


def _joined(run: list[tuple[int, str]]) -> tuple[str, int]:
    """The text of a run without blank lines around it, and the line it begins on."""
    while run and not run[0][1].strip():
        run = run[1:]
    text = "\n".join(line for _, line in run).rstrip()
    return text, run[0][0] if run else 0


def _embedded(
    file: str, number: int, match: re.Match[str], problems: list[Problem]
) -> Iterator[Block]:
    what, name = match[1], match[2]
    if not is_id(name):
        problems.append(Problem(Place(file, number), f"'{name}' kan geen id zijn."))
    if what == "kaart":
        yield EmbeddedCard(name, number)
    elif what == "moment":
        yield EmbeddedPrompt(name, number)
    else:
        problems.append(
            Problem(Place(file, number), f"'[[{what}: …]]' bestaat niet; wel kaart en moment.")
        )


def _box(
    file: str,
    number: int,
    fence: re.Match[str],
    reader: Iterator[tuple[int, str]],
    problems: list[Problem],
) -> Iterator[Block]:
    name, note = fence[1], fence[2].strip()
    inside, alternative, closed = _inside(reader)
    if not closed:
        problems.append(Problem(Place(file, number), f"het blok '::: {name}' wordt niet gesloten."))
    for line, text in [*inside, *(alternative or [])]:
        if "[[" in text or "]]" in text:
            problems.append(
                Problem(Place(file, line), f"'{text.strip()}' staat in een blok; zet het eronder.")
            )
    if name == "gevoelig":
        if not note or alternative is None:
            problems.append(
                Problem(
                    Place(file, number),
                    "een gevoelig stuk heeft een zin achter '::: gevoelig' en een echt "
                    "alternatief onder '::: anders'.",
                )
            )
        yield Sensitive(note, *_joined(inside), *_joined(alternative or []))
    elif name in BOXES:
        yield from _prose(inside, box=name)
    else:
        problems.append(
            Problem(
                Place(file, number),
                f"het blok '::: {name}' bestaat niet. Kies uit: {', '.join(BOXES)}, gevoelig.",
            )
        )


def _inside(
    reader: Iterator[tuple[int, str]],
) -> tuple[list[tuple[int, str]], list[tuple[int, str]] | None, bool]:
    inside: list[tuple[int, str]] = []
    alternative: list[tuple[int, str]] | None = None
    for number, line in reader:
        fence = _FENCE.match(line)
        if fence is None:
            (inside if alternative is None else alternative).append((number, line))
        elif fence[1] == "anders" and alternative is None:
            alternative = []
        else:
            return inside, alternative, not fence[1]
    return inside, alternative, False
