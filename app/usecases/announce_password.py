"""The password of an account was changed, and its owner hears of it."""

import logging
from datetime import datetime

from app.mail.accounts import send_password_changed
from app.mail.mailer import Mailer
from app.mail.outbox import MailFailed

_LOG = logging.getLogger(__name__)


def announce_password(mailer: Mailer, email: str, now: datetime) -> None:
    """Mail that the password was changed. It is changed, so a mail that fails is only logged."""
    try:
        send_password_changed(mailer, email, now)
    except MailFailed:
        _LOG.exception("the mail about a changed password did not go out")
