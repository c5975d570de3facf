"""Somebody teaches no more."""

from datetime import datetime

from app.learning.staff_log import Act
from app.storage import staff, staff_log
from app.storage.database import transaction


def dismiss_staff(email: str, by: str, now: datetime) -> bool:
    """Take the role of that address; False for the last admin, or nobody could invite any more."""
    with transaction():
        if staff.only_admin() == email:
            return False
        if staff.role_of(email) is not None:
            staff.take_role(email)
            staff_log.note_act(by, Act.DISMISSED, email, now)
    return True
