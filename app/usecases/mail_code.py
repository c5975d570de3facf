"""A browser asks for a code by mail. Who reads the page cannot tell whether there is an account."""

from datetime import datetime

from app.learning.email_codes import CODE_LASTS, EmailCode, Purpose
from app.mail import accounts as mails
from app.mail.mailer import Mailer
from app.secrets.codes import code_hash_of, key_of, new_code
from app.storage import email_codes, learners
from app.storage.database import transaction


def mail_code(
    mailer: Mailer,
    secret: str,
    purpose: Purpose,
    email: str,
    now: datetime,
    password_hash: str | None = None,
) -> None:
    """Store a code for the browser of `secret` and mail it. Raises MailFailed.

    Where the address has an account already (sign-up) or none (reset) a code is stored all the
    same, which nobody is told, and the mail says how it stands.
    """
    code = new_code()
    with transaction():
        is_member = learners.learner_with_email(email) is not None
        email_codes.save_code(
            key_of(secret),
            EmailCode(purpose, email, code_hash_of(code, secret), password_hash, now + CODE_LASTS),
        )
    match purpose, is_member:
        case Purpose.SIGN_UP, False:
            mails.send_sign_up_code(mailer, email, code, now)
        case Purpose.SIGN_UP, True:
            mails.send_already_a_member(mailer, email, now)
        case Purpose.RESET, True:
            mails.send_reset_code(mailer, email, code, now)
        case Purpose.RESET, False:
            mails.send_not_a_member(mailer, email, now)
