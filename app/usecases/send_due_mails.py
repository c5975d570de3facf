"""One round of the timetable of mail: whose turn it is, whether it is worth it, and out it goes.

APScheduler is only the clock. Any number of workers on any number of machines may do this at once:

1. lease   a handful of learners whose moment has come, whom nobody else then takes for a while;
2. claim   in one transaction for each learner: read, decide, write the row (learner, local day);
3. fence   once everything but the text was said to the mail server: `in_doubt`, if it is still ours;
4. mark    what the server answered, and the next moment of this learner.

A worker that dies before the fence has sent nothing: the lease runs out and somebody else goes on.
One that dies after it leaves the doubt standing, and no second mail goes out
(`docs/decisions/0014-mail-of-the-day.md`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.learning.course import Course
from app.learning.daily_mail import MailDecision, MailKind, MailState, retry_after
from app.learning.mail_wishes import Stopped
from app.mail.daily import build_daily_mail
from app.mail.mailer import Mailer
from app.mail.message import BadMessage
from app.mail.outbox import PATIENCE_OF_WORKER, Failure, MailFailed, Post
from app.storage import daily_mails, learners, mail_wishes
from app.storage.daily_mails import DailyMail
from app.storage.database import transaction
from app.usecases.claim_mail import Claim, NoMail, claim_mail
from app.usecases.plan_mail import plan_mail, replan_from_the_future

# Learners a worker takes at a time, and for how long nobody else does.
BATCH = 50
LEASE = timedelta(minutes=10)
LONGEST_ERROR = 300

STATE_AFTER = {
    Failure.LATER: MailState.WAITING,
    Failure.UNREACHABLE: MailState.WAITING,
    Failure.NEVER: MailState.DEAD,
    Failure.NO_SUCH_ADDRESS: MailState.DEAD,
    Failure.UNKNOWN: MailState.IN_DOUBT,
}


@dataclass(frozen=True, slots=True)
class MailResult:
    """What happened for one learner: the decision, and what became of the mail if there was one."""

    learner_id: int
    decision: MailDecision
    state: MailState | None = None
    error: str = ""
    failure: Failure | None = None


def send_due_mails(
    course: Course, mailer: Mailer, owner: str, now: datetime, most: int = BATCH
) -> Iterator[MailResult]:
    """Do the mails of up to `most` learners whose moment has come; no result means that none has.

    `owner` names this worker for an operator. It ends early where the mail server is unreachable.
    """
    replan_from_the_future(now, most)
    lease = now + LEASE
    with transaction():
        waiting = mail_wishes.lease_due(now, lease, most)
    try:
        with mailer.outbox.opened(PATIENCE_OF_WORKER) as post:
            while waiting:
                learner_id = waiting.pop(0)
                claim = claim_mail(course, mailer, learner_id, lease, owner, now)
                if isinstance(claim, NoMail):
                    yield MailResult(learner_id, claim.decision, claim.state, claim.error)
                elif claim is not None:
                    result = _send(mailer, post, claim, now)
                    yield result
                    if result.failure is Failure.UNREACHABLE:
                        return
    finally:
        # Whatever went wrong was the matter of one; the others go on at the next tick.
        with transaction():
            for learner_id in waiting:
                mail_wishes.release(learner_id, lease, now + retry_after(0))


def _send(mailer: Mailer, post: Post, claim: Claim, now: datetime) -> MailResult:
    """Hand the mail over, and mark what came of it."""
    mail = claim.mail
    fenced = replace(mail, state=MailState.IN_DOUBT)

    def fence() -> bool:
        with transaction():
            return daily_mails.move_mail(mail, MailState.IN_DOUBT, now)

    state: MailState | None = MailState.SENT
    error, failure = "", None
    try:
        if not post.deliver(build_daily_mail(mailer, claim.contents, now), fence):
            # Another worker took it over while this one was away.
            state = None
    except BadMessage as bad:
        state, error = MailState.DEAD, str(bad)
    except MailFailed as failed:
        error, failure = " ".join(str(failed).split())[:LONGEST_ERROR], failed.failure
        state = STATE_AFTER[failure]
    if state is not None:
        with transaction(mail.learner_id):
            if any(daily_mails.move_mail(each, state, now, error) for each in (fenced, mail)):
                _plan_on(mail, state, failure, now)
    decision = MailDecision(mail.due.day, mail.reason, mail.kind)
    return MailResult(mail.learner_id, decision, state, error, failure)


def _plan_on(mail: DailyMail, state: MailState, failure: Failure | None, now: datetime) -> None:
    """When to look at this learner again."""
    mailing, learner = mail_wishes.mailing_of(mail.learner_id), learners.learner_of(mail.learner_id)
    if mailing is None or learner is None or mailing.next_day != mail.due.day:
        return  # the wishes were changed meanwhile, and planned anew
    if state is MailState.WAITING:
        again = now + retry_after(mail.attempts)
        mail_wishes.save_mailing(replace(mailing, next_at=again))
        return
    wishes = mailing.wishes
    if failure is Failure.NO_SUCH_ADDRESS:
        wishes = wishes.ended(Stopped.BOUNCED)
    elif mail.kind is MailKind.FAREWELL and state is not MailState.DEAD:
        wishes = wishes.ended(Stopped.SILENCE)
    plan_mail(replace(mailing, wishes=wishes), learner, mail.due.at)
