"""Where somebody finds help that a course cannot give, and how long that may go unchecked."""

from dataclasses import dataclass
from datetime import date, timedelta

# A number on a page of ours may be the one somebody dials; half a year is the longest we trust it.
TRUSTED_FOR = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One place to turn to. `numbers` are as people read them; `region` is where they work."""

    name: str
    region: str
    when: str
    numbers: tuple[str, ...]
    site: str
    is_urgent: bool


@dataclass(frozen=True, slots=True)
class HelpLines:
    """All of them, with the day on which they were checked and how."""

    checked_on: date
    checked_how: str
    lines: tuple[HelpLine, ...]

    def stale_on(self, today: date) -> bool:
        """Whether the numbers were checked too long ago, or on a day yet to come."""
        return not timedelta(0) <= today - self.checked_on <= TRUSTED_FOR
