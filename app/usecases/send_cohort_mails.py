"""One round of the mails in the name of instructors; the steps are those of `send_due_mails`.

Lease, claim, fence, mark: a worker that dies before the fence has sent nothing and somebody else goes
on; one that dies after it leaves the doubt standing. Nobody gets two.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.learning.cohorts import cohort_day
from app.learning.daily_mail import MailState, retry_after
from app.mail import cohorts as mails
from app.mail.mailer import Mailer
from app.mail.message import Mail
from app.mail.outbox import PATIENCE_OF_WORKER, Failure, Post
from app.storage import cohort_invitations, cohort_mails, cohort_messages, cohorts, learners
from app.storage.cohort_mails import CohortMail
from app.storage.database import transaction
from app.usecases.hand_over_mail import hand_over_mail
from app.usecases.send_due_mails import BATCH, LEASE

# A mail that could not go out is worth something for two days.
_WORTH_IT = timedelta(days=2)

Built = Callable[[], Mail]


@dataclass(frozen=True, slots=True)
class CohortMailResult:
    """What became of one mail, and why; without a state it was not to go out any more."""

    mail: CohortMail
    state: MailState | None = None
    error: str = ""
    failure: Failure | None = None


def send_cohort_mails(
    mailer: Mailer, now: datetime, most: int = BATCH
) -> Iterator[CohortMailResult]:
    """Send up to `most` mails whose moment has come; no result means that none has.

    It ends early where the mail server is unreachable.
    """
    lease = now + LEASE
    with transaction():
        waiting = cohort_mails.lease_due(now, lease, most)
    try:
        with mailer.outbox.opened(PATIENCE_OF_WORKER) as post:
            while waiting:
                claimed = _claim(mailer, waiting.pop(0), lease, now)
                if claimed is not None:
                    mail, built = claimed
                    result = _send(post, mail, built, now) if built else CohortMailResult(mail)
                    yield result
                    if result.failure is Failure.UNREACHABLE:
                        return
    finally:
        # Whatever went wrong was the matter of one; the others go on at the next tick.
        with transaction():
            for id_ in waiting:
                cohort_mails.release(id_, lease, now + retry_after(0))


def _claim(
    mailer: Mailer, id_: str, lease: datetime, now: datetime
) -> tuple[CohortMail, Built | None] | None:
    """The mail, ours alone to send, and what builds it: None where it may not go any more."""
    with transaction():
        if not cohort_mails.claim(id_, lease):
            return None
        mail = cohort_mails.mail_of(id_)
        if mail is None:
            return None
        if cohort_day(now) - mail.day > _WORTH_IT:
            cohort_mails.move_mail(mail, MailState.DEAD, now, mail.error or "too late")
            return mail, None
        built = (_invitation if mail.learner_id is None else _message)(mailer, mail, now)
        if built is None:
            cohort_mails.move_mail(mail, MailState.MISSED, now)
        return mail, built


def _invitation(mailer: Mailer, mail: CohortMail, now: datetime) -> Built | None:
    invitation = cohort_invitations.invitation_to(mail.cohort_id, mail.email or "")
    cohort = cohorts.live_cohort(mail.cohort_id)
    if invitation is None or cohort is None or not invitation.is_open(cohort_day(now)):
        return None
    contents = mails.InvitationContents(
        to=invitation.email,
        message_id=mail.message_id,
        name=invitation.name,
        sender=mail.sender,
        cohort=cohort.name,
        institution=cohort.institution,
        token=invitation.token,
    )
    return lambda: mails.build_invitation(mailer, contents, now)


def _message(mailer: Mailer, mail: CohortMail, now: datetime) -> Built | None:
    recipient = cohort_messages.recipient_of(mail.cohort_id, mail.learner_id or 0)
    cohort, learner = cohorts.live_cohort(mail.cohort_id), learners.learner_of(mail.learner_id or 0)
    if cohort is None or learner is None or not learner.email:
        return None
    if recipient is None or not recipient.wants_messages:
        return None
    contents = mails.MessageContents(
        to=learner.email,
        message_id=mail.message_id,
        sender=mail.sender,
        cohort=cohort.name,
        about=mail.about,
        reply_to=mail.reply_to,
        text=mail.text,
        token=mail.id,
    )
    return lambda: mails.build_message_of_instructor(mailer, contents, now)


def _send(post: Post, mail: CohortMail, built: Built, now: datetime) -> CohortMailResult:
    """Hand the mail over, and mark what came of it."""
    fenced = replace(mail, state=MailState.IN_DOUBT)

    def fence() -> bool:
        with transaction():
            return cohort_mails.move_mail(mail, MailState.IN_DOUBT, now)

    became = hand_over_mail(post, built, fence)
    if became.state is not None:
        again = now + retry_after(mail.attempts) if became.state is MailState.WAITING else None
        with transaction():
            any(
                cohort_mails.move_mail(each, became.state, now, became.error, again)
                for each in (fenced, mail)
            )
    return CohortMailResult(mail, became.state, became.error, became.failure)
