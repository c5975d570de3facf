"""How long is kept what nobody needs any more, and what goes on which day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

# After a change nothing goes for so long, so that a mistake can be taken back.
NOTICE = timedelta(days=14)


class Kept(Enum):
    """What has a period: a cohort after its end, a guest who did nothing after they were last here,
    a look of staff after its day."""

    COHORTS = "cohorts"
    GUESTS = "guests"
    LOOKS = "looks"


# In days. The first is what holds until an admin chooses: a cohort can still be copied a year later.
CHOICES: Mapping[Kept, tuple[int, ...]] = {
    Kept.COHORTS: (365, 90, 180, 730, 1825),
    Kept.GUESTS: (30, 7, 90, 180),
    Kept.LOOKS: (365, 180, 730, 1825),
}


@dataclass(frozen=True, slots=True)
class Period:
    """So many days something is kept, as it was chosen on `changed_on`; None is never."""

    days: int
    changed_on: date | None = None

    def goes_on(self, ended_on: date) -> date:
        """The first day on which what ended on `ended_on` is no longer there."""
        day = ended_on + timedelta(days=self.days + 1)
        return day if self.changed_on is None else max(day, self.changed_on + NOTICE)

    def gone_before(self, today: date) -> date | None:
        """What ended before this day goes today; None while a change waits."""
        if self.changed_on is not None and today < self.changed_on + NOTICE:
            return None
        return today - timedelta(days=self.days)
