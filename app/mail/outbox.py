"""Where mails go: a mail server, or a folder to look into while developing."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import Enum
from ipaddress import ip_address
from pathlib import Path
from secrets import token_hex
from typing import Protocol
from urllib.parse import unquote, urlsplit

from app.mail.message import Mail

# Somebody is waiting for the page meanwhile.
PATIENCE = 10.0  # seconds
# Nobody is waiting, and a server may have much to do when the text is there (RFC 5321, 4.5.3.2).
PATIENCE_OF_WORKER = 60.0  # seconds


class Failure(Enum):
    """What a failure means for the mail.

    LATER: it did not go out and may be tried again. NEVER: it did not go out and will not.
    NO_SUCH_ADDRESS: the same, because nobody has that address. UNREACHABLE: the server is not there,
    for this mail or any other. UNKNOWN: the text was handed over and no answer came.
    """

    LATER = "later"
    NEVER = "never"
    NO_SUCH_ADDRESS = "no_such_address"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


class MailFailed(Exception):
    """The mail server did not take the mail; the message says why, for an operator."""

    def __init__(self, why: str, failure: Failure = Failure.LATER) -> None:
        super().__init__(why)
        self.failure = failure


# Called when everything is ready and only the text is still to be handed over: False calls it off.
Fence = Callable[[], bool]
# May be called once, while the mail server thinks about the text: what it does costs no time then.
Meanwhile = Callable[[], object]


def idle() -> None:
    """There is nothing to do meanwhile."""


class Post(Protocol):
    """An open way out, for one mail after another."""

    def deliver(self, mail: Mail, fence: Fence, meanwhile: Meanwhile = idle) -> bool:
        """Hand one mail over; False where `fence` called it off. Raises MailFailed."""


class Outbox(Protocol):
    """Takes mails."""

    def send(self, mail: Mail) -> None:
        """Hand one mail over; raises MailFailed."""

    def opened(self, patience: float = PATIENCE) -> AbstractContextManager[Post]:
        """A way out that stays open; no answer within `patience` seconds is a failure."""


def outbox_at(url: str) -> Outbox:
    """The outbox of `folder:path`, `smtp://user:pw@host:port` or `smtps://…`."""
    parts = urlsplit(url)
    if parts.scheme == "folder":
        return FolderOutbox(Path(unquote(parts.path)))
    return SmtpOutbox(
        host=parts.hostname or "",
        port=parts.port or (465 if parts.scheme == "smtps" else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_tls=parts.scheme == "smtps",
    )


@dataclass(frozen=True, slots=True)
class FolderOutbox:
    """Each mail is a file; nothing leaves the machine."""

    folder: Path

    def opened(self, patience: float = PATIENCE) -> AbstractContextManager[Post]:
        return nullcontext(self)

    def deliver(self, mail: Mail, fence: Fence, meanwhile: Meanwhile = idle) -> bool:
        if not fence():
            return False
        self.send(mail)
        return True

    def send(self, mail: Mail) -> None:
        name = f"{token_hex(8)}.eml"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Under another name until it is whole, so that nobody reads half a mail.
            part = self.folder / f"{name}.part"
            part.touch(mode=0o600)
            part.write_bytes(mail.content)
            part.replace(self.folder / name)
        except OSError as error:
            raise MailFailed(f"{self.folder}: {error.strerror}") from error

    def mails(self) -> Iterator[tuple[str, EmailMessage]]:
        """The mails and their names, the newest first."""
        files = sorted(self.folder.glob("*.eml"), key=_written_at, reverse=True)
        for file in files:
            message = message_from_bytes(file.read_bytes(), EmailMessage, policy=policy.default)
            yield file.stem, message


def _written_at(file: Path) -> int:
    return file.stat().st_mtime_ns


@dataclass(frozen=True, slots=True)
class SmtpOutbox:
    """A mail server. A password goes only to a server whose certificate is right.

    Without a password the line is encrypted where the server offers it and its certificate is not
    judged, as mail servers do among themselves.
    """

    host: str
    port: int
    user: str = ""
    password: str = ""
    is_tls: bool = False

    def send(self, mail: Mail) -> None:
        with self.opened() as post:
            post.deliver(mail, lambda: True)

    def opened(self, patience: float = PATIENCE) -> AbstractContextManager[Post]:
        return closing(_SmtpPost(self, patience))

    def connected(self, patience: float) -> smtplib.SMTP:
        """A line to the server, encrypted and signed in as it should be. Raises MailFailed."""
        server = None
        try:
            server = self._called(patience)
            if not self.is_tls:
                self._encrypt(server)
            if self.user:
                server.login(self.user, self.password)
            server.ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError) as error:
            if server is not None:
                server.close()
            raise MailFailed(f"{self.name}: {error}", Failure.UNREACHABLE) from error
        return server

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"

    def _called(self, patience: float) -> smtplib.SMTP:
        if self.is_tls:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=patience, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=patience)

    def _encrypt(self, server: smtplib.SMTP) -> None:
        server.ehlo()
        if server.has_extn("starttls"):
            context = ssl.create_default_context()
            if not self.user:
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
            server.starttls(context=context)
        elif self.user and not _is_loopback(self.host):
            raise smtplib.SMTPException("STARTTLS is not offered, so the password is not sent")


_Reply = tuple[int, bytes]


class _SmtpPost:
    """A kept connection. It is made at the first mail and made again after it broke.

    The dialogue is spoken here, not by `send_message`, because what has not happened yet when it
    breaks decides whether a mail may be sent again: before its text is handed over always, after
    that never. Where the server allows it (RFC 2920) everything before the text is said in one
    breath, which saves two of the four times that a mail waits for the line.
    """

    def __init__(self, outbox: SmtpOutbox, patience: float) -> None:
        self._outbox = outbox
        self._patience = patience
        self._server: smtplib.SMTP | None = None

    def close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def deliver(self, mail: Mail, fence: Fence, meanwhile: Meanwhile = idle) -> bool:
        try:
            server = self._announce(mail)
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise MailFailed(f"{self._outbox.name}: {error}") from error
        try:
            if not fence():
                # Without a goodbye, so that the server throws away what it was told.
                self._hang_up()
                return False
        except BaseException:
            self._hang_up()
            raise
        try:
            server.send(_as_sent(mail.content))
            meanwhile()
            code, words = server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise MailFailed(f"{self._outbox.name}: {error}", Failure.UNKNOWN) from error
        self._require(code, words, (250,), Failure.NEVER)
        return True

    def _announce(self, mail: Mail) -> smtplib.SMTP:
        """Everything before the text: sender, address, and that the text comes."""
        server, first = self._begun(mail)
        is_in_one_breath = server.has_extn("pipelining")
        # The answer to DATA is waited for also where it does not matter any more, so that the
        # answers to the next mail are its own.
        rest = [server.getreply(), server.getreply()] if is_in_one_breath else []
        if rest and rest[1][0] == 354 and not (first[0] == 250 and rest[0][0] in (250, 251)):
            self._hang_up()  # it waits for a text that does not come
        # What is wrong with the sender is wrong with every mail, and may be put right.
        self._require(*first, (250,), Failure.LATER)
        self._require(*(rest[0] if rest else server.docmd(_to(mail))), (250, 251), Failure.NEVER)
        self._require(*(rest[1] if rest else server.docmd("DATA")), (354,), Failure.NEVER)
        return server

    def _begun(self, mail: Mail) -> tuple[smtplib.SMTP, _Reply]:
        """A line that works, with the answer to the first thing that was said of this mail."""
        if self._server is not None:
            try:
                answer = _say_first(self._server, mail)
                if answer[0] != _CLOSING:
                    return self._server, answer
            except (smtplib.SMTPException, OSError):
                pass  # a server may close a line that was silent for a while
            self._hang_up()
        self._server = self._outbox.connected(self._patience)
        return self._server, _say_first(self._server, mail)

    def _require(self, code: int, words: bytes, wanted: tuple[int, ...], for_good: Failure) -> None:
        """Raises MailFailed where the answer is another than wanted."""
        if code in wanted:
            return
        said = f"{self._outbox.name}: {code} {words.decode(errors='replace')}"
        if code == _CLOSING or self._server is None:
            self._hang_up()
        else:
            try:
                self._server.rset()
            except (smtplib.SMTPException, OSError):
                self._hang_up()
        if not 500 <= code < 600:
            raise MailFailed(said)
        if for_good is Failure.NEVER and words.startswith(_NO_SUCH_ADDRESS):
            raise MailFailed(said, Failure.NO_SUCH_ADDRESS)
        raise MailFailed(said, for_good)

    def _hang_up(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = None


def _say_first(server: smtplib.SMTP, mail: Mail) -> _Reply:
    """Who the mail is from; where the server allows it also whom it is for, and that a text comes."""
    if not server.has_extn("pipelining"):
        return server.docmd(_from(mail))
    server.send(f"{_from(mail)}\r\n{_to(mail)}\r\nDATA\r\n")
    return server.getreply()


# As smtplib says it, but it reads each address once more, which the message was built with.


def _from(mail: Mail) -> str:
    return f"MAIL FROM:<{mail.sender}>"


def _to(mail: Mail) -> str:
    return f"RCPT TO:<{mail.to}>"


_CLOSING = 421
# Enhanced codes (RFC 3463) that speak of the address itself, not of us or of this mail.
_NO_SUCH_ADDRESS = (b"5.1.1", b"5.1.2", b"5.1.10", b"5.1.6", b"5.2.1")


def _as_sent(content: bytes) -> bytes:
    """The text as it goes over the line: a point at the start of a line is doubled (RFC 5321)."""
    ended = content if content.endswith(b"\r\n") else content + b"\r\n"
    return (b"\n" + ended).replace(b"\n.", b"\n..")[1:] + b".\r\n"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
