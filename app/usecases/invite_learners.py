"""An instructor asks people by mail to join a cohort: a whole list, or one of them again."""

from datetime import date, datetime

from app.learning.attempts import invitation_attempts
from app.learning.cohorts import Cohort, cohort_day
from app.learning.rosters import Ended, Invitation, Roster, Rows, entries_of, judged
from app.mail.address import normal_address
from app.mail.mailer import Mailer
from app.mail.message import new_message_id
from app.secrets.codes import new_token
from app.storage import cohort_invitations, cohort_mails, cohort_members
from app.storage.cohort_mails import CohortMail
from app.storage.database import transaction
from app.usecases.count_attempts import count_attempts


def check_roster(cohort: Cohort, rows: Rows, today: date) -> Roster:
    """What would happen with each line of a list; nothing does. Raises BadRoster."""
    before = {each.email: each for each in cohort_invitations.invitations_of(cohort.id)}
    members = dict.fromkeys(cohort_members.emails_of(cohort.id))
    return judged(entries_of(rows), normal_address, members, before, today)


def invite_learners(
    mailer: Mailer, cohort: Cohort, rows: Rows, sender: str, now: datetime
) -> tuple[Roster, int]:
    """Invite everybody on the list who was not yet, and say how many; nobody while a line is wrong.

    The mails go out from the worker. Raises BadRoster and TooManyAttempts.
    """
    today = cohort_day(now)
    with transaction():
        roster = check_roster(cohort, rows, today)
        if roster.wrong or not roster.to_invite:
            return roster, 0
        count_attempts(invitation_attempts(sender), now)
        invited = 0
        for line in roster.to_invite:
            invitation = Invitation(cohort.id, line.email, line.entry.name, new_token(), today)
            # A colleague may have sent the same list at this very moment.
            if cohort_invitations.invite(invitation):
                _queue(mailer, cohort, line.email, sender, now)
                invited += 1
        return roster, invited


def invite_again(mailer: Mailer, cohort: Cohort, email: str, sender: str, now: datetime) -> bool:
    """Send the invitation once more; False where it has ended, or went out in the last week."""
    with transaction():
        is_due = cohort_invitations.invite_again(cohort.id, email, cohort_day(now))
        if is_due:
            _queue(mailer, cohort, email, sender, now)
    return is_due


def take_back(cohort: Cohort, email: str) -> bool:
    """The link is worth nothing any more, and a mail that waits stays here."""
    with transaction():
        return cohort_invitations.end(cohort.id, email, Ended.WITHDRAWN)


def decline_invitation(invitation: Invitation) -> bool:
    """Whoever has the mail wants none like it of this cohort any more."""
    with transaction():
        return cohort_invitations.end(invitation.cohort_id, invitation.email, Ended.DECLINED)


def _queue(mailer: Mailer, cohort: Cohort, email: str, sender: str, now: datetime) -> None:
    mail = CohortMail(
        id=new_token(),
        cohort_id=cohort.id,
        sender=sender,
        day=cohort_day(now),
        message_id=new_message_id(mailer.sender),
        next_at=now,
        changed_at=now,
        email=email,
    )
    cohort_mails.add_mail(mail)
