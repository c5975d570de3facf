"""A mail that could not be delivered gets another chance, when an admin has mended what was wrong."""

from dataclasses import replace
from datetime import datetime

from app.learning.daily_mail import MailState
from app.learning.mail_trouble import Again, again
from app.learning.staff_log import Act
from app.storage import daily_mails, learners, mail_wishes, staff_log
from app.storage.daily_mails import DailyMail
from app.storage.database import transaction
from app.usecases.plan_mail import plan_mail


def try_mail_again(message_id: str, by: str, now: datetime) -> Again:
    """Send it, or go on with the next, as far as its learner wants that; gives what was done.

    A dead mail was never taken by a mail server, so there is no second one. A mail that was
    delivered, or may have been, is left alone.
    """
    mail = daily_mails.mail_of_message(message_id)
    if mail is None:
        return Again.NOTHING
    with transaction(mail.learner_id):
        what = _try(mail, now)
        if what is not Again.NOTHING:
            staff_log.note_act(by, Act.MAIL_TRIED_AGAIN, mail.due.day.isoformat(), now)
    return what


def _try(mail: DailyMail, now: datetime) -> Again:
    mailing = mail_wishes.mailing_of(mail.learner_id)
    learner = learners.learner_of(mail.learner_id)
    if mailing is None or learner is None:
        return Again.NOTHING
    wishes = mailing.wishes
    what = again(mail.due, wishes.stopped, wishes.paused_until, now)
    # It may have been tried again in another window meanwhile.
    is_dead = daily_mails.mail_on(mail.learner_id, mail.due.day) == mail
    if what is Again.NOTHING or not is_dead or mail.state is not MailState.DEAD:
        return Again.NOTHING
    on_again = replace(mailing, wishes=replace(wishes, stopped=None))
    if what is Again.THIS_MAIL:
        daily_mails.save_mail(replace(mail, state=MailState.WAITING, changed_at=now, error=""))
        mail_wishes.save_mailing(replace(on_again, next_day=mail.due.day, next_at=now))
    else:
        plan_mail(on_again, learner, now)
    return what
