"""A member of staff becomes an admin, or an instructor again."""

from datetime import datetime

from app.learning.cohorts import Role
from app.learning.staff_log import Act
from app.storage import staff, staff_log
from app.storage.database import transaction

_ACTS = {Role.ADMIN: Act.MADE_ADMIN, Role.INSTRUCTOR: Act.MADE_INSTRUCTOR}


def change_role(email: str, role: Role, by: str, now: datetime) -> bool:
    """Give that member of staff the role; False for the last admin, or nobody could invite any more.

    Who is no member of staff stays none.
    """
    with transaction():
        before = staff.role_of(email)
        if role is not Role.ADMIN and staff.only_admin() == email:
            return False
        if before not in (None, role):
            staff.give_role(email, role, now)
            staff_log.note_act(by, _ACTS[role], email, now)
    return True
