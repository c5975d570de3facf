"""Passwords by NIST 800-63B-4: long enough, not guessable, no other rules; kept as argon2id."""

import re
from collections.abc import Iterable
from enum import Enum
from threading import BoundedSemaphore
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

SHORTEST = 15
LONGEST = 256
# zxcvbn's own most: its time grows with the length, and 72 characters say enough.
_MOST_JUDGED = 72
# The highest: ten billion guesses. A short sentence has far more, and `Welkom12345678!` has not.
_GOOD_SCORE = 4

# OWASP's second choice: 24 ms here, where 46 MiB in one pass takes 57 ms and the library's own
# default 124 ms on four threads. More than two at a time would take both cores from the readers.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_AT_ONCE = BoundedSemaphore(2)
_NOBODY = _HASHER.hash("what nobody's password is compared with")

# zxcvbn knows English; these are what Dutch people take first, and what this course is about.
_DUTCH = (
    "wachtwoord", "welkom", "geheim", "hechting", "haven", "psychologie", "inloggen", "qwerty",
    "azerty", "hallo", "nederland", "belgie", "vlaanderen", "amsterdam", "rotterdam", "antwerpen",
    "ajax", "feyenoord", "voetbal", "liefde", "schatje", "lieverd", "zonnetje", "vakantie",
    "lente", "zomer", "herfst", "winter", "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december", "maandag", "dinsdag",
    "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag", "cursus", "student", "school",
    "test", "docent", "therapie", "therapeut", "mijn", "van", "het", "een", "ik", "ben", "jij",
)  # fmt: skip


class PasswordFlaw(Enum):
    """Why a new password is not taken; templates say what to do."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    GUESSABLE = "guessable"


def password_flaw(password: str, words: Iterable[str] = ()) -> PasswordFlaw | None:
    """What is wrong with a new password, or None. `words` are what a guesser would try first."""
    password = _normal(password)
    if len(password) < SHORTEST:
        return PasswordFlaw.TOO_SHORT
    if len(password) > LONGEST:
        return PasswordFlaw.TOO_LONG
    guesses = [*_DUTCH, *(part for word in words for part in _parts(word))]
    judged = zxcvbn(password[:_MOST_JUDGED], user_inputs=guesses, max_length=_MOST_JUDGED)
    return PasswordFlaw.GUESSABLE if judged["score"] < _GOOD_SCORE else None


def hash_of(password: str) -> str:
    """What the database keeps of a password."""
    with _AT_ONCE:
        return _HASHER.hash(_normal(password))


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether that is the password. Takes as long without a hash (None), and is False then."""
    with _AT_ONCE:
        try:
            right = _HASHER.verify(password_hash or _NOBODY, _normal(password)[: LONGEST + 1])
        except (VerificationError, InvalidHashError):
            return False
    return right and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other settings than ours of today."""
    return _HASHER.check_needs_rehash(password_hash)


def _normal(password: str) -> str:
    # An é is one character on one keyboard and two on another.
    return normalize("NFC", password)


def _parts(word: str) -> list[str]:
    return [word.lower(), *(part for part in re.split(r"\W+", word.lower()) if len(part) > 2)]
