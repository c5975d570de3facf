"""Learners who asked for mail, for the tests of the timetable."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from app.learning.course import Course
from app.learning.mail_wishes import FIRST_WISHES, MailWishes
from app.learning.people import Learner
from app.learning.reviews import Grade, Review
from app.storage import learners, mail_wishes
from app.storage.database import transaction
from app.storage.mail_wishes import Mailing
from app.usecases.plan_mail import plan_mail
from app.usecases.record_reviews import record_reviews


def wishes_of(now: datetime, **given: Any) -> MailWishes:
    """Every day at nine, both, unless `given` says otherwise."""
    standard = {"at": time(9), "stopped": None, "changed_at": now, **given}
    return replace(FIRST_WISHES, **standard)


def a_member(
    name: str, now: datetime, zone_name: str = "Europe/Amsterdam", **wishes: Any
) -> Learner:
    """Somebody with an account who asked for mail just before `now`."""
    learner = learners.add_guest(seed=1, now=now - timedelta(days=1), zone_name=zone_name)
    with transaction(learner.id):
        learners.give_account(learner.id, f"{name}@voorbeeld.nl", "hash")
        found = learners.learner_of(learner.id)
        assert found is not None
        mailing = Mailing(found.id, f"token-{name}", wishes_of(now, **wishes))
        plan_mail(mailing, found, now)
    return found


def with_a_card(learner: Learner, course: Course, now: datetime) -> None:
    """A card that was forgotten before `now` and waits from then on: every day is worth a mail."""
    moment = now - timedelta(minutes=1)
    day = learner.day_at(moment)
    review = Review(uuid4(), "band-afstand", Grade.AGAIN, moment, day, 4000)
    record_reviews(course, learner, [review], now)


def next_at(learner: Learner) -> datetime | None:
    found = mail_wishes.mailing_of(learner.id)
    assert found is not None
    return found.next_at
