"""What a learner writes about a prompt, and where that is kept."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from uuid import UUID

# Characters; some ten pages. Longer texts are refused, with the text still in the form.
LONGEST_TEXT = 20_000


class Keeping(Enum):
    """Where a learner's writing is kept: the learner chooses once and can change it."""

    SERVER = "server"
    DEVICE = "device"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class JournalWishes:
    """What a learner chose about reflecting. `keeping` is None until the first choice; heavy
    prompts come only to whoever asked for them."""

    keeping: Keeping | None = None
    wants_heavy: bool = False


@dataclass(frozen=True, slots=True)
class Sealed:
    """A reflection as the database has it: who can read it needs the data key of that id."""

    id: UUID
    prompt: str
    day: date
    written_at: datetime
    changed_at: datetime | None
    key: UUID
    text: bytes


@dataclass(frozen=True, slots=True)
class Reflection:
    """A reflection as its learner reads it; `day` is the learner's own."""

    id: UUID
    prompt: str
    day: date
    written_at: datetime
    changed_at: datetime | None
    text: str

    @property
    def is_too_long(self) -> bool:
        return len(self.text) > LONGEST_TEXT


def is_found(reflection: Reflection, question: str, words: str) -> bool:
    """Whether every word of a search stands in the text or in its question; case is no matter."""
    there = f"{reflection.text} {question}".casefold()
    return all(word in there for word in words.casefold().split())
