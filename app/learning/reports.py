"""What a learner tells the author about a card that is not right."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

# Characters: enough to say what is wrong, and nobody pastes a book.
LONGEST_MESSAGE = 2000


@dataclass(frozen=True, slots=True)
class Report:
    """One report. `version` is that of the card that was seen (`Card.version`); the message may be
    empty, as it is for a missed card of which only was said that the question is no good."""

    id: UUID
    card: str
    version: str
    message: str
    reported_at: datetime
