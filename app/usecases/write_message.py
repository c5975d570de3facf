"""An instructor writes to some of a cohort; the worker mails it."""

from collections.abc import Collection
from datetime import datetime

from app.learning.cohorts import Cohort, cohort_day
from app.learning.messages import Reach
from app.mail.mailer import Mailer
from app.mail.message import new_message_id
from app.secrets.codes import new_token
from app.storage import cohort_mails, cohort_messages
from app.storage.cohort_mails import CohortMail
from app.storage.database import transaction


def write_message(
    mailer: Mailer,
    cohort: Cohort,
    sender: str,
    text: str,
    chosen: Collection[int],
    now: datetime,
    *,
    about: str = "",
    takes_replies: bool = False,
) -> int:
    """Queue the message for those of the chosen learners whom it may reach; gives how many.

    `about` is the label they were chosen by, which the mail tells them. With `takes_replies` an answer
    goes to `sender`.
    """
    today = cohort_day(now)
    members = {each.learner_id for each in cohort_messages.recipients_of(cohort.id)}
    # Under the lock of each, so that two instructors who write at once do not both reach somebody.
    with transaction(*(members & set(chosen))):
        reached = [
            each.learner_id
            for each in cohort_messages.recipients_of(cohort.id)
            if each.learner_id in chosen and each.reach(today) is Reach.YES
        ]
        for learner_id in reached:
            mail = CohortMail(
                id=new_token(),
                cohort_id=cohort.id,
                sender=sender,
                day=today,
                message_id=new_message_id(mailer.sender),
                next_at=now,
                changed_at=now,
                learner_id=learner_id,
                about=about,
                reply_to=sender if takes_replies else "",
                text=text,
            )
            cohort_mails.add_mail(mail)
    return len(reached)
