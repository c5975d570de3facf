"""A mail came back, or somebody called it spam: the mail server says so."""

from collections.abc import Collection
from datetime import datetime

from app.learning.daily_mail import SOFT_BOUNCES, SOFT_BOUNCES_WITHIN, Returned
from app.learning.mail_wishes import Stopped
from app.storage import daily_mails, learners
from app.storage.database import transaction
from app.usecases.change_mail_wishes import change_mail_wishes


def note_returned_mail(
    message_id: str, returned: Returned, now: datetime, addresses: Collection[str] = ()
) -> bool:
    """Note it, and mail no more where that is of no use or not wanted; the learner sees why.

    An address that does not exist ends it at once, five passing troubles within a week do too, and
    so does a complaint. False where no mail had that Message-ID, or it went to none of `addresses`
    (in small letters; empty: nobody said which).
    """
    if not message_id.isascii() or not message_id.isprintable():
        return False
    with transaction():
        mail = daily_mails.mail_of_message(message_id)
        learner = None if mail is None else learners.learner_of(mail.learner_id)
        if mail is None or learner is None:
            return False
        if addresses and (learner.email or "").lower() not in addresses:
            return False
        daily_mails.note_returned(mail, returned)
        since = mail.due.day - SOFT_BOUNCES_WITHIN
        soft = daily_mails.returned_since(learner.id, since, Returned.SOFT)
        if returned is Returned.COMPLAINT:
            change_mail_wishes(learner, lambda wishes: wishes.ended(Stopped.COMPLAINT), now)
        elif returned is Returned.HARD or soft >= SOFT_BOUNCES:
            change_mail_wishes(learner, lambda wishes: wishes.ended(Stopped.BOUNCED), now)
    return True
