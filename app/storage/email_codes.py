"""Codes that were mailed and not typed yet: one a browser for each purpose."""

from datetime import datetime
from typing import Any

from app.learning.email_codes import EmailCode, Purpose
from app.storage.database import Statement
from app.storage.fields import from_microseconds, to_microseconds

_COLUMNS = "purpose, email, code_hash, password_hash, expires_at, tries_left, is_confirmed"
_SAVE = Statement(
    f"INSERT INTO email_code (browser, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (browser, purpose) DO UPDATE SET email = excluded.email, "
    "code_hash = excluded.code_hash, password_hash = excluded.password_hash, "
    "expires_at = excluded.expires_at, tries_left = excluded.tries_left, "
    "is_confirmed = excluded.is_confirmed"
)
_CODE = Statement(f"SELECT {_COLUMNS} FROM email_code WHERE browser = ? AND purpose = ?")
_TAKE_TRY = Statement(
    "UPDATE email_code SET tries_left = tries_left - 1 WHERE browser = ? AND purpose = ? "
    f"AND tries_left > 0 AND expires_at > ? AND is_confirmed = ? RETURNING {_COLUMNS}"
)
_REMOVE = Statement("DELETE FROM email_code WHERE browser = ? AND purpose = ?")
_REMOVE_EXPIRED = Statement("DELETE FROM email_code WHERE expires_at <= ?")


def save_code(browser: str, code: EmailCode) -> None:
    """Write a code; it takes the place of an earlier one of this browser for the same purpose."""
    _SAVE.run(
        browser,
        code.purpose.value,
        code.email,
        code.code_hash,
        code.password_hash,
        to_microseconds(code.expires_at),
        code.tries_left,
        code.is_confirmed,
    )


def code_of(browser: str, purpose: Purpose) -> EmailCode | None:
    """The code this browser asked for, expired or not."""
    row = _CODE.row(browser, purpose.value)
    return None if row is None else _email_code(row)


def take_try(browser: str, purpose: Purpose, now: datetime) -> EmailCode | None:
    """Use one of the tries of a code that can still be typed; None where there is none."""
    rows = _TAKE_TRY.rows(browser, purpose.value, to_microseconds(now), False)
    return _email_code(rows[0]) if rows else None


def remove_code(browser: str, purpose: Purpose) -> bool:
    """A code is used once; False where it was used already."""
    return _REMOVE.run(browser, purpose.value) == 1


def remove_expired(now: datetime) -> int:
    """Remove what can no longer be typed; gives how many."""
    return _REMOVE_EXPIRED.run(to_microseconds(now))


def _email_code(row: tuple[Any, ...]) -> EmailCode:
    purpose, email, code_hash, password_hash, expires_at, tries_left, is_confirmed = row
    return EmailCode(
        purpose=Purpose(purpose),
        email=email,
        code_hash=code_hash,
        password_hash=password_hash,
        expires_at=from_microseconds(expires_at),
        tries_left=tries_left,
        is_confirmed=bool(is_confirmed),
    )
