"""A signature that a receiver can check, and that breaks when anything it covers is changed."""

import subprocess
from pathlib import Path

import dkim
import pytest

from app.mail.message import Mail, Subscription, build_message
from app.mail.outbox import SmtpOutbox
from app.mail.signing import BadKey, Signer, signer_of
from tests.mail.test_message import FINE
from tests.mail_server import mail_server


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dkim") / "key.pem"
    subprocess.run(["openssl", "genrsa", "-out", path, "2048"], check=True, capture_output=True)
    return path


@pytest.fixture(scope="module")
def record(key_file: Path) -> bytes:
    """What stands in DNS."""
    made = subprocess.run(
        ["openssl", "rsa", "-in", key_file, "-pubout"], check=True, capture_output=True
    )
    lines = made.stdout.splitlines()[1:-1]
    return b"v=DKIM1; k=rsa; p=" + b"".join(lines)


@pytest.fixture
def signed(key_file: Path) -> Mail:
    subscription = Subscription("dagelijks.example.nl", "https://haven.example.nl/mail/abc")
    mail = build_message(**FINE, subscription=subscription)
    return signer_of(key_file, "haven", "example.nl").signed(mail)


def is_right(content: bytes, record: bytes) -> bool:
    asked: list[bytes] = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return record

    right = bool(dkim.verify(content, dnsfunc=dns))
    assert asked == [b"haven._domainkey.example.nl."]
    return right


def test_a_signed_mail_arrives_with_a_signature_that_is_right(signed: Mail, record: bytes) -> None:
    with mail_server() as plan:
        SmtpOutbox("127.0.0.1", plan.port).send(signed)
        [taken] = plan.taken
    assert taken["DKIM-Signature"]
    assert is_right(signed.content, record)
    assert is_right(signed.as_bytes(), record)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"/mail/abc>", b"/mail/abd>"),
        (b"One-Click", b"One-Clock"),
        (b"Subject: Je", b"Subject: Jij"),
        (b"Date:", b"From: eve@example.com\r\nDate:"),
        (b"regel", b"regels"),
    ],
)
def test_a_mail_that_is_changed_on_the_way_is_not_ours(
    signed: Mail, record: bytes, old: bytes, new: bytes
) -> None:
    content = signed.as_bytes()
    assert old in content
    assert not is_right(content.replace(old, new, 1), record)


def test_a_key_that_cannot_sign_is_said_to_be_wrong(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("geen sleutel", encoding="utf-8")
    with pytest.raises(BadKey, match="DKIM_KEY"):
        signer_of(tmp_path / "key.pem", "haven", "example.nl")
    with pytest.raises(BadKey, match="No such file"):
        signer_of(tmp_path / "none.pem", "haven", "example.nl")
    with pytest.raises(BadKey):
        Signer("example.nl", "haven", b"").signed(build_message(**FINE))
