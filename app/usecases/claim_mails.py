"""Whether learners get a mail now; if so it is this worker's, and nobody else sends it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.learning.course import Course
from app.learning.daily_mail import (
    GRACE,
    MailDecision,
    MailKind,
    MailReason,
    MailState,
    decide_mail,
)
from app.learning.mail_wishes import A_WEEK, Due, due_on
from app.learning.people import Learner
from app.mail.daily import DailyContents
from app.mail.mailer import Mailer
from app.mail.message import new_message_id
from app.storage import daily_mails, learners, mail_wishes
from app.storage.daily_mails import DailyMail
from app.storage.database import transaction
from app.storage.mail_wishes import Mailing
from app.usecases.mail_facts import MailDay, mail_facts
from app.usecases.plan_mail import plan_mail


@dataclass(frozen=True, slots=True)
class Claim:
    """The mail of a day, which this worker alone may send, what stands in it, and for whom it is."""

    mail: DailyMail
    contents: DailyContents
    mailing: Mailing
    learner: Learner


@dataclass(frozen=True, slots=True)
class NoMail:
    """There is none, or no more: `state` is that of the day, None where nothing was written."""

    decision: MailDecision
    state: MailState | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class _Turn:
    """Whose turn it is, for which day, and how far an earlier attempt at that day came."""

    mailing: Mailing
    learner: Learner
    due: Due
    before: DailyMail | None


def claim_mails(
    course: Course,
    mailer: Mailer,
    learner_ids: Sequence[int],
    lease: datetime,
    owner: str,
    now: datetime,
) -> list[Claim | NoMail | None]:
    """Read, decide, write, for a few learners at once. None where `lease` is no longer that of the
    learner: not our turn."""
    with transaction(*learner_ids):
        return [_claim(course, mailer, each, lease, owner, now) for each in learner_ids]


def _claim(
    course: Course, mailer: Mailer, learner_id: int, lease: datetime, owner: str, now: datetime
) -> Claim | NoMail | None:
    turn = _turn(learner_id, lease)
    if turn is None:
        return None
    decision, day = _decided(course, turn, now)
    if day is None or decision.kind is None:
        # The days after it come one by one, but not for ever: nobody wants to hear of a month
        # in which the worker was away.
        plan_mail(turn.mailing, turn.learner, max(turn.due.at, now - A_WEEK))
        return _closed(turn, decision, _new(mailer, turn, decision, owner, now))
    mail = _new(mailer, turn, decision, owner, now)
    if turn.before is not None:
        attempts = turn.before.attempts + 1
        mail = replace(mail, message_id=turn.before.message_id, attempts=attempts)
    daily_mails.save_mail(mail)
    contents = _contents(turn, mail, decision.kind, day)
    return Claim(mail, contents, turn.mailing, turn.learner)


def _turn(learner_id: int, lease: datetime) -> _Turn | None:
    mailing, learner = mail_wishes.mailing_of(learner_id), learners.learner_of(learner_id)
    if mailing is None or learner is None or mailing.next_at != lease or mailing.next_day is None:
        return None
    before = daily_mails.mail_on(learner_id, mailing.next_day)
    due = before.due if before else due_on(mailing.next_day, mailing.wishes.at, learner.zone)
    return _Turn(mailing, learner, due, before)


def _decided(course: Course, turn: _Turn, now: datetime) -> tuple[MailDecision, MailDay | None]:
    """The decision, with what the mail would hold where there can be one."""
    due, before = turn.due, turn.before
    if before is not None and before.has_ended:
        # Somebody died while the text was on its way: only the mail server knows how that ended.
        return MailDecision(due.day, MailReason.IN_DOUBT), None
    if turn.learner.is_guest:
        return MailDecision(due.day, MailReason.NO_ADDRESS), None
    if now - due.at >= GRACE:
        return MailDecision(due.day, MailReason.TOO_LATE), None
    wishes, is_again = turn.mailing.wishes, before is not None and before.is_under_way
    day = mail_facts(course, turn.learner, wishes, due, now, is_again=is_again)
    return decide_mail(wishes, day.facts, due, now), day


def _closed(turn: _Turn, decision: MailDecision, missed: DailyMail) -> NoMail:
    """A mail that was tried and may no longer go is dead; a day nobody looked at was missed."""
    before, reason = turn.before, decision.reason
    if reason is MailReason.IN_DOUBT and before is not None:
        return NoMail(decision, before.state, before.error)
    if before is not None:
        state = MailState.DEAD if reason is MailReason.TOO_LATE else MailState.MISSED
        error = before.error or reason.value
        daily_mails.move_mail(before, state, missed.changed_at, error)
        return NoMail(decision, state, error)
    if reason is not MailReason.TOO_LATE:
        return NoMail(decision)
    daily_mails.save_mail(replace(missed, state=MailState.MISSED))
    return NoMail(decision, MailState.MISSED)


def _new(
    mailer: Mailer, turn: _Turn, decision: MailDecision, owner: str, now: datetime
) -> DailyMail:
    return DailyMail(
        learner_id=turn.learner.id,
        due=turn.due,
        kind=decision.kind or MailKind.DAILY,
        reason=decision.reason,
        state=MailState.CLAIMED,
        message_id=new_message_id(mailer.sender),
        attempts=1,
        owner=owner,
        changed_at=now,
    )


def _contents(turn: _Turn, mail: DailyMail, kind: MailKind, day: MailDay) -> DailyContents:
    return DailyContents(
        to=turn.learner.email or "",
        token=turn.mailing.token,
        message_id=mail.message_id,
        kind=kind,
        plan=day.plan,
        prompt=day.prompt,
    )
