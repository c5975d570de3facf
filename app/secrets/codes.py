"""Secrets of browsers and the codes that are mailed: only hashes of them are kept."""

import hmac
from hashlib import sha256
from secrets import choice, randbelow, token_hex, token_urlsafe

CODE_DIGITS = 8
# Without what is mistaken for another: i, l, o, u, v, 0, 1.
_CLEAR = "abcdefghjkmnpqrstwxyz23456789"


def new_secret() -> str:
    """What a browser keeps in its cookie: 256 random bits."""
    return token_urlsafe(32)


def new_token() -> str:
    """What stands in an address that only its owner is to know: 128 random bits."""
    return token_urlsafe(16)


def key_of(secret: str) -> str:
    """What the database keeps of a browser's secret."""
    return sha256(secret.encode()).hexdigest()


def new_id() -> str:
    """A name that nobody can guess, for an address: 64 random bits."""
    return token_hex(8)


def new_join_code() -> str:
    """Eight random letters and digits that are read aloud without a mistake: 39 bits."""
    return "".join(choice(_CLEAR) for _ in range(8))


def new_code() -> str:
    """Eight random digits, to be typed by a person."""
    return f"{randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def code_hash_of(code: str, secret: str) -> str:
    """What the database keeps of a code.

    Eight digits are soon guessed from a plain hash. The browser's secret is the key of this one,
    and the database does not have that: the code is worth nothing to another browser, or to a thief
    of the database.
    """
    return hmac.new(secret.encode(), code.encode(), sha256).hexdigest()


def is_code(typed: str, code_hash: str, secret: str) -> bool:
    """Whether the digits in `typed` are the code; spaces and the like do not matter."""
    digits = "".join(character for character in typed if "0" <= character <= "9")
    return hmac.compare_digest(code_hash_of(digits, secret), code_hash)
