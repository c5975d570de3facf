"""The words of the course files that no word list has: not hunspell's, not our own."""

import re
import subprocess
from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from app.content.problems import Problem
from app.learning.course import Place

OWN_WORDS = "course/woordenlijst.txt"

_HUNSPELL = ("hunspell", "-d", "nl_NL", "-i", "utf-8", "-l")

# What is not Dutch (another language, the names in a citation), and what is typed for the computer.
_FOREIGN = re.compile(r"\[[^\[\]]*\]\{(?:taal|bron):[^{}]*\}")
_IDS = re.compile(
    r"\]\{\w+:[^{}]*\}|\[\[.*?\]\]"
    r"|^(?:begrip|begrippen|bron|bronnen|doi|item|leert|soort):.*|^verward:[^|\n]*|^## [a-z0-9-]+$",
    re.MULTILINE,
)
# What hyphens join is judged part by part, and no part of one letter is wrong.
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)+|[^\W\d_]{2,}")
# Titles in any language.
_UNREAD = "bronnen.md"


class NoDictionary(RuntimeError):
    """Hunspell or its Dutch dictionary is not on this machine."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word that somebody reads, and where it stands."""

    text: str
    place: Place


def check_spelling(root: Path) -> list[Problem]:
    """Every word of lessons, cards, concepts and prompts that no word list has."""
    return [
        Problem(
            word.place,
            f"'{word.text}' staat in geen woordenlijst. Verbeter het, schrijf "
            f"[{word.text}]{{taal: en}} als het Engels is, of zet het in {OWN_WORDS}.",
        )
        for word in unknown_words(root)
    ]


def unknown_words(root: Path) -> list[Word]:
    """The words below `root` that no word list has, in the order in which they stand there."""
    words = [
        word
        for path in [*sorted(root.glob("course/*/*.md")), *sorted(root.glob("cards/*/*.md"))]
        if path.name != _UNREAD
        for word in words_of(path.relative_to(root).as_posix(), _text(path))
    ]
    unknown = _unknown_to_hunspell({word.text for word in words})
    own = _own_words(root)
    return [word for word in words if word.text in unknown and not _is_own(word.text, own)]


def words_of(file: str, text: str) -> Iterator[Word]:
    """The Dutch words that a reader of this file gets to see."""
    dutch = _IDS.sub("", _FOREIGN.sub(_line_breaks, text))
    for number, line in enumerate(dutch.split("\n"), start=1):
        for word in _WORD.findall(line):
            yield Word(word, Place(file, number))


def _line_breaks(match: re.Match[str]) -> str:
    # So that everything below stays on its line.
    return "\n" * match[0].count("\n")


def _unknown_to_hunspell(words: Set[str]) -> set[str]:
    try:
        answer = subprocess.run(
            _HUNSPELL,
            input="\n".join(sorted(words)) + "\n",
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        raise NoDictionary from error
    return set(answer.stdout.split("\n"))


def _own_words(root: Path) -> set[str]:
    path = root / OWN_WORDS
    return set(_text(path).split("\n")) if path.exists() else set()


def _is_own(word: str, own: Set[str]) -> bool:
    """Also at the start of a sentence, and of a name also what is somebody's."""
    word = re.sub("['’]s$", "", word)
    return word in own or word[0].lower() + word[1:] in own


def _text(path: Path) -> str:
    # What cannot be read is told by `check-course`.
    return path.read_text(encoding="utf-8-sig", errors="replace")
