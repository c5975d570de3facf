"""Codes that are mailed and typed in the browser that asked for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

CODE_LASTS = timedelta(minutes=10)
CODE_TRIES = 5


class Purpose(Enum):
    """What a code is for."""

    SIGN_UP = "sign_up"
    RESET = "reset"


class CodeFlaw(Enum):
    """Why a typed code is not taken; GONE is expired, used, tried too often or never asked for."""

    WRONG = "wrong"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class EmailCode:
    """A code on its way. Only its hash is kept, keyed by the secret of the browser that asked.

    `password_hash` is what a sign-up will get. `is_confirmed` after the right code was typed: the
    browser may choose a new password until `expires_at`.
    """

    purpose: Purpose
    email: str
    code_hash: str
    password_hash: str | None
    expires_at: datetime
    tries_left: int = CODE_TRIES
    is_confirmed: bool = False
