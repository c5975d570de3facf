"""A learner chooses what mail comes, and when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.learning.mail_wishes import FIRST_WISHES, MailWishes
from app.learning.people import Learner
from app.secrets.codes import new_token
from app.storage import daily_mails, mail_wishes
from app.storage.database import transaction
from app.storage.mail_wishes import Mailing
from app.usecases.plan_mail import replan_mail


@dataclass(frozen=True, slots=True)
class ChangedWishes:
    """How it is now, and whether there was mail before."""

    mailing: Mailing
    was_on: bool


def change_mail_wishes(
    learner: Learner, change: Callable[[MailWishes], MailWishes], now: datetime
) -> ChangedWishes:
    """Write what `change` makes of the wishes, and plan the next mail by it.

    A mail that is under way is finished first; its day gets no second one.
    """
    with transaction(learner.id):
        before = mail_wishes.mailing_of(learner.id) or Mailing(
            learner.id, new_token(), FIRST_WISHES
        )
        mailing = Mailing(learner.id, before.token, change(before.wishes))
        if mailing.wishes.is_on and before.next_day and _is_under_way(learner, before):
            mailing = Mailing(
                learner.id, before.token, mailing.wishes, before.next_day, before.next_at
            )
            mail_wishes.save_mailing(mailing)
        else:
            mailing = replan_mail(before, mailing, learner, learner, now)
    return ChangedWishes(mailing, was_on=before.wishes.is_on)


def _is_under_way(learner: Learner, mailing: Mailing) -> bool:
    assert mailing.next_day is not None
    mail = daily_mails.mail_on(learner.id, mailing.next_day)
    return mail is not None and mail.is_under_way
