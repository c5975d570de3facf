"""Who learns, and what they chose."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from hashlib import blake2b
from zoneinfo import ZoneInfo

from app.learning.days import day_of, zone_named


class Track(Enum):
    """Which cards somebody gets: the core of the course, or all of it."""

    KERN = "kern"
    VERDIEPING = "verdieping"


@dataclass(frozen=True, slots=True)
class Learner:
    """A person who learns; a guest until there is an e-mail address.

    `seed` is random and stays with the person through export and restore: it spreads their
    intervals (`learning/scheduling.py`).
    """

    id: int
    email: str | None
    seed: int
    joined_at: datetime
    zone_name: str
    track: Track
    buttons: int
    simulated: bool = False

    @property
    def is_guest(self) -> bool:
        return self.email is None

    @property
    def mark(self) -> str:
        """What exports of this learner are known by; it says nothing about the person."""
        return self.mark_of(self.seed)

    @staticmethod
    def mark_of(seed: int) -> str:
        """The mark of whoever has that seed."""
        return blake2b(f"haven/{seed}".encode(), digest_size=6).hexdigest()

    @property
    def zone(self) -> ZoneInfo:
        return zone_named(self.zone_name)

    def day_at(self, moment: datetime) -> date:
        """The learner's own day at that moment."""
        return day_of(moment, self.zone)


@dataclass(frozen=True, slots=True)
class Account:
    """A learner who can sign in, with the hash of the password."""

    learner: Learner
    password_hash: str


# A browser that was away for longer signs in again; what it did is kept either way.
SESSION_LASTS = timedelta(days=180)
# The day a session was last used is enough to know; writing more often costs every post a write.
SEEN_AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser; `key` is the hash of the secret in its cookie."""

    key: str
    learner: Learner
    created_at: datetime
    last_seen_at: datetime
    label: str
