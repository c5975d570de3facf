"""Somebody forgot the password."""

from datetime import datetime

from app.learning.attempts import mail_attempts
from app.learning.email_codes import Purpose
from app.mail.mailer import Mailer
from app.usecases.count_attempts import count_attempts
from app.usecases.mail_code import mail_code


def request_reset(mailer: Mailer, secret: str, email: str, network: str, now: datetime) -> None:
    """Mail a code to `email`. Raises TooManyAttempts and MailFailed."""
    count_attempts(mail_attempts(email, network), now)
    mail_code(mailer, secret, Purpose.RESET, email, now)
