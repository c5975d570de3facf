"""A finished mail goes to the mail server, and what the server said becomes a state of its row."""

from collections.abc import Callable
from dataclasses import dataclass

from app.learning.daily_mail import MailState
from app.mail.message import BadMessage, Mail
from app.mail.outbox import Failure, Fence, MailFailed, Meanwhile, Post, idle

_LONGEST_ERROR = 300

_STATE_AFTER = {
    Failure.LATER: MailState.WAITING,
    Failure.UNREACHABLE: MailState.WAITING,
    Failure.NEVER: MailState.DEAD,
    Failure.NO_SUCH_ADDRESS: MailState.DEAD,
    Failure.UNKNOWN: MailState.IN_DOUBT,
}


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What became of a mail; `state` is None where another worker took it over meanwhile."""

    state: MailState | None
    error: str = ""
    failure: Failure | None = None


def hand_over_mail(
    post: Post, build: Callable[[], Mail], fence: Fence, meanwhile: Meanwhile = idle
) -> HandedOver:
    """Build the mail and deliver it; `fence` is asked just before its text goes over the line, and
    `meanwhile` is done while the mail server thinks about it."""
    try:
        return HandedOver(MailState.SENT if post.deliver(build(), fence, meanwhile) else None)
    except BadMessage as bad:
        return HandedOver(MailState.DEAD, str(bad))
    except MailFailed as failed:
        error = " ".join(str(failed).split())[:_LONGEST_ERROR]
        return HandedOver(_STATE_AFTER[failed.failure], error, failed.failure)
