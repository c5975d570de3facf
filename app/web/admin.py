"""What an admin does: who may teach, and with what this Haven runs. No learner is seen here."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from app.learning.cohorts import Role
from app.mail.address import normal_address
from app.storage import staff
from app.usecases.dismiss_staff import dismiss_staff
from app.usecases.invite_instructor import invite_instructor
from app.web.accounts import UNPROCESSABLE
from app.web.identity import current_learner, login_required
from app.web.state import course, now

admin = Blueprint("admin", __name__)


@admin.get("/beheer")
@login_required
def show() -> str:
    _require_admin()
    return _page({})


@admin.post("/beheer")
@login_required
def change() -> Any:
    """Invite somebody to teach, or take a role back; the button says which."""
    _require_admin()
    email = normal_address(request.form.get("email", ""))
    if email is None:
        return _page({"email": "not_an_address"}), UNPROCESSABLE
    match request.form.get("do", ""):
        case "invite":
            # Who has a role keeps it: an admin is an instructor too.
            if staff.role_of(email) is None:
                invite_instructor(email, now())
        case "dismiss":
            if not dismiss_staff(email):
                return _page({"staff": "last_admin"}), UNPROCESSABLE
        case _:
            abort(400)
    return redirect(url_for(".show", bewaard="1"))


def _require_admin() -> None:
    if staff.role_of(current_learner().email) is not Role.ADMIN:
        abort(404)


def _page(errors: dict[str, str]) -> str:
    return render_template(
        "admin.html",
        errors=errors,
        given=request.form.get("email", "") if errors else "",
        people=staff.all_staff(),
        saved="bewaard" in request.args,
        course=course(),
    )
