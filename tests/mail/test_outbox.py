"""Mails arrive at a real mail server, or the sender hears that they did not."""

import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope

from app.mail.message import Mail, build_message
from app.mail.outbox import FolderOutbox, MailFailed, SmtpOutbox, outbox_at

HERE = Path(__file__).parent


class Postman:
    """What the mail server does with mails."""

    def __init__(self, answer: str = "250 OK") -> None:
        self.answer = answer
        self.taken: list[Envelope] = []
        self.encrypted: list[bool] = []

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:
        self.encrypted.append(session.ssl is not None)
        if self.answer.startswith("250"):
            self.taken.append(envelope)
        return self.answer


@pytest.fixture
def serve() -> Iterator[Callable[..., int]]:
    """Starts a mail server on a free port of this machine, and gives the port."""
    started: list[Controller] = []

    def start(postman: Postman, **options: Any) -> int:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port: int = free.getsockname()[1]
        controller = Controller(postman, "127.0.0.1", port, **options)
        controller.start()
        started.append(controller)
        return port

    yield start
    for controller in started:
        controller.stop()


def certificate() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(HERE / "server.crt", HERE / "server.key")
    return context


def only_anna(
    _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any
) -> AuthResult:
    is_anna = (data.login, data.password) == (b"an na", b"p@ss/w")
    return AuthResult(success=is_anna, handled=False)


@pytest.fixture
def mail() -> Mail:
    return build_message(
        sender="Haven <haven@example.nl>",
        to="anna@voorbeeld.nl",
        subject="Je code van Haven",
        text="Één code.",
        html="<p>Één code.</p>",
        now=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    )


def test_a_mail_arrives(serve: Callable[..., int], mail: Mail) -> None:
    postman = Postman()
    outbox_at(f"smtp://127.0.0.1:{serve(postman)}").send(mail)
    [envelope] = postman.taken
    assert envelope.rcpt_tos == ["anna@voorbeeld.nl"]
    assert envelope.mail_from == "haven@example.nl"
    assert isinstance(envelope.content, bytes)
    assert envelope.content.rstrip() == mail.as_bytes().rstrip()
    assert postman.encrypted == [False]


def test_the_line_is_encrypted_where_the_server_offers_it(
    serve: Callable[..., int], mail: Mail
) -> None:
    postman = Postman()
    outbox_at(f"smtp://127.0.0.1:{serve(postman, tls_context=certificate())}").send(mail)
    assert postman.encrypted == [True]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_password_opens_the_server(serve: Callable[..., int], mail: Mail) -> None:
    postman = Postman()
    options = {"authenticator": only_anna, "auth_require_tls": False, "auth_required": True}
    port = serve(postman, **options)
    outbox_at(f"smtp://an%20na:p%40ss%2Fw@127.0.0.1:{port}").send(mail)
    assert len(postman.taken) == 1
    with pytest.raises(MailFailed):
        outbox_at(f"smtp://anna:wrong@127.0.0.1:{port}").send(mail)
    with pytest.raises(MailFailed):
        outbox_at(f"smtp://127.0.0.1:{port}").send(mail)
    assert len(postman.taken) == 1


def test_a_password_never_goes_to_a_server_with_the_wrong_certificate(
    serve: Callable[..., int], mail: Mail
) -> None:
    heard: list[Any] = []

    def listen(*asked: Any) -> AuthResult:
        heard.append(asked)
        return AuthResult(success=True)

    postman = Postman()
    port = serve(postman, tls_context=certificate(), authenticator=listen)
    with pytest.raises(MailFailed, match="certificate"):
        outbox_at(f"smtp://anna:secret@127.0.0.1:{port}").send(mail)
    with pytest.raises(MailFailed):
        outbox_at(f"smtps://anna:secret@127.0.0.1:{port}").send(mail)
    assert (heard, postman.taken) == ([], [])


@pytest.mark.parametrize("answer", ["451 later", "550 no such mailbox", "421 closing"])
def test_a_server_that_refuses_is_heard(answer: str, serve: Callable[..., int], mail: Mail) -> None:
    with pytest.raises(MailFailed, match=answer[:3]):
        outbox_at(f"smtp://127.0.0.1:{serve(Postman(answer))}").send(mail)


def test_a_server_that_is_not_there_is_heard(mail: Mail) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(MailFailed):
        outbox_at(f"smtp://127.0.0.1:{port}").send(mail)


def test_an_outbox_comes_from_its_address() -> None:
    assert outbox_at("folder:var/mail") == FolderOutbox(Path("var/mail"))
    assert outbox_at("smtp://mail.example.nl") == SmtpOutbox("mail.example.nl", 587)
    assert outbox_at("smtps://u%40x:p%3Aw@mail.example.nl") == SmtpOutbox(
        "mail.example.nl", 465, "u@x", "p:w", is_tls=True
    )


def test_a_folder_keeps_each_mail_for_its_owner_alone(tmp_path: Path, mail: Mail) -> None:
    outbox = FolderOutbox(tmp_path / "mail")
    assert list(outbox.mails()) == []
    outbox.send(mail)
    outbox.send(mail)
    files = list((tmp_path / "mail").iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"]
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
    assert [name for name, _ in outbox.mails()] != []


def test_a_folder_that_cannot_be_written_is_heard(tmp_path: Path, mail: Mail) -> None:
    (tmp_path / "mail").write_text("a file, not a folder")
    with pytest.raises(MailFailed):
        FolderOutbox(tmp_path / "mail").send(mail)
