"""How a card of ours looks in Anki: one type of note for each kind of card."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from app.learning.course import CardKind

# Ids of Anki's are moments in ms, and it mends those of the future. These are for ever: a type with
# another id is another type to Anki, with its own notes.
_FIRST_NOTE_TYPE = 1_735_689_600_000

_GUID = re.compile(r"haven:([a-z0-9]+(?:-[a-z0-9]+)*):([0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class AnkiNote:
    """A card as Anki shows it; texts are HTML, keys of `fields` those of its NoteType."""

    kind: CardKind
    deck: str
    fields: Mapping[str, str]
    tags: Sequence[str]


@dataclass(frozen=True, slots=True)
class NoteType:
    """The fields of a kind of card, in order, and what stands on its front and back."""

    id: int
    name: str
    fields: Sequence[str]
    front: str
    back: str


def guid_of(card: str, mark: str) -> str:
    """What a note is found by, for ever: the card, and the mark of the learner whose log it holds."""
    return f"haven:{card}:{mark}"


def card_of_guid(guid: str) -> tuple[str, str] | None:
    """The card and the mark in a guid of ours; None for a note of somebody else's."""
    found = _GUID.fullmatch(guid)
    return None if found is None else (found[1], found[2])


_SITUATION = '{{#Situatie}}<div class="situatie">{{Situatie}}</div>{{/Situatie}}\n'
_QUESTION = '<div class="vraag">{{Vraag}}</div>\n'
_HINT = "{{#Hint}}{{hint:Hint}}{{/Hint}}\n"
_ANSWER = '{{FrontSide}}\n<hr id="answer">\n{{Antwoord}}\n'
_EXPLANATION = "{{Uitleg}}\n"
_OPTIONS = '<div class="opties">{{Opties}}</div>\n'
_EXPLAINED = '<div class="uitleg">{{Opties uitgelegd}}</div>\n'
_SOURCE = '<div class="bron">{{Bron}}</div>\n'

_PLAIN = ("Vraag", "Hint", "Antwoord", "Uitleg", "Bron")
_PLAIN_BACK = _ANSWER + _EXPLANATION + _SOURCE

NOTE_TYPES: Mapping[CardKind, NoteType] = MappingProxyType(
    {
        kind: NoteType(_FIRST_NOTE_TYPE + number, f"Haven {kind.value}", fields, front, back)
        for number, (kind, fields, front, back) in enumerate(
            (
                (CardKind.QUESTION, _PLAIN, _QUESTION + _HINT, _PLAIN_BACK),
                (CardKind.CLOZE, _PLAIN, _QUESTION + _HINT, _PLAIN_BACK),
                (
                    CardKind.RECOGNISE,
                    ("Vraag", "Situatie", *_PLAIN[1:]),
                    _SITUATION + _QUESTION + _HINT,
                    _PLAIN_BACK,
                ),
                (CardKind.CONTRAST, _PLAIN, _QUESTION + _HINT, _PLAIN_BACK),
                (
                    CardKind.CHOICE,
                    ("Vraag", "Opties", "Opties uitgelegd", *_PLAIN[1:]),
                    _QUESTION + _OPTIONS + _HINT,
                    _ANSWER + _EXPLAINED + _EXPLANATION + _SOURCE,
                ),
            )
        )
    }
)

# The colours and the quiet of Haven; Anki puts `nightMode` on the card in the dark.
STYLE = """\
.card {
  max-width: 34rem; margin: 1.5rem auto; padding: 0 1rem;
  background: #faf6ef; color: #2a2622;
  font: 1.15rem/1.6 Literata, Georgia, serif; text-align: start;
}
.situatie { margin-block-end: 1em; }
.antwoord { font-weight: 600; }
.uitleg, .bron, .hint { color: #655b50; }
.uitleg { margin-block-start: 0.6em; }
.bron { margin-block-start: 1.5em; font-size: 0.85em; }
.opties ul, .uitleg ul { padding-inline-start: 1.2em; }
a { color: #1b5a63; }
hr { border: 0; border-block-start: 1px solid #ddd2c2; margin-block: 1.2em; }
.card.nightMode { background: #1b1a18; color: #e9e2d6; }
.nightMode .uitleg, .nightMode .bron, .nightMode .hint { color: #b5aa9b; }
.nightMode a { color: #94cbc9; }
.nightMode hr { border-color: #3d3832; }
"""
