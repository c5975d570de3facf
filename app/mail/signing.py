"""DKIM: a signature by which the receiver knows that a mail is ours and whole (RFC 6376).

Better left to the mail server where that can do it: dkimpy takes ten milliseconds a mail.
"""

from dataclasses import dataclass, replace
from email.parser import BytesParser
from pathlib import Path

import dkim

from app.mail.message import Mail

# What must not change on the way. RFC 8058 asks for the two that unsubscribe.
_SIGNED = (
    b"from", b"to", b"reply-to", b"subject", b"date", b"message-id", b"mime-version", b"content-type",
    b"auto-submitted", b"list-id", b"list-unsubscribe", b"list-unsubscribe-post",
)  # fmt: skip


class BadKey(ValueError):
    """The key cannot sign; the message says why, for an operator."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A private RSA key (PEM), whose public half stands in DNS at `selector`._domainkey.`domain`."""

    domain: str
    selector: str
    key: bytes

    def signed(self, mail: Mail) -> Mail:
        """The mail with a signature before it. Raises BadKey."""
        return replace(mail, content=self._signature(mail.content) + mail.content)

    def _signature(self, content: bytes) -> bytes:
        names = BytesParser().parsebytes(content, headersonly=True).keys()
        present = {name.lower().encode() for name in names}
        # `from` twice: then a second one, which some programs would show, breaks the signature.
        headers = [b"from", *(name for name in _SIGNED if name in present)]
        try:
            signature: bytes = dkim.sign(
                content,
                self.selector.encode(),
                self.domain.encode(),
                self.key,
                canonicalize=(b"relaxed", b"relaxed"),
                include_headers=headers,
            )
        except (dkim.DKIMException, ValueError) as error:
            raise BadKey(f"DKIM_KEY does not sign: {error}") from error
        return signature


def signer_of(key_file: Path, selector: str, domain: str) -> Signer:
    """The signer with the key in that file. Raises BadKey where it cannot sign."""
    try:
        signer = Signer(domain, selector, key_file.read_bytes())
    except OSError as error:
        raise BadKey(f"DKIM_KEY: {key_file}: {error.strerror}") from error
    signer.signed(Mail("", "", f"From: haven@{domain}\r\n\r\n".encode()))
    return signer
