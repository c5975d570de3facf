"""A learner asks for mail, and hears by mail what was asked and how to end it."""

import logging
from dataclasses import replace
from datetime import datetime

from app.learning.mail_wishes import MailWishes
from app.learning.people import Learner
from app.mail.daily import send_mail_is_on
from app.mail.mailer import Mailer
from app.mail.outbox import MailFailed
from app.storage.mail_wishes import Mailing
from app.usecases.change_mail_wishes import change_mail_wishes

_LOG = logging.getLogger(__name__)


class NoAddress(ValueError):
    """Only somebody with an account has an address, which a typed code has proved to be theirs."""


def turn_mail_on(mailer: Mailer, learner: Learner, wishes: MailWishes, now: datetime) -> Mailing:
    """Have mail by these wishes from now on. Raises NoAddress for a guest.

    Where there was none before it is confirmed by mail. A confirmation that fails is only logged:
    the wishes are written.
    """
    if learner.email is None:
        raise NoAddress
    changed = change_mail_wishes(
        learner, lambda before: replace(wishes, paused_until=before.paused_until), now
    )
    if not changed.was_on:
        try:
            send_mail_is_on(mailer, learner.email, changed.mailing.token, wishes, now)
        except MailFailed:
            _LOG.exception("the mail that confirms mail did not go out")
    return changed.mailing
