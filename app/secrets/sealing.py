"""What learners write, sealed: AES-256-GCM with a data key per learner, which is wrapped by a key of
`REFLECTION_KEYS` (docs/decisions/0013-sealed-writing.md has the format).

    wrapped data key   1 | nonce (12) | ciphertext and tag     about: the id of the data key
    sealed text        1 | nonce (12) | ciphertext and tag     about: data key id, reflection id

The first byte is the version of the format. `about` is authenticated and not stored: what is moved to
another row does not open.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_VERSION = b"\x01"
_NONCE_BYTES = 12
# So that the length of a ciphertext tells little about that of the text.
_STEP = 256
_NAME = re.compile(r"[a-z0-9-]{1,40}")


class Unreadable(ValueError):
    """What is sealed cannot be opened: another key, another place, or it was changed."""


class BadKeys(ValueError):
    """REFLECTION_KEYS cannot be read; the message says why and repeats no key."""


@dataclass(frozen=True)
class Keyring:
    """The keys that wrap data keys, by name; the first is used for what is new."""

    keys: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def of_text(cls, text: str) -> "Keyring":
        """Read `name:base64,name:base64`, the newest first. Raises BadKeys."""
        keys: dict[str, bytes] = {}
        for part in filter(None, (part.strip() for part in text.split(","))):
            name, _, encoded = part.partition(":")
            try:
                key = base64.b64decode(encoded, altchars=b"-_", validate=True)
            except (binascii.Error, ValueError):
                key = b""
            if not _NAME.fullmatch(name) or len(key) != KEY_BYTES:
                raise BadKeys(
                    f"each looks like 2026:… with {KEY_BYTES} random bytes in base64 "
                    f"(openssl rand -base64 {KEY_BYTES})"
                )
            if name in keys:
                raise BadKeys(f"{name!r} is there twice")
            keys[name] = key
        if not keys:
            raise BadKeys("there is none")
        return cls(keys)

    @property
    def newest(self) -> str:
        """The name of the key that wraps what is new."""
        return next(iter(self.keys))

    def wrap(self, data_key: bytes, about: bytes) -> tuple[str, bytes]:
        """The name of the key used, and the wrapped data key."""
        return self.newest, _encrypt(self.keys[self.newest], data_key, about)

    def unwrap(self, name: str, wrapped: bytes, about: bytes) -> bytes:
        """The data key. Raises Unreadable."""
        if name not in self.keys:
            raise Unreadable(f"REFLECTION_KEYS has no key {name!r}")
        return _decrypt(self.keys[name], wrapped, about)


def new_reflection_keys(name: str) -> str:
    """A value for REFLECTION_KEYS with one fresh key of that name."""
    return f"{name}:{base64.b64encode(token_bytes(KEY_BYTES)).decode()}"


def new_data_key() -> bytes:
    return token_bytes(KEY_BYTES)


def seal(data_key: bytes, text: str, about: bytes) -> bytes:
    """The text, padded to a step of 256 bytes and encrypted."""
    raw = text.encode()
    raw += b"\x80"
    return _encrypt(data_key, raw + bytes(-len(raw) % _STEP), about)


def unseal(data_key: bytes, sealed: bytes, about: bytes) -> str:
    """The text again. Raises Unreadable."""
    return _decrypt(data_key, sealed, about).rstrip(b"\0")[:-1].decode()


def device_key_of(data_key: bytes) -> bytes:
    """The key with which a browser keeps writing that never leaves the device.

    The device has the writing and no key, the server has the key and no writing.
    """
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"haven device journal").derive(data_key)


def _encrypt(key: bytes, raw: bytes, about: bytes) -> bytes:
    nonce = token_bytes(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, raw, _VERSION + about)


def _decrypt(key: bytes, sealed: bytes, about: bytes) -> bytes:
    version, nonce, rest = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if version != _VERSION:
        raise Unreadable("made in a format that this release does not know")
    try:
        return AESGCM(key).decrypt(nonce, rest, version + about)
    except (InvalidTag, ValueError) as error:
        raise Unreadable("it does not open with this key in this place") from error
