"""The one function that builds every mail.

Some releases of Python 3.11 and older write an encoded word in a header as it is, line breaks and
all, so that a name like `=?utf-8?q?x=0ABcc:...?=` becomes a header of its own. So values with such
words are refused, and the finished bytes are read again and compared with what was meant.
"""

import re
import unicodedata
from binascii import b2a_qp
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime, make_msgid, parseaddr
from functools import lru_cache
from secrets import token_hex

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
# How a line begins that belongs to the header before it.
_GOES_ON = (b" ", b"\t")
_LIST_HEADERS = ("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post")
_PARSER = BytesParser(policy=policy.compat32)
# What nearly every address looks like; others are parsed.
_PLAIN_ADDRESS = re.compile(r"[\w+-]+(\.[\w+-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)


class BadMessage(ValueError):
    """A value cannot stand in a mail; the message names the header."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a mail that somebody asked for says about stopping it (RFC 2919 and RFC 8058).

    `list_id` names the kind of mail like a host; a POST to `unsubscribe_url` ends it.
    """

    list_id: str
    unsubscribe_url: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A finished mail: the addresses of its envelope, and its bytes."""

    sender: str
    to: str
    content: bytes

    def as_bytes(self) -> bytes:
        return self.content

    def read(self) -> EmailMessage:
        """As a program that gets it reads it."""
        return message_from_bytes(self.content, EmailMessage, policy=policy.default)


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
    reply_to: str = "",
) -> Mail:
    """A mail to one address, as text and as HTML. Raises BadMessage.

    `sender` is an address, with or without a name: `Haven <haven@example.nl>`. A mail that is tried
    again has the `message_id` it had before; others get a new one. Answers go to `reply_to`, if given.

    The bytes are put together here, because `email` takes ten times as long: that is as much as all
    the rest of a mail together (`make bench`).
    """
    whole_sender, sender_address = _sender(sender)
    if not _PLAIN_ADDRESS.fullmatch(to):
        _address("To", _safe("To", to))
    # Such a boundary cannot stand in quoted-printable text.
    boundary = f"=_{token_hex(12)}"
    headers = {
        "From": whole_sender,
        "To": to,
        "Subject": _safe("Subject", subject),
        "Date": format_datetime(now),
        "Message-ID": _safe("Message-ID", message_id) or new_message_id(sender),
        # Holiday answers are not sent to what a machine sent (RFC 3834).
        "Auto-Submitted": "auto-generated",
        "Content-Language": "nl",
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="{boundary}"',
    }
    if subscription is not None:
        headers["List-Id"] = f"<{_word('List-Id', subscription.list_id)}>"
        address = _word("List-Unsubscribe", subscription.unsubscribe_url)
        headers["List-Unsubscribe"] = f"<{address}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if reply_to:
        _address("Reply-To", _word("Reply-To", reply_to))
        headers["Reply-To"] = reply_to
    parts = "".join(_part(kind, body, boundary) for kind, body in (("plain", text), ("html", html)))
    lines = "".join(_line(name, value) for name, value in headers.items())
    mail = Mail(sender_address, to, f"{lines}\r\n{parts}--{boundary}--\r\n".encode("ascii"))
    list_headers = () if subscription is None else _LIST_HEADERS
    reply_headers = ("Reply-To",) if reply_to else ()
    require_as_meant(mail, subject, _HEADERS + list_headers + reply_headers)
    return mail


@lru_cache(maxsize=16)
def _sender(sender: str) -> tuple[str, str]:
    """The sender as it stands in the header, and the bare address."""
    name, address = parseaddr(_safe("From", sender))
    return str(_address("From", address, name)), address


def _part(kind: str, body: str, boundary: str) -> str:
    lines = "\r\n".join([*body.splitlines(), ""])
    encoded = b2a_qp(lines.encode("utf-8", "replace"), istext=True).decode("ascii")
    return (
        f'--{boundary}\r\nContent-Type: text/{kind}; charset="utf-8"\r\n'
        f"Content-Transfer-Encoding: quoted-printable\r\n\r\n{encoded}\r\n"
    )


def _line(name: str, value: str) -> str:
    """One header. What programs read word for word stays in one line, however long it is."""
    if value.isascii() and (name not in ("From", "To", "Subject") or len(name + value) <= 76):
        return f"{name}: {value}\r\n"
    folded: str = policy.SMTP.fold(name, policy.SMTP.header_factory(name, value))
    return folded


def new_message_id(sender: str) -> str:
    """An id that no other mail has, at the domain of the sender."""
    return make_msgid(domain=_sender(sender)[1].rpartition("@")[2])


def _safe(header: str, value: str) -> str:
    if "=?" in value:
        raise BadMessage(f"{header}: an encoded word")
    if not value.isprintable() and any(
        unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in value
    ):
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


def require_as_meant(mail: Mail, subject: str, names: Collection[str] = _HEADERS) -> None:
    """The bytes say what was meant and no more. Raises BadMessage."""
    # Only what stands before the text is read, and only two values: the rest is words of ours.
    head, _, _ = mail.content.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    if any(b"\r" in line or b"\n" in line for line in lines):
        raise BadMessage("headers: a line that ends in half")
    begun = [line for line in lines if not line.startswith(_GOES_ON)]
    found = [line.partition(b":")[0].decode("ascii", "replace") for line in begun]
    if sorted(found) != sorted(names):
        raise BadMessage(f"headers: {', '.join(found)}")
    for name, meant in (("To", mail.to), ("Subject", subject)):
        # What stands in one line as it was meant needs no reading.
        if not _stands_in_one_line(lines, f"{name}: {meant}"):
            _require_reads_as(head, name, meant)


def _stands_in_one_line(lines: Sequence[bytes], header: str) -> bool:
    line = header.encode("utf-8", "surrogatepass")
    after = lines[lines.index(line) + 1 :] if line in lines else [b" "]
    return not (after and after[0].startswith(_GOES_ON))


def _require_reads_as(head: bytes, name: str, meant: str) -> None:
    read = str(_PARSER.parsebytes(head + b"\r\n\r\n", headersonly=True)[name])
    if read != meant and str(policy.SMTP.header_fetch_parse(name, read)) != meant:
        raise BadMessage("Subject or To: not what was meant")
