"""When a learner's next mail is due goes into the queue."""

from dataclasses import replace
from datetime import datetime, timedelta

from app.learning.mail_wishes import Due, due_on, next_due
from app.learning.people import Learner
from app.storage import daily_mails, learners, mail_wishes
from app.storage.database import transaction
from app.storage.mail_wishes import Mailing

# No next moment lies further away than this, but for a pause; more means that the clock was wrong.
LONGEST_AHEAD = timedelta(days=8)


def plan_mail(mailing: Mailing, learner: Learner, after: datetime) -> Mailing:
    """Write the wishes in `mailing` with the first moment after `after` that they ask for.

    Call it in a transaction of the learner.
    """
    due = _next_due(mailing, learner, after)
    planned = replace(mailing, next_day=due.day if due else None, next_at=due.at if due else None)
    mail_wishes.save_mailing(planned)
    return planned


def plan_next_mail(mailing: Mailing, learner: Learner, after: datetime) -> None:
    """Go on to the first moment after `after`, where nothing was planned since `mailing` was read.

    What was read at the claim of a mail need not be read again after it: who changes wishes or zone
    plans anew, and that stands. Call it in a transaction of the learner.
    """
    mail_wishes.move_in_queue(mailing, _next_due(mailing, learner, after))


def replan_mail(
    before: Mailing, mailing: Mailing, was: Learner, learner: Learner, now: datetime
) -> Mailing:
    """Plan anew because wishes or zone changed: `before` and `was` are how it stood.

    A moment that has come and that no worker has looked at yet is not lost by it. Call it in a
    transaction of the learner.
    """
    after = now
    if before.next_day is not None:
        waiting = due_on(before.next_day, before.wishes.at, was.zone).at
        after = min(now, waiting - timedelta(microseconds=1))
    return plan_mail(mailing, learner, after)


def replan_from_the_future(now: datetime, most: int) -> None:
    """Where the clock was ahead and was put back, nobody waits until it is that day again."""
    for learner_id in mail_wishes.planned_after(now + LONGEST_AHEAD, most):
        with transaction(learner_id):
            mailing, learner = mail_wishes.mailing_of(learner_id), learners.learner_of(learner_id)
            if mailing is not None and learner is not None:
                plan_mail(mailing, learner, now)


def _next_due(mailing: Mailing, learner: Learner, after: datetime) -> Due | None:
    taken = daily_mails.taken_since(learner.id, (after - timedelta(days=2)).date())
    return next_due(mailing.wishes, learner.zone, after, taken)
