"""What nobody can use any more is removed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.learning.attempts import LONGEST_WINDOW
from app.learning.cohorts import cohort_day, ended_on
from app.learning.people import SESSION_LASTS
from app.learning.retention import Kept
from app.learning.rosters import BETWEEN_MAILS, INVITATION_LASTS
from app.learning.staff_log import WORKER
from app.storage import (
    attempts,
    cohort_invitations,
    cohort_mails,
    cohorts,
    daily_mails,
    email_codes,
    learners,
    retention,
    sessions,
)
from app.storage.database import transaction
from app.usecases.delete_cohort import delete_cohort
from app.usecases.erase_learner import erase_learner

# A mail this long ago tells nobody anything any more; back-off looks at no more than two months.
MAILS_KEPT = timedelta(days=180)
# For a month an instructor sees that an invitation ran out.
INVITATIONS_KEPT = INVITATION_LASTS + timedelta(days=30)
# Guests that are asked for at a time.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows of each kind were removed; the last three once a day."""

    codes: int
    attempts: int
    sessions: int
    mails: int
    invitations: int
    cohorts: int = 0
    guests: int = 0
    looks: int = 0


def forget_expired(now: datetime) -> Forgotten:
    """Remove codes, counts of attempts and sessions that have run out, what is known of old mails
    and of invitations that nobody answered, and whatever was kept as long as an admin chose
    (`learning/retention`)."""
    with transaction():
        codes = email_codes.remove_expired(now)
        tried = attempts.remove_attempts(now - LONGEST_WINDOW)
        unseen = sessions.remove_unseen(now - SESSION_LASTS)
        mails = daily_mails.remove_before((now - MAILS_KEPT).date())
        cohort_mails.forget_texts((now - BETWEEN_MAILS).date())
        invitations = cohort_invitations.remove_before(
            (now - BETWEEN_MAILS).date(), (now - INVITATIONS_KEPT).date()
        )
    return Forgotten(
        codes=codes,
        attempts=tried,
        sessions=unseen,
        mails=mails,
        invitations=invitations,
        cohorts=_forget_cohorts(now),
        guests=_forget_guests(now),
        looks=_forget_looks(now),
    )


def _forget_cohorts(now: datetime) -> int:
    before = _turn(Kept.COHORTS, now)
    if before is None:
        return 0
    every = cohorts.plans_of(cohorts.every_cohort())
    old = [cohort for cohort, plan in every if ended_on(cohort, plan) < before]
    for cohort in old:
        delete_cohort(cohort, WORKER, now)
    return len(old)


def _forget_guests(now: datetime) -> int:
    before = _turn(Kept.GUESTS, now)
    if before is None:
        return 0
    moment = now - (cohort_day(now) - before)
    removed = last = 0
    while found := retention.idle_guests(moment, last, _BATCH):
        for learner_id in found:
            learner = learners.learner_of(learner_id)
            if learner is not None and learner.is_guest:
                erase_learner(learner, now)
                removed += 1
        last = found[-1]
    return removed


def _forget_looks(now: datetime) -> int:
    before = _turn(Kept.LOOKS, now)
    if before is None:
        return 0
    with transaction():
        return retention.remove_looks(before)


def _turn(kept: Kept, now: datetime) -> date | None:
    """What ended before that day goes now; None where it was looked at today, or a change waits."""
    today = cohort_day(now)
    with transaction():
        is_turn = retention.takes_turn(kept, today)
    return retention.periods()[kept].gone_before(today) if is_turn else None
