"""Somebody may teach: the address is enough, the account may come later."""

from datetime import datetime

from app.learning.cohorts import Role
from app.learning.staff_log import COMMAND, Act
from app.storage import staff, staff_log
from app.storage.database import transaction


def invite_instructor(
    email: str, now: datetime, role: Role = Role.INSTRUCTOR, by: str = COMMAND
) -> None:
    """Make the address, in its normal form, that of a member of staff."""
    with transaction():
        if staff.role_of(email) is role:
            return
        staff.give_role(email, role, now)
        staff_log.note_act(by, Act.MADE_ADMIN if role is Role.ADMIN else Act.INVITED, email, now)
