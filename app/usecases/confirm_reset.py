"""The code of a forgotten password is typed: this browser may choose a new one."""

from dataclasses import replace
from datetime import datetime

from app.learning.email_codes import CODE_LASTS, CodeFlaw, Purpose
from app.secrets.codes import key_of
from app.storage import email_codes
from app.storage.database import transaction
from app.usecases.take_code import take_code


def confirm_reset(secret: str, typed: str, network: str, now: datetime) -> CodeFlaw | None:
    """What is wrong with the code, or None. Raises TooManyAttempts."""
    with transaction():
        code = take_code(secret, Purpose.RESET, typed, network, now)
        if isinstance(code, CodeFlaw):
            return code
        confirmed = replace(code, is_confirmed=True, expires_at=now + CODE_LASTS)
        email_codes.save_code(key_of(secret), confirmed)
        return None
