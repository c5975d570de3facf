"""Every mail is built by one function, and nothing in a value becomes a header."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from app.mail import accounts
from app.mail.mailer import Mailer
from app.mail.message import BadMessage, Subscription, build_message, require_as_meant
from app.mail.outbox import FolderOutbox

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FINE: dict[str, Any] = {
    "sender": "Haven <haven@example.nl>",
    "to": "anna@voorbeeld.nl",
    "subject": "Je code van Haven",
    "text": "Één regel.\n",
    "html": "<p>Één regel.</p>\n",
    "now": NOW,
}


def build(**given: Any) -> bytes:
    return build_message(**{**FINE, **given}).as_bytes()


def test_a_mail_reads_back_as_it_was_meant() -> None:
    mail = message_from_bytes(build(), policy=policy.default)
    assert mail["From"] == "Haven <haven@example.nl>"
    assert mail["To"] == "anna@voorbeeld.nl"
    assert mail["Subject"] == "Je code van Haven"
    assert mail["Date"].datetime == NOW
    assert mail["Message-ID"].endswith("@example.nl>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert isinstance(mail, EmailMessage)
    contents = [part.get_content().strip() for part in mail.iter_parts()]
    assert contents == ["Één regel.", "<p>Één regel.</p>"]


def test_lines_are_no_longer_than_mail_servers_take() -> None:
    long = build(subject="Een onderwerp " * 20 + "einde", text="é" * 5000, html="é" * 5000)
    assert max(map(len, long.split(b"\r\n"))) <= 78
    assert b"\n" not in long.replace(b"\r\n", b"")


_INJECTIONS = (
    "x\r\nBcc: eve@example.com",
    "x\nBcc: eve@example.com",
    "x\rBcc: eve@example.com",
    "=?utf-8?q?x=0D=0ABcc:_eve@example.com?=",
    "=?UTF-8?B?eA0KQmNjOiBldmVAZXhhbXBsZS5jb20=?=",
    "x\0",
    "x\x85Bcc: eve@example.com",
    "x\u2028Bcc: eve@example.com",
    "x\x0bBcc: eve@example.com",
    "x\ud800",
)


@pytest.mark.parametrize("value", _INJECTIONS)
@pytest.mark.parametrize("header", ["subject", "to", "sender"])
def test_a_value_never_becomes_a_header(header: str, value: str) -> None:
    value = value if header == "subject" else f"{value} <anna@voorbeeld.nl>"
    with pytest.raises(BadMessage):
        build(**{header: value})


@pytest.mark.parametrize("to", ["", "anna", "anna@voorbeeld.nl, eve@example.com", "@", "a b@c.nl"])
def test_a_mail_goes_to_one_address(to: str) -> None:
    with pytest.raises(BadMessage):
        build(to=to)


@pytest.mark.parametrize(
    ("name", "value"), [("Bcc", "eve@example.com"), ("Reply-To", "eve@example.com"), ("X", "y")]
)
def test_a_mail_with_a_header_that_nobody_meant_does_not_go_out(name: str, value: str) -> None:
    mail = build_message(**FINE)
    require_as_meant(mail, FINE["subject"])
    with pytest.raises(BadMessage):
        require_as_meant(replace(mail, to="eve@example.com"), FINE["subject"])
    more = replace(mail, content=f"{name}: {value}\r\n".encode() + mail.content)
    with pytest.raises(BadMessage, match=name):
        require_as_meant(more, FINE["subject"])


def test_what_looks_like_headers_in_the_text_stays_text() -> None:
    mail = message_from_bytes(build(text="\r\nBcc: eve@example.com\r\n\r\nhoi"))
    assert "Bcc" not in mail


@pytest.mark.parametrize(
    ("send", "values"),
    [
        (accounts.send_sign_up_code, ["12345678"]),
        (accounts.send_reset_code, ["12345678"]),
        (accounts.send_already_a_member, []),
        (accounts.send_not_a_member, []),
        (accounts.send_password_changed, []),
    ],
)
def test_each_mail_says_the_same_in_text_and_in_html(
    send: Any, values: list[str], tmp_path: Any
) -> None:
    outbox = FolderOutbox(tmp_path)
    mailer = Mailer(outbox, "Haven <haven@example.nl>", "https://haven.example.nl")
    send(mailer, "anna@voorbeeld.nl", *values, NOW)
    [(_, mail)] = outbox.mails()
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert '<html lang="nl">' in html
    for page in (text, html):
        assert "https://haven.example.nl" in page
        assert "niets te doen" in page
        assert ("1234 5678" in page) is bool(values)
    # A lock screen shows the subject to whoever is near.
    assert mail["Subject"] in ("Je code van Haven", "Over je account bij Haven")


@pytest.mark.parametrize("value", [*_INJECTIONS, "x>, <mailto:eve@example.com", "x y", "é", "a,b"])
@pytest.mark.parametrize("part", ["list_id", "unsubscribe_url", "message_id"])
def test_what_a_mail_says_of_itself_never_becomes_another_header(part: str, value: str) -> None:
    given: dict[str, Any] = {"list_id": "dagelijks.example.nl", "unsubscribe_url": "https://x.nl/a"}
    if part == "message_id":
        if value.isprintable() and "=?" not in value:
            return
        with pytest.raises(BadMessage):
            build(message_id=value)
        return
    with pytest.raises(BadMessage):
        build(subscription=Subscription(**{**given, part: value}))


def test_an_answer_goes_to_who_was_meant() -> None:
    mail = message_from_bytes(build(reply_to="docent@voorbeeld.nl"), policy=policy.default)
    assert mail["Reply-To"] == "docent@voorbeeld.nl"
    assert "Reply-To" not in message_from_bytes(build())


@pytest.mark.parametrize("value", [*_INJECTIONS, "docent", "a@b.nl, eve@example.com", "<a@b.nl>"])
def test_where_an_answer_goes_never_becomes_another_header(value: str) -> None:
    with pytest.raises(BadMessage):
        build(reply_to=value)
    with pytest.raises(BadMessage):
        build(reply_to=f"{value} <docent@voorbeeld.nl>")
