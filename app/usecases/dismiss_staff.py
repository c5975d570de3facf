"""Somebody teaches no more."""

from app.learning.cohorts import Role
from app.storage import staff
from app.storage.database import transaction


def dismiss_staff(email: str) -> bool:
    """Take the role of that address; False for the last admin, or nobody could invite any more."""
    with transaction():
        admins = [each.email for each in staff.all_staff() if each.role is Role.ADMIN]
        if admins == [email]:
            return False
        staff.take_role(email)
    return True
