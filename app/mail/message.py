"""The one function that builds every mail.

Some releases of Python 3.11 and older write an encoded word in a header as it is, line breaks and
all, so that a name like `=?utf-8?q?x=0ABcc:...?=` becomes a header of its own. So values with such
words are refused, and the finished bytes are read again and compared with what was meant.
"""

import unicodedata
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr

_HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
]


class BadMessage(ValueError):
    """A value cannot stand in a mail; the message names the header."""


def build_message(
    *, sender: str, to: str, subject: str, text: str, html: str, now: datetime
) -> EmailMessage:
    """A mail to one address, as text and as HTML. Raises BadMessage.

    `sender` is an address, with or without a name: `Haven <haven@example.nl>`.
    """
    name, sender_address = parseaddr(_safe("From", sender))
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = _address("From", sender_address, name)
    message["To"] = _address("To", _safe("To", to))
    message["Subject"] = _safe("Subject", subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=sender_address.rpartition("@")[2])
    # Holiday answers are not sent to what a machine sent (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    require_as_meant(message, to, subject)
    return message


def _safe(header: str, value: str) -> str:
    if "=?" in value:
        raise BadMessage(f"{header}: an encoded word")
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in value):
        raise BadMessage(f"{header}: a control character")
    return value


def _address(header: str, address: str, name: str = "") -> Address:
    try:
        return Address(display_name=name, addr_spec=address)
    except (ValueError, IndexError, MessageError) as error:
        raise BadMessage(f"{header}: not an address") from error


def require_as_meant(message: EmailMessage, to: str, subject: str) -> None:
    """The bytes say what was meant and no more. Raises BadMessage."""
    read = message_from_bytes(message.as_bytes(), policy=policy.SMTP)
    if sorted(read.keys()) != sorted(_HEADERS):
        raise BadMessage(f"headers: {', '.join(read.keys())}")
    if str(read["Subject"]) != subject or str(read["To"]) != to:
        raise BadMessage("Subject or To: not what was meant")
