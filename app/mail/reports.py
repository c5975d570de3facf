"""Reading what mail servers send back: bounces (RFC 3464) and complaints (RFC 5965).

Anybody can send such a mail, so nothing of it is trusted but its shape: it only counts for a mail
that we sent, to the address we sent it to, and no more of it is read than that takes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_bytes, message_from_string, policy
from email.errors import MessageError
from email.message import Message

from app.learning.daily_mail import Returned

# A bounce holds at most the mail itself, which is under 30 KB, and some words.
LARGEST_REPORT = 500_000  # bytes

# Feedback-Type (RFC 5965, 7.3) of somebody who does not want this mail; the others are about how
# it was signed or that it was no spam after all.
_COMPLAINTS = ("abuse", "fraud", "opt-out")
# Failures for good (RFC 3463) that pass: a full mailbox, trouble of the system or the network on the
# way, and rules about the sender. They say nothing about the address.
_MAY_PASS = ("5.2.2", "5.3.", "5.4.", "5.7.")


class BadReport(ValueError):
    """This is no report about a mail; the message says why, for an operator."""


@dataclass(frozen=True, slots=True)
class Report:
    """What happened to the mail with that Message-ID; `addresses` are those it was for, in small
    letters, and empty where the report does not say."""

    message_id: str
    returned: Returned
    addresses: frozenset[str] = frozenset()


def read_report(raw: bytes) -> list[Report]:
    """What a mail reports: one for every receiver, none where a mail is only late or did arrive.

    Raises BadReport.
    """
    if len(raw) > LARGEST_REPORT:
        raise BadReport(f"more than {LARGEST_REPORT} bytes")
    try:
        return _reports(message_from_bytes(raw, Message, policy=policy.compat32))
    except (MessageError, RecursionError, UnicodeError, LookupError) as error:
        raise BadReport("not a mail that can be read") from error


def _reports(mail: Message) -> list[Report]:
    if mail.get_content_type() != "multipart/report":
        raise BadReport("not a multipart/report")
    by_type = {part.get_content_type(): part for part in reversed(_blocks(mail))}
    message_id = _message_id(by_type)
    if "message/feedback-report" in by_type:
        fields = _blocks(by_type["message/feedback-report"])
        is_complaint = any(_word(block, "Feedback-Type") in _COMPLAINTS for block in fields)
        return [Report(message_id, Returned.COMPLAINT)] if is_complaint else []
    if "message/delivery-status" not in by_type:
        raise BadReport("no delivery status and no feedback report in it")
    blocks = _blocks(by_type["message/delivery-status"])
    receivers = [block for block in blocks if "Action" in block]
    if not receivers:
        raise BadReport("a delivery status without a receiver")
    return [
        Report(message_id, _returned(_word(block, "Status")), _addresses(block))
        for block in receivers
        if _word(block, "Action") == "failed" and _addresses(block)
    ]


def _message_id(by_type: dict[str, Message]) -> str:
    """The Message-ID of the mail that came back, which is whole or only its head."""
    whole, head = by_type.get("message/rfc822"), by_type.get("text/rfc822-headers")
    found: Iterable[Message] = ()
    if whole is not None:
        found = _blocks(whole)
    elif head is not None:
        payload = head.get_payload(decode=True)
        words = payload.decode("ascii", "replace") if isinstance(payload, bytes) else ""
        found = [message_from_string(words.lstrip(), Message, policy=policy.compat32)]
    for message in found:
        message_id = "".join(str(message.get("Message-ID", "")).split())
        if message_id:
            return message_id
    raise BadReport("it does not hold the Message-ID of the mail it is about")


def _blocks(part: Message) -> list[Message]:
    found = part.get_payload()
    blocks = found if isinstance(found, list) else []
    return [block for block in blocks if isinstance(block, Message)]


def _word(block: Message, name: str) -> str:
    """The first word of a field, in small letters and without a comment behind it."""
    words = str(block.get(name, "")).lower().split("(")[0].split()
    return words[0] if words else ""


def _returned(status: str) -> Returned:
    is_for_good = status.startswith("5.") and not status.startswith(_MAY_PASS)
    return Returned.HARD if is_for_good else Returned.SOFT


def _addresses(block: Message) -> frozenset[str]:
    """`rfc822; anna@example.nl`, as it was given and as it was in the end."""
    fields = [str(block.get(name, "")) for name in ("Original-Recipient", "Final-Recipient")]
    given = [field.rpartition(";")[2].strip().strip("<>").lower() for field in fields]
    return frozenset(address for address in given if address)
