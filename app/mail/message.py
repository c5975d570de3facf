"""The one function that builds every mail.

Some releases of Python 3.11 and older write an encoded word in a header as it is, line breaks and
all, so that a name like `=?utf-8?q?x=0ABcc:...?=` becomes a header of its own. So values with such
words are refused, and the finished bytes are read again and compared with what was meant.
"""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime, make_msgid, parseaddr

_HEADERS = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
)
_LIST_HEADERS = ("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post")
# Python breaks a long line between words, and encodes a word that is too long in itself, which no
# program looks for in an address. This is as long as a line may be (RFC 5322, 2.1.1).
_UNBROKEN = policy.SMTP.clone(max_line_length=998)


class BadMessage(ValueError):
    """A value cannot stand in a mail; the message names the header."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a mail that somebody asked for says about stopping it (RFC 2919 and RFC 8058).

    `list_id` names the kind of mail like a host; a POST to `unsubscribe_url` ends it.
    """

    list_id: str
    unsubscribe_url: str


def build_message(
    *,
    sender: str,
    to: str,
    subject: str,
    text: str,
    html: str,
    now: datetime,
    message_id: str = "",
    subscription: Subscription | None = None,
) -> EmailMessage:
    """A mail to one address, as text and as HTML. Raises BadMessage.

    `sender` is an address, with or without a name: `Haven <haven@example.nl>`. A mail that is tried
    again has the `message_id` it had before; others get a new one.
    """
    name, sender_address = parseaddr(_safe("From", sender))
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = _address("From", sender_address, name)
    message["To"] = _address("To", _safe("To", to))
    message["Subject"] = _safe("Subject", subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = _safe("Message-ID", message_id) or new_message_id(sender)
    # Holiday answers are not sent to what a machine sent (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    names: Collection[str] = _HEADERS
    if subscription is not None:
        names = (*_HEADERS, *_LIST_HEADERS)
        message["List-Id"] = f"<{_word('List-Id', subscription.list_id)}>"
        address = _word("List-Unsubscribe", subscription.unsubscribe_url)
        message["List-Unsubscribe"] = f"<{address}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = "nl"
    if subscription is not None:
        message.policy = _UNBROKEN
    require_as_meant(message, to, subject, names)
    return message


def new_message_id(sender: str) -> str:
    """An id that no other mail has, at the domain of the sender."""
    return make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2])


def _safe(header: str, value: str) -> str:
    if "=?" in value:
        raise BadMessage(f"{header}: an encoded word")
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in value):
        raise BadMessage(f"{header}: a control character")
    return value


def _word(header: str, value: str) -> str:
    """`value` if it can stand between angle brackets."""
    if not value.isascii() or set(_safe(header, value)) & set("<> ,"):
        raise BadMessage(f"{header}: not an address")
    return value


def _address(header: str, address: str, name: str = "") -> Address:
    try:
        return Address(display_name=name, addr_spec=address)
    except (ValueError, IndexError, MessageError) as error:
        raise BadMessage(f"{header}: not an address") from error


def require_as_meant(
    message: EmailMessage, to: str, subject: str, names: Collection[str] = _HEADERS
) -> None:
    """The bytes say what was meant and no more. Raises BadMessage."""
    # Only what stands before the text is read, and only two values: the rest is words of ours.
    read = BytesParser(policy=policy.compat32).parsebytes(message.as_bytes(), headersonly=True)
    if sorted(read.keys()) != sorted(names):
        raise BadMessage(f"headers: {', '.join(read.keys())}")
    for name, meant in (("To", to), ("Subject", subject)):
        if str(policy.SMTP.header_fetch_parse(name, read[name])) != meant:
            raise BadMessage("Subject or To: not what was meant")
