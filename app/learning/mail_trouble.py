"""Why a mail did not arrive, told without a word of what the mail server said: that names people."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from app.learning.daily_mail import GRACE
from app.learning.mail_wishes import Due, Stopped

# An enhanced status code (RFC 3463), or the reply code of SMTP alone (RFC 5321, 4.2.1).
_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b(?!\.\d)")
_REPLY = re.compile(r"(?<![\d.:])([45]\d\d)(?![\d.])")


class Trouble(Enum):
    """What went wrong; templates own the sentence."""

    ADDRESS = "address"
    MAILBOX = "mailbox"
    REFUSED = "refused"
    LATER = "later"
    OTHER = "other"


class Again(Enum):
    """What trying again does: send this mail, go on with the next, or nothing."""

    THIS_MAIL = "this_mail"
    NEXT_MAIL = "next_mail"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The trouble, and the codes of the mail server that say so, as far as it gave any."""

    trouble: Trouble
    codes: str


def diagnosis_of(error: str) -> Diagnosis:
    """What an error of the outbox says about the mail."""
    enhanced, reply = _ENHANCED.search(error), _REPLY.search(error)
    status = enhanced[1] if enhanced else ""
    codes = " ".join(filter(None, (reply[1] if reply else "", status)))
    if status.startswith("4") or (not status and codes.startswith("4")):
        return Diagnosis(Trouble.LATER, codes)
    match status.split(".")[1:2]:
        case ["1"]:
            return Diagnosis(Trouble.ADDRESS, codes)
        case ["2"]:
            return Diagnosis(Trouble.MAILBOX, codes)
        case ["7"]:
            return Diagnosis(Trouble.REFUSED, codes)
    if codes[:3] in ("550", "551", "553"):
        return Diagnosis(Trouble.ADDRESS, codes)
    is_late = not codes and error in ("", "too_late")
    return Diagnosis(Trouble.LATER if is_late else Trouble.OTHER, codes)


def again(due: Due, stopped: Stopped | None, paused_until: date | None, now: datetime) -> Again:
    """What trying a dead mail again does for a learner with these wishes.

    A mail of the day is worth something for half a day; where a bounce ended the mail it goes on. What
    the learner ended or paused, or silence did, nobody else takes back.
    """
    if stopped not in (None, Stopped.BOUNCED) or (paused_until and due.day < paused_until):
        return Again.NOTHING
    if now - due.at < GRACE:
        return Again.THIS_MAIL
    return Again.NEXT_MAIL if stopped else Again.NOTHING
