"""When the next mail comes, as far as that is known now."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.learning.daily_mail import days_of_rest
from app.learning.mail_wishes import Due, MailWishes, next_due
from app.learning.people import Learner
from app.storage import cohorts, daily_mails, mail_wishes
from app.storage.daily_mails import DailyMail
from app.usecases.mail_facts import last_heard_of


@dataclass(frozen=True, slots=True)
class MailPreview:
    """The wishes (None: never asked), the next mail (None: none comes), and the last one.

    `break_until` is the last day of the break of the learner's cohorts that the next mail waits for.
    """

    wishes: MailWishes | None
    next: Due | None
    last: DailyMail | None
    is_backing_off: bool = False
    break_until: date | None = None


def preview_mail(learner: Learner, now: datetime) -> MailPreview:
    """What the page of mail shows. The next mail is the first that may come: on a day without cards
    or prompt it comes later."""
    mailing = mail_wishes.mailing_of(learner.id)
    if mailing is None:
        return MailPreview(None, None, None)
    last = daily_mails.last_mail(learner.id)
    if not mailing.wishes.is_on:
        return MailPreview(mailing.wishes, None, last)
    tomorrow = now.astimezone(learner.zone).date() + timedelta(days=1)
    heard_on = last_heard_of(learner, mailing.wishes, tomorrow)
    unanswered, last_on = daily_mails.silence_before(learner.id, tomorrow, heard_on)
    rest = days_of_rest(mailing.wishes, unanswered)
    taken = daily_mails.taken_since(learner.id, tomorrow - timedelta(days=3))
    not_before = last_on + rest if last_on else None
    due, break_until = next_due(mailing.wishes, learner.zone, now, taken, not_before), None
    while due and (until := cohorts.break_until(learner.id, due.day)):
        break_until, not_before = until, until + timedelta(days=1)
        due = next_due(mailing.wishes, learner.zone, now, taken, not_before)
    is_backing_off = rest > timedelta(days=1)
    return MailPreview(mailing.wishes, due, last, is_backing_off, break_until)
