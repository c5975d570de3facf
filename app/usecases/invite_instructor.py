"""Somebody may teach: the address is enough, the account may come later."""

from datetime import datetime

from app.learning.cohorts import Role
from app.storage import staff
from app.storage.database import transaction


def invite_instructor(email: str, now: datetime, role: Role = Role.INSTRUCTOR) -> None:
    """Make the address, in its normal form, that of a member of staff."""
    with transaction():
        staff.give_role(email, role, now)
