"""The code did not arrive, or not in time."""

from datetime import datetime

from app.learning.attempts import mail_attempts
from app.learning.email_codes import Purpose
from app.mail.mailer import Mailer
from app.secrets.codes import key_of
from app.storage import email_codes
from app.usecases.count_attempts import count_attempts
from app.usecases.mail_code import mail_code


def mail_code_again(
    mailer: Mailer, secret: str, purpose: Purpose, network: str, now: datetime
) -> bool:
    """Mail a new code in place of the last; False where this browser has not asked for one.

    Raises TooManyAttempts and MailFailed.
    """
    asked = email_codes.code_of(key_of(secret), purpose)
    if asked is None:
        return False
    count_attempts(mail_attempts(asked.email, network), now)
    mail_code(mailer, secret, purpose, asked.email, now, asked.password_hash)
    return True
