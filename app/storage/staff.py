"""Who teaches or runs Haven, by the address of their account."""

from dataclasses import dataclass
from datetime import datetime

from app.learning.cohorts import Role
from app.storage.database import Statement
from app.storage.fields import from_microseconds, to_microseconds

_INVITE = Statement(
    "INSERT INTO staff (email, role, invited_at) VALUES (?, ?, ?) "
    "ON CONFLICT (email) DO UPDATE SET role = excluded.role"
)
_ROLE = Statement("SELECT role FROM staff WHERE email = ?")
_ALL = Statement(
    "SELECT staff.email, role, invited_at, learner.id IS NOT NULL, "
    "(SELECT count(*) FROM cohort_instructor WHERE cohort_instructor.email = staff.email) "
    "FROM staff LEFT JOIN learner ON learner.email = staff.email ORDER BY staff.email"
)
_ADMINS = Statement("SELECT email FROM staff WHERE role = 'admin' ORDER BY email LIMIT 2")
_DISMISS = Statement("DELETE FROM staff WHERE email = ?")


@dataclass(frozen=True, slots=True)
class StaffMember:
    """`has_account` is False while an invitation waits for its address to sign up; `cohorts` is how
    many they teach."""

    email: str
    role: Role
    invited_at: datetime
    has_account: bool
    cohorts: int


def role_of(email: str | None) -> Role | None:
    """The role of whoever has that address, which must be in its normal form."""
    row = _ROLE.row(email) if email else None
    return None if row is None else Role(row[0])


def all_staff() -> list[StaffMember]:
    return [
        StaffMember(email, Role(role), from_microseconds(invited_at), bool(has_account), cohorts)
        for email, role, invited_at, has_account, cohorts in _ALL.rows()
    ]


def only_admin() -> str | None:
    """The address of the admin where there is one alone."""
    rows = _ADMINS.rows()
    return rows[0][0] if len(rows) == 1 else None


def give_role(email: str, role: Role, now: datetime) -> None:
    """Make that address staff, or change its role."""
    _INVITE.run(email, role.value, to_microseconds(now))


def take_role(email: str) -> None:
    """That address is staff no more; its cohorts stay, and open again with the role."""
    _DISMISS.run(email)
