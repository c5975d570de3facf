"""What staff did that others should be able to read back: who, what, when."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

# Who did it where nobody was signed in: an operator's command, or the worker by a rule.
COMMAND, WORKER = "command", "worker"


class Act(Enum):
    """What was done; templates own the sentence."""

    INVITED = "invited"
    MADE_ADMIN = "made_admin"
    MADE_INSTRUCTOR = "made_instructor"
    DISMISSED = "dismissed"
    COHORT_DELETED = "cohort_deleted"
    RETENTION_CHANGED = "retention_changed"
    MAIL_TRIED_AGAIN = "mail_tried_again"


@dataclass(frozen=True, slots=True)
class StaffAct:
    """One line of the log. `who` is an address, COMMAND or WORKER; `about` an address, the name of a
    cohort, what is kept how long ("cohorts 365") or a number of mails."""

    number: int
    done_at: datetime
    who: str
    what: Act
    about: str
