"""Where mails go: a mail server, or a folder to look into while developing."""

import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from secrets import token_hex
from typing import Protocol
from urllib.parse import unquote, urlsplit

# Somebody is waiting for the page meanwhile.
PATIENCE = 10.0  # seconds


class MailFailed(Exception):
    """The mail server did not take the mail; the cause says why, for an operator."""


class Outbox(Protocol):
    """Takes mails."""

    def send(self, message: EmailMessage) -> None:
        """Hand the mail over; raises MailFailed."""


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

    def send(self, message: EmailMessage) -> None:
        name = f"{token_hex(8)}.eml"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Under another name until it is whole, so that nobody reads half a mail.
            part = self.folder / f"{name}.part"
            part.touch(mode=0o600)
            part.write_bytes(message.as_bytes())
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

    def send(self, message: EmailMessage) -> None:
        try:
            with self._connected() as server:
                if not self.is_tls:
                    self._encrypt(server)
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(message)
        except (smtplib.SMTPException, OSError) as error:
            raise MailFailed(f"{self.host}:{self.port}: {error}") from error

    def _connected(self) -> smtplib.SMTP:
        if self.is_tls:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=PATIENCE)

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


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
