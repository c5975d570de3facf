"""`docs/claims.md`: where the course states what was judged. To renew its line numbers:

python -m tests.claims                  after a lesson changed
python -m tests.claims more.tsv …       and add rows: claim, lesson file, words, with tabs between
"""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from app.settings import ROOT

FILE = ROOT / "docs" / "claims.md"

_ROW = re.compile(r"^\| (\d+\.\d+) \| (\S+\.md) \| (\d+) \| (.+) \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Claim:
    """The words that state claim `number`, on `line` of a lesson (a path below `course/`)."""

    number: str
    lesson: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"| {self.number} | {self.lesson} | {self.line} | {self.words} |"


def claims_in(table: str) -> list[Claim]:
    """Every row of the table."""
    return [Claim(row[1], row[2], int(row[3]), row[4]) for row in _ROW.finditer(table)]


def lines_with(words: str, text: str) -> list[int]:
    """The lines of a lesson on which those words stand."""
    return [number for number, line in enumerate(text.split("\n"), start=1) if words in line]


def mistake_in(claim: Claim, text: str) -> str:
    """What is wrong with a row, given the text of its lesson; empty where nothing is."""
    lines = lines_with(claim.words, text)
    if claim.line in lines:
        return ""
    where = f"{claim.number}: '{claim.words}' in {claim.lesson}"
    if not lines:
        return f"{where} is gone; give the words that state it now"
    return f"{where} stands on line {lines[0]}, not {claim.line}; run python -m tests.claims"


def renewed(claim: Claim, text: str) -> Claim:
    """The row with the line on which its words stand now; as it was where they are gone."""
    lines = lines_with(claim.words, text)
    return claim if claim.line in lines or not lines else replace(claim, line=lines[0])


def text_of(claim: Claim) -> str:
    """The lesson of a claim; empty where there is no such file."""
    path = ROOT / "course" / claim.lesson
    return path.read_text(encoding="utf-8") if path.exists() else ""


def added_from(table: Path) -> Iterable[Claim]:
    """The rows of a tab-separated file, which may leave out the chapter of a lesson."""
    for row in table.read_text(encoding="utf-8").splitlines():
        if row.strip():
            number, name, words = row.split("\t")
            [path] = (ROOT / "course").glob(f"*/{Path(name).name}")
            yield Claim(number, path.relative_to(ROOT / "course").as_posix(), 0, words.strip())


def main(tables: list[str]) -> None:
    text = FILE.read_text(encoding="utf-8")
    claims = claims_in(text)
    known = {(claim.number, claim.lesson, claim.words) for claim in claims}
    claims += [
        claim
        for table in tables
        for claim in added_from(Path(table))
        if (claim.number, claim.lesson, claim.words) not in known
    ]
    claims = [renewed(claim, text_of(claim)) for claim in claims]
    claims.sort(key=lambda claim: tuple(map(int, claim.number.split("."))))
    head = _ROW.split(text, maxsplit=1)[0].rstrip("\n")
    FILE.write_text("\n".join([head, *map(str, claims), ""]), encoding="utf-8")
    for claim in claims:
        if mistake := mistake_in(claim, text_of(claim)):
            print(mistake)


if __name__ == "__main__":
    main(sys.argv[1:])
