"""What an admin does: who may teach, how long things are kept, how the mail is, what runs here and what
staff did. No learner is seen here."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from app.content.library import files_of_chapters
from app.learning.cohorts import Role, cohort_day, ended_on
from app.learning.daily_mail import MailState, Returned
from app.learning.mail_trouble import Again, again, diagnosis_of
from app.learning.mail_wishes import Stopped
from app.learning.people import SESSION_LASTS
from app.learning.retention import CHOICES, NOTICE, Kept
from app.mail.address import normal_address
from app.storage import cohorts, daily_mails, mail_wishes, retention, staff, staff_log
from app.usecases.change_retention import change_retention
from app.usecases.change_role import change_role
from app.usecases.dismiss_staff import dismiss_staff
from app.usecases.forget_expired import MAILS_KEPT
from app.usecases.invite_instructor import invite_instructor
from app.usecases.try_mail_again import try_mail_again
from app.web.accounts import UNPROCESSABLE
from app.web.identity import current_learner, login_required
from app.web.state import course, haven, now

admin = Blueprint("admin", __name__)

_DAYS_OF_MAIL = 30
_MOST_DEAD = 100
_LINES = 50
# A worker looks every minute; this long without a look means that none runs.
_AWAY_AFTER = timedelta(minutes=15)


@admin.get("/beheer")
@login_required
def show() -> str:
    _require_admin()
    return _people_page({})


@admin.post("/beheer")
@login_required
def change() -> Any:
    """Invite somebody to teach, change a role or take it back; the button says which."""
    by = _require_admin()
    email = normal_address(request.form.get("email", ""))
    if email is None:
        return _people_page({"email": "not_an_address"}), UNPROCESSABLE
    match request.form.get("do", ""):
        case "invite":
            # Who has a role keeps it: an admin is an instructor too.
            if staff.role_of(email) is None:
                invite_instructor(email, now(), by=by)
        case "admin":
            change_role(email, Role.ADMIN, by, now())
        case "instructor":
            if not change_role(email, Role.INSTRUCTOR, by, now()):
                return _people_page({"staff": "last_admin"}), UNPROCESSABLE
        case "dismiss":
            if not dismiss_staff(email, by, now()):
                return _people_page({"staff": "last_admin"}), UNPROCESSABLE
        case _:
            abort(400)
    if staff.role_of(by) is not Role.ADMIN:
        return redirect(url_for("memberships.index"))
    return redirect(url_for(".show", bewaard="1"))


@admin.get("/beheer/bewaren")
@login_required
def keeping() -> str:
    _require_admin()
    return _keeping_page({})


@admin.post("/beheer/bewaren")
@login_required
def change_keeping() -> Any:
    """Every period at once, as the form has them."""
    by = _require_admin()
    given = {kept: request.form.get(kept.value, "") for kept in Kept}
    chosen = {kept: _choice(kept, text) for kept, text in given.items() if text}
    errors = {kept.value: "not_a_choice" for kept, days in chosen.items() if days is None}
    if errors:
        return _keeping_page(errors), UNPROCESSABLE
    for kept, days in chosen.items():
        change_retention(kept, days or 0, by, cohort_day(now()), now())
    return redirect(url_for(".keeping", bewaard="1"))


@admin.get("/beheer/mail")
@login_required
def mail() -> str:
    _require_admin()
    since = now().date() - timedelta(days=_DAYS_OF_MAIL)
    dead = daily_mails.dead_since(since, _MOST_DEAD)
    return render_template(
        "admin_mail.html",
        days=_DAYS_OF_MAIL,
        counts=daily_mails.counts_since(since),
        returned=daily_mails.returned_counts_since(since),
        stopped=mail_wishes.stopped_counts(),
        overdue=mail_wishes.overdue(now() - _AWAY_AFTER),
        dead=[
            (
                each,
                diagnosis_of(each.error),
                again(each.due, each.stopped, each.paused_until, now()),
            )
            for each in dead
        ],
        most_dead=_MOST_DEAD,
        MailState=MailState,
        Returned=Returned,
        Stopped=Stopped,
        Again=Again,
        tried=request.args.get("gedaan", ""),
    )


@admin.post("/beheer/mail")
@login_required
def try_again() -> Any:
    """One mail or, where the trouble was everybody's, all that the page lists."""
    by = _require_admin()
    found = [
        try_mail_again(message_id, by, now())
        for message_id in request.form.getlist("message_id")[:_MOST_DEAD]
    ]
    done = sum(each is not Again.NOTHING for each in found)
    return redirect(url_for(".mail", gedaan=done))


@admin.get("/beheer/cursus")
@login_required
def course_version() -> str:
    _require_admin()
    return render_template(
        "admin_course.html",
        course=course(),
        read_at=haven().read_at,
        files=haven().chapter_files,
        on_disk=files_of_chapters(haven().settings.course_root),
    )


@admin.get("/beheer/logboek")
@login_required
def log() -> str:
    _require_admin()
    text = request.args.get("voor", "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 2**31 - 1
    acts = staff_log.acts_before(number, _LINES + 1)
    return render_template(
        "admin_log.html",
        acts=acts[:_LINES],
        older=acts[_LINES - 1].number if len(acts) > _LINES else None,
        is_first=number == 2**31 - 1,
    )


def _require_admin() -> str:
    """The address of the admin who asks; for everybody else nothing is here."""
    email = current_learner().email
    if email is None or staff.role_of(email) is not Role.ADMIN:
        abort(404)
    return email


def _people_page(errors: dict[str, str]) -> str:
    return render_template(
        "admin.html",
        errors=errors,
        given=request.form.get("email", "") if errors else "",
        people=staff.all_staff(),
        saved="bewaard" in request.args,
    )


def _keeping_page(errors: dict[str, str]) -> str:
    today = cohort_day(now())
    periods = retention.periods()
    goes_on = [
        periods[Kept.COHORTS].goes_on(ended_on(cohort, plan))
        for cohort, plan in cohorts.plans_of(cohorts.every_cohort())
    ]
    return render_template(
        "admin_keeping.html",
        errors=errors,
        periods=periods,
        choices={kept: sorted(CHOICES[kept]) for kept in Kept},
        usual={kept: CHOICES[kept][0] for kept in Kept},
        waits_until=max(
            (_waits_until(each.changed_on) for each in periods.values()), default=today
        ),
        today=today,
        cohorts=len(goes_on),
        first_goes_on=min(goes_on, default=None),
        Kept=Kept,
        mails_kept=MAILS_KEPT.days,
        sessions_kept=SESSION_LASTS.days,
        saved="bewaard" in request.args,
    )


def _waits_until(changed_on: date | None) -> date:
    return date.min if changed_on is None else changed_on + NOTICE


def _choice(kept: Kept, text: str) -> int | None:
    return next((days for days in CHOICES[kept] if str(days) == text), None)
