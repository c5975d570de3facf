"""A learner reads what they wrote; nobody else can."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime
from uuid import UUID

from app.learning.course import Course
from app.learning.people import Learner
from app.learning.reflections import Reflection, Sealed, is_found
from app.secrets.sealing import Keyring, Unreadable, unseal
from app.storage import reflections
from app.storage.keys import Purpose
from app.usecases.open_keys import DataKeys, open_keys
from app.usecases.write_reflection import place_of

PAGE = 50
# More than anybody writes in a life: a search looks at all of it.
_ALL = 100_000
_END = datetime(MAXYEAR, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Journal:
    """Reflections, the last first; `unreadable` counts those that no key opens, and `more_before`
    is the moment before which there are more."""

    reflections: Sequence[Reflection]
    unreadable: int
    more_before: datetime | None = None


def read_journal(
    keyring: Keyring, learner: Learner, before: datetime | None = None, *, is_whole: bool = False
) -> Journal:
    """One page of the journal, from `before` back; or all of it, to be printed."""
    most = _ALL if is_whole else PAGE
    found = reflections.reflections_of(learner.id, before or _END, most + 1)
    journal = _opened(keyring, learner, found[:most])
    more = found[most - 1].written_at if len(found) > most else None
    return Journal(journal.reflections, journal.unreadable, more)


def search_journal(keyring: Keyring, course: Course, learner: Learner, words: str) -> Journal:
    """Every reflection in which, or in the question of which, all the words stand."""
    journal = _opened(keyring, learner, reflections.reflections_of(learner.id, _END, _ALL))

    def question(prompt: str) -> str:
        found = course.prompts.get(prompt)
        return found.question if found else ""

    hits = [each for each in journal.reflections if is_found(each, question(each.prompt), words)]
    return Journal(hits, journal.unreadable)


def read_reflection(keyring: Keyring, learner: Learner, reflection_id: UUID) -> Reflection | None:
    """One of this learner's; None where there is none. Raises Unreadable."""
    sealed = reflections.reflection_of(learner.id, reflection_id)
    return None if sealed is None else _open(open_keys(keyring, learner, Purpose.JOURNAL), sealed)


def _opened(keyring: Keyring, learner: Learner, found: Sequence[Sealed]) -> Journal:
    data_keys = open_keys(keyring, learner, Purpose.JOURNAL) if found else {}
    texts = []
    for sealed in found:
        try:
            texts.append(_open(data_keys, sealed))
        except Unreadable:
            continue
    return Journal(texts, len(found) - len(texts))


def _open(data_keys: DataKeys, sealed: Sealed) -> Reflection:
    if sealed.key not in data_keys:
        raise Unreadable("its key is not there")
    text = unseal(data_keys[sealed.key], sealed.text, place_of(sealed.key, sealed.id))
    return Reflection(
        sealed.id, sealed.prompt, sealed.day, sealed.written_at, sealed.changed_at, text
    )
