"""A mail came back, or somebody called it spam: the mail server says so."""

from collections.abc import Collection
from datetime import datetime

from app.learning.daily_mail import SOFT_BOUNCES, SOFT_BOUNCES_WITHIN, MailState, Returned
from app.learning.mail_wishes import Stopped
from app.learning.rosters import Ended
from app.storage import cohort_invitations, cohort_mails, cohort_messages, daily_mails, learners
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
        if mail is None:
            return _note_of_cohort(message_id, returned, now)
        learner = learners.learner_of(mail.learner_id)
        if learner is None:
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


def _note_of_cohort(message_id: str, returned: Returned, now: datetime) -> bool:
    """The same for a mail in an instructor's name: who complains gets none of that cohort any more."""
    mail = cohort_mails.mail_of_message(message_id)
    if mail is None:
        return False
    if returned is Returned.HARD:
        cohort_mails.move_mail(mail, MailState.DEAD, now, returned.value)
    elif returned is Returned.COMPLAINT and mail.learner_id is not None:
        cohort_messages.set_wanted(mail.learner_id, mail.cohort_id, wants=False)
    elif returned is Returned.COMPLAINT:
        cohort_invitations.end(mail.cohort_id, mail.email or "", Ended.DECLINED)
    return True
