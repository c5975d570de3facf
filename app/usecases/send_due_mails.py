"""One round of the timetable of mail: whose turn it is, whether it is worth it, and out it goes.

APScheduler is only the clock. Any number of workers on any number of machines may do this at once:

1. lease   a handful of learners whose moment has come, whom nobody else then takes for a while;
2. claim   a few of them in one transaction: read, decide, write the rows (learner, local day);
3. fence   once everything but the text was said to the mail server: `in_doubt`, if it is still ours;
4. mark    what the server answered, and the next moment of this learner: in the transaction that
           fences the next mail, so that a mail costs one commit.

A worker that dies before the fence has sent nothing: the lease runs out and somebody else goes on.
One that dies after it leaves the doubt standing, and no second mail goes out. At any moment one
mail of a worker at most stands in doubt (`docs/decisions/0014-mail-of-the-day.md`).
"""

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.learning.course import Course
from app.learning.daily_mail import MailDecision, MailKind, MailState, retry_after
from app.learning.mail_wishes import Due, Stopped
from app.mail.daily import build_daily_mail
from app.mail.mailer import Mailer
from app.mail.message import Mail
from app.mail.outbox import PATIENCE_OF_WORKER, Failure, Post
from app.storage import daily_mails, mail_wishes
from app.storage.daily_mails import DailyMail
from app.storage.database import transaction
from app.usecases.claim_mails import Claim, NoMail, claim_mails
from app.usecases.hand_over_mail import hand_over_mail
from app.usecases.plan_mail import plan_mail, plan_next_mail, replan_from_the_future

# Learners a worker takes at a time, and for how long nobody else does.
BATCH = 50
LEASE = timedelta(minutes=10)
# Learners who are decided about in one transaction, for which others who write may have to wait.
_AT_ONCE = 10


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
    answers, drafts, at_once = _Answers(now), _Drafts(mailer, now), _AT_ONCE
    try:
        with mailer.outbox.opened(PATIENCE_OF_WORKER) as post:
            while waiting:
                turns = waiting[:at_once]
                try:
                    claims = claim_mails(course, mailer, turns, lease, owner, now)
                except Exception:
                    if len(turns) > 1:
                        at_once = 1  # nothing was written; now we see who it is
                        continue
                    del waiting[0]
                    raise
                drafts.expect(claim for claim in claims if isinstance(claim, Claim))
                for learner_id, claim in zip(turns, claims, strict=True):
                    del waiting[0]
                    if isinstance(claim, NoMail):
                        yield MailResult(learner_id, claim.decision, claim.state, claim.error)
                    elif claim is not None:
                        result = _send(post, claim, drafts, answers)
                        yield result
                        if result.failure is Failure.UNREACHABLE:
                            return
    finally:
        # Whatever went wrong was the matter of one; the others go on at the next tick.
        with transaction():
            answers.write()
            for learner_id in waiting:
                mail_wishes.release(learner_id, lease, now + retry_after(0))


@dataclass(frozen=True, slots=True)
class _Answer:
    """What became of a mail that nobody else sends; `was` is the state its row has until now."""

    claim: Claim
    was: MailState
    state: MailState
    error: str
    failure: Failure | None


class _Answers:
    """Writes what became of one mail together with the fence of the next."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._open: _Answer | None = None

    def fence(self, mail: DailyMail) -> bool:
        """Before the text of `mail` is handed over; False where it is not ours any more."""
        with self._writing(mail.learner_id):
            return daily_mails.move_mail(mail, MailState.IN_DOUBT, self._now)

    def add(self, answer: _Answer) -> None:
        self.write()
        self._open = answer

    def write(self) -> None:
        """What is still open."""
        if self._open is not None:
            with self._writing():
                pass

    @contextmanager
    def _writing(self, *learner_ids: int) -> Iterator[None]:
        answer = self._open
        if answer is not None:
            learner_ids += (answer.claim.mail.learner_id,)
        with transaction(*learner_ids):
            if answer is not None:
                _mark(answer, self._now)
            yield
        self._open = None


class _Drafts:
    """Builds mails, one ahead: the next while the mail server thinks about this one."""

    def __init__(self, mailer: Mailer, now: datetime) -> None:
        self._mailer = mailer
        self._now = now
        self._to_come: deque[Claim] = deque()
        self._ahead: Mail | None = None

    def expect(self, claims: Iterable[Claim]) -> None:
        """These come, in this order."""
        self._to_come.extend(claims)

    def next(self) -> Mail:
        """The mail of the first claim that has not been asked for. Raises BadMessage."""
        claim, ahead = self._to_come.popleft(), self._ahead
        self._ahead = None
        return ahead or build_daily_mail(self._mailer, claim.contents, self._now)

    def build_ahead(self) -> None:
        """The one after that. What is wrong with it is told when it is its turn."""
        if self._to_come:
            with suppress(Exception):
                contents = self._to_come[0].contents
                self._ahead = build_daily_mail(self._mailer, contents, self._now)


def _send(post: Post, claim: Claim, drafts: _Drafts, answers: _Answers) -> MailResult:
    """Hand the mail over, and note what came of it."""
    mail, was = claim.mail, MailState.CLAIMED

    def fence() -> bool:
        nonlocal was
        is_ours = answers.fence(mail)
        was = MailState.IN_DOUBT
        return is_ours

    became = hand_over_mail(post, drafts.next, fence, drafts.build_ahead)
    if became.state is not None:
        answers.add(_Answer(claim, was, became.state, became.error, became.failure))
    decision = MailDecision(mail.due.day, mail.reason, mail.kind)
    return MailResult(mail.learner_id, decision, became.state, became.error, became.failure)


def _mark(answer: _Answer, now: datetime) -> None:
    """What became of a mail, and when to look at this learner again."""
    claim, state = answer.claim, answer.state
    mail = replace(claim.mail, state=answer.was)
    if not daily_mails.move_mail(mail, state, now, answer.error):
        return
    if state is MailState.WAITING:
        again = now + retry_after(mail.attempts)
        mail_wishes.move_in_queue(claim.mailing, Due(mail.due.day, again))
    elif (why := _why_it_ends(answer)) is not None:
        mailing = mail_wishes.mailing_of(mail.learner_id)
        # Who changed the wishes meanwhile has planned anew.
        if mailing is not None and mailing.next_day == mail.due.day:
            ended = replace(mailing, wishes=mailing.wishes.ended(why))
            plan_mail(ended, claim.learner, mail.due.at)
    else:
        plan_next_mail(claim.mailing, claim.learner, mail.due.at)


def _why_it_ends(answer: _Answer) -> Stopped | None:
    """Why there is no mail any more after this one; None where there is."""
    if answer.failure is Failure.NO_SUCH_ADDRESS:
        return Stopped.BOUNCED
    if answer.claim.mail.kind is MailKind.FAREWELL and answer.state is not MailState.DEAD:
        return Stopped.SILENCE
    return None
