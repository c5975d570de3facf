"""A message of an instructor to some of a cohort: whom it reaches, and what may stand in it."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from app.learning.rosters import BETWEEN_MAILS

LONGEST_MESSAGE = 2000


class Reach(Enum):
    """Whether a message goes to somebody, and if not, why."""

    YES = "yes"
    NO_ADDRESS = "no_address"
    NOT_WANTED = "not_wanted"
    THIS_WEEK = "this_week"


@dataclass(frozen=True, slots=True)
class Recipient:
    """What is asked of a member before a message goes out; `last_on` is the day of the last one that
    did, of whichever instructor of the cohort."""

    learner_id: int
    name: str
    has_address: bool
    wants_messages: bool
    last_on: date | None

    def reach(self, today: date) -> Reach:
        """What counts most comes first: who wants none is told nothing of weeks."""
        if not self.wants_messages:
            return Reach.NOT_WANTED
        if not self.has_address:
            return Reach.NO_ADDRESS
        if self.last_on is not None and today < self.last_on + BETWEEN_MAILS:
            return Reach.THIS_WEEK
        return Reach.YES


def plain_text(typed: str) -> str:
    """Lines of text without control characters, as long as they were typed."""
    lines = typed.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = ("".join(char if char.isprintable() else " " for char in line) for line in lines)
    return "\n".join(line.rstrip() for line in kept).strip("\n")
