"""A learner chooses how the course behaves."""

from dataclasses import replace
from datetime import datetime

from app.learning.people import Learner, Track
from app.storage import learners, mail_wishes
from app.storage.database import transaction
from app.usecases.plan_mail import replan_mail


def change_preferences(
    learner: Learner, *, track: Track, buttons: int, zone_name: str, now: datetime
) -> None:
    """Write the choices. `buttons` is 2 or 4; `zone_name` a valid IANA zone."""
    with transaction(learner.id):
        learners.set_preferences(learner.id, track=track, buttons=buttons, zone_name=zone_name)
        mailing = mail_wishes.mailing_of(learner.id) if zone_name != learner.zone_name else None
        if mailing is not None:
            moved = replace(learner, zone_name=zone_name)
            replan_mail(mailing, mailing, learner, moved, now)
