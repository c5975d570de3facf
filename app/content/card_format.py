"""One entry of a cards file -> a Card. A new kind of card is one function here."""

import re
from collections.abc import Callable
from enum import Enum
from typing import TypeVar

from app.content.entries import Entry, check_keys
from app.content.lesson_format import replace_spans
from app.content.problems import Problem
from app.learning.course import Basis, Card, CardKind, Option, Place
from app.learning.people import Track

LONGEST_ANSWER = 25  # words

# A gap may hold a marked stretch, [secure base]{taal: en}; behind a ] stands a mark and no gap.
_GAP = re.compile(r"(?<!\])\{((?:\[[^\[\]{}]*\]\{[^{}]*\}|[^{}])*)\}")
_LIST_QUESTION = re.compile(
    r"^(noem|som|geef)\b.*\b(twee|drie|vier|vijf|zes|zeven|alle|de)\b"
    r"|^(welke|wat zijn de)\s+(twee|drie|vier|vijf|zes|zeven)\b",
    re.IGNORECASE,
)
Choice = TypeVar("Choice", bound=Enum)
Built = tuple[str, str, str, tuple[Option, ...]]  # situation, question, answer, options

_COMMON = ("soort", "begrip", "bron", "uitleg")
_COMMON_OPTIONAL = ("item", "spoor", "label", "hint")


def parse_card(entry: Entry, problems: list[Problem]) -> Card | None:
    """The card an entry describes, or None where it cannot be one."""
    kind = chosen(CardKind, entry, "soort", problems)
    if kind is None:
        if not entry.text("soort"):
            problems.append(Problem(entry.place, f"'{entry.id}' heeft geen 'soort:'."))
        return None
    own_keys, build = _KINDS[kind]
    check_keys(
        entry,
        required=[*_COMMON, *own_keys],
        optional=_COMMON_OPTIONAL,
        repeatable=["begrip", "bron", "item", "fout"],
        problems=problems,
    )
    situation, question, answer, options = build(entry, problems)
    _check_answer(entry, answer, problems)
    concepts = entry.names("begrip")
    if kind is CardKind.CONTRAST and len(concepts) != 2:
        problems.append(
            Problem(
                entry.place_of("begrip"), f"'{entry.id}': een verschilkaart noemt twee begrippen."
            )
        )
    return Card(
        id=entry.id,
        kind=kind,
        concepts=concepts,
        items=entry.names("item") or concepts[:1],
        track=chosen(Track, entry, "spoor", problems) or Track.VERDIEPING,
        basis=chosen(Basis, entry, "label", problems) if entry.text("label") else None,
        references=entry.names("bron"),
        situation=situation,
        question=question,
        answer=answer,
        explanation=entry.text("uitleg"),
        hint=entry.text("hint"),
        options=options,
        place=entry.place,
    )


def _question(entry: Entry, problems: list[Problem]) -> Built:
    question = entry.text("vraag")
    if _LIST_QUESTION.search(question):
        problems.append(
            Problem(
                entry.place_of("vraag"),
                f"'{entry.id}' vraagt om een lijst. Maak er losse invulkaarten van "
                "(soort: invul), één per onderdeel.",
            )
        )
    return "", question, entry.text("antwoord"), ()


def _cloze(entry: Entry, problems: list[Problem]) -> Built:
    text = entry.text("tekst")
    gaps = _GAP.findall(text)
    if text and (len(gaps) != 1 or not gaps[0].strip()):
        problems.append(
            Problem(
                entry.place_of("tekst"),
                f"'{entry.id}': een invulkaart heeft precies één stuk tussen accolades, "
                "zoals {hechting}.",
            )
        )
    answer = gaps[0].strip() if gaps else ""
    return "", _GAP.sub("…", text), answer, ()


def _recognise(entry: Entry, problems: list[Problem]) -> Built:
    _, question, answer, _ = _question(entry, problems)
    return entry.text("situatie"), question, answer, ()


def _choice(entry: Entry, problems: list[Problem]) -> Built:
    right = _options(entry, "goed", problems)
    wrong = _options(entry, "fout", problems)
    if not 2 <= len(wrong) <= 4:
        problems.append(
            Problem(
                entry.place_of("fout"),
                f"'{entry.id}': een meerkeuzekaart heeft twee tot vier foute opties, "
                f"hier {len(wrong)}.",
            )
        )
    answer = right[0].text if right else ""
    return "", entry.text("vraag"), answer, (*right, *wrong)


_KINDS: dict[CardKind, tuple[tuple[str, ...], Callable[[Entry, list[Problem]], Built]]] = {
    CardKind.QUESTION: (("vraag", "antwoord"), _question),
    CardKind.CLOZE: (("tekst",), _cloze),
    CardKind.RECOGNISE: (("situatie", "vraag", "antwoord"), _recognise),
    CardKind.CONTRAST: (("vraag", "antwoord"), _question),
    CardKind.CHOICE: (("vraag", "goed", "fout"), _choice),
}


def _options(entry: Entry, key: str, problems: list[Problem]) -> tuple[Option, ...]:
    options = []
    for value in entry.texts(key):
        text, _, explanation = (part.strip() for part in value.text.partition("|"))
        if not text or not explanation:
            problems.append(
                Problem(
                    Place(entry.file, value.line),
                    f"'{entry.id}': schrijf '{key}: optie | uitleg'; één van de twee ontbreekt.",
                )
            )
        options.append(Option(text, explanation, is_right=key == "goed"))
    return tuple(options)


def _check_answer(entry: Entry, answer: str, problems: list[Problem]) -> None:
    words = len(replace_spans(answer, {}).split())
    if words > LONGEST_ANSWER:
        problems.append(
            Problem(
                entry.place_of("antwoord"),
                f"'{entry.id}': het antwoord telt {words} woorden; "
                f"hooguit {LONGEST_ANSWER}. Zet de rest in 'uitleg:'.",
            )
        )


def chosen(choices: type[Choice], entry: Entry, key: str, problems: list[Problem]) -> Choice | None:
    """The member of `choices` whose Dutch word stands behind `key`."""
    word = entry.text(key)
    for choice in choices:
        if choice.value == word:
            return choice
    if word:
        words = ", ".join(choice.value for choice in choices)
        problems.append(
            Problem(
                entry.place_of(key),
                f"'{entry.id}': '{key}: {word}' bestaat niet. Kies uit: {words}.",
            )
        )
    return None
