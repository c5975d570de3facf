"""Somebody wants an account."""

from collections.abc import Sequence
from datetime import datetime

from app.learning.attempts import mail_attempts
from app.learning.email_codes import Purpose
from app.mail.mailer import Mailer
from app.secrets.passwords import PasswordFlaw, hash_of, password_flaw
from app.usecases.count_attempts import count_attempts
from app.usecases.mail_code import mail_code


def request_sign_up(
    mailer: Mailer,
    secret: str,
    email: str,
    password: str,
    words: Sequence[str],
    network: str,
    now: datetime,
) -> PasswordFlaw | None:
    """Mail a code to `email`, or say what is wrong with the password.

    `words` are what a guesser would try first. Raises TooManyAttempts and MailFailed.
    """
    flaw = password_flaw(password, [email, *words])
    if flaw is not None:
        return flaw
    count_attempts(mail_attempts(email, network), now)
    mail_code(mailer, secret, Purpose.SIGN_UP, email, now, hash_of(password))
    return None
