"""Somebody begins without an account."""

from datetime import datetime
from secrets import randbits

from app.learning.people import Learner
from app.storage import learners
from app.storage.parameters import course_parameters


def begin_as_guest(zone_name: str, now: datetime) -> Learner:
    """A new learner, known only by the browser. `zone_name` is a valid IANA zone."""
    return learners.add_guest(
        seed=randbits(63), now=now, zone_name=zone_name, parameters=course_parameters()
    )
