"""A code is typed in the browser that asked for it."""

from datetime import datetime

from app.learning.attempts import code_attempts
from app.learning.email_codes import CodeFlaw, EmailCode, Purpose
from app.secrets.codes import is_code, key_of
from app.storage import email_codes
from app.storage.database import transaction
from app.usecases.count_attempts import count_attempts


def take_code(
    secret: str, purpose: Purpose, typed: str, network: str, now: datetime
) -> EmailCode | CodeFlaw:
    """Use one try; the code when it is right, and then it is used up. Raises TooManyAttempts."""
    count_attempts(code_attempts(network), now)
    with transaction():
        code = email_codes.take_try(key_of(secret), purpose, now)
        if code is None:
            return CodeFlaw.GONE
        if is_code(typed, code.code_hash, secret):
            email_codes.remove_code(key_of(secret), purpose)
            return code
        return CodeFlaw.WRONG if code.tries_left else CodeFlaw.GONE
