"""What learners do with cohorts: join with a code, see what an instructor sees, leave."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from app.learning.cohorts import LONGEST_NAME, Cohort, Membership, cohort_day
from app.learning.people import Learner
from app.storage import cohort_members, cohort_messages, staff
from app.storage import cohorts as cohort_rows
from app.usecases.begin_as_guest import begin_as_guest
from app.usecases.change_message_wishes import change_message_wishes
from app.usecases.join_cohort import join_cohort, leave_cohort
from app.usecases.show_cohort import show_cohort
from app.web.accounts import UNPROCESSABLE
from app.web.cohorts import plan_calendar
from app.web.identity import begin_session, current_learner, learner_or_none, login_required
from app.web.state import course, now
from app.web.zone import chosen_zone

memberships = Blueprint("memberships", __name__)


@memberships.get("/meedoen")
def enter_code() -> Any:
    """A code that was read aloud or copied from a board, typed any way."""
    typed = request.args.get("code", "")
    if not typed:
        return render_template("join_code.html", errors={}, typed="")
    cohort = cohort_rows.cohort_with_code(_code(typed))
    if cohort is None:
        return render_template("join_code.html", errors={"join_code": "unknown"}, typed=typed)
    return redirect(url_for(".join", code=cohort.code))


@memberships.get("/meedoen/<code>")
def join(code: str) -> str:
    """Who asks, and what they will see: before anything is shared."""
    return join_page(_open_cohort(code), request.path)


@memberships.post("/meedoen/<code>")
def join_now(code: str) -> Any:
    return join_by_form(_open_cohort(code), request.path)


@memberships.get("/instellingen/groepen")
@login_required
def index() -> str:
    learner = current_learner()
    return render_template(
        "memberships.html",
        memberships=cohort_members.memberships_of(learner.id),
        role=staff.role_of(learner.email),
    )


@memberships.get("/instellingen/groepen/<cohort_id>")
@login_required
def show(cohort_id: str) -> str:
    """As the instructor sees it, and who looked."""
    learner, today = current_learner(), cohort_day(now())
    membership = _membership(cohort_id)
    own = None
    if membership.left_on is None:
        (own,) = show_cohort(course(), membership.cohort, today, learner.id).members
    recipient = cohort_messages.recipient_of(cohort_id, learner.id)
    return render_template(
        "membership.html",
        membership=membership,
        own=own,
        instructors=cohort_rows.instructors_of(cohort_id),
        looks=sorted(
            [
                *cohort_messages.messages_to(learner.id, cohort_id),
                *cohort_members.looks_at(learner.id, cohort_id),
            ],
            key=lambda look: look.day,
            reverse=True,
        ),
        recipient=recipient,
        reach=recipient and recipient.reach(today),
        today=today,
        is_new="welkom" in request.args,
    )


@memberships.post("/instellingen/groepen/<cohort_id>")
@login_required
def leave(cohort_id: str) -> Any:
    membership = _membership(cohort_id)
    leave_cohort(membership.cohort, current_learner(), cohort_day(now()))
    return redirect(url_for(".show", cohort_id=cohort_id))


@memberships.post("/instellingen/groepen/<cohort_id>/berichten")
@login_required
def change_messages(cohort_id: str) -> Any:
    _membership(cohort_id)
    wants = request.form.get("wants") == "yes"
    change_message_wishes(current_learner().id, cohort_id, wants=wants)
    return redirect(url_for(".show", cohort_id=cohort_id, _anchor="berichten"))


@memberships.get("/instellingen/groepen/<cohort_id>/weekplan.ics")
@login_required
def calendar(cohort_id: str) -> Response:
    return plan_calendar(_membership(cohort_id).cohort)


def join_page(
    cohort: Cohort, address: str, name: str = "", errors: Mapping[str, str] | None = None
) -> str:
    """What is shared with the instructors of `cohort`, and the form at `address` that says yes.

    `name` is what somebody is called until they say otherwise.
    """
    learner: Learner | None = learner_or_none()
    member = _present_membership(cohort, learner) if learner else None
    return render_template(
        "join.html",
        cohort=cohort,
        instructors=cohort_rows.instructors_of(cohort.id),
        errors=errors or {},
        given_name=request.form.get("name", member.member.name if member else name),
        member=member,
        address=address,
    )


def join_by_form(cohort: Cohort, address: str, invitation: str = "") -> Any:
    """Join as the form says; `invitation` is the token of the one that somebody came with."""
    name = _name()
    errors = {
        **({} if name else {"name": "missing"}),
        **({} if "agreed" in request.form else {"agreed": "missing"}),
    }
    if errors:
        return join_page(cohort, address, errors=errors), UNPROCESSABLE
    learner = learner_or_none()
    if learner is None:
        learner = begin_as_guest(chosen_zone(), now())
        begin_session(learner)
    join_cohort(cohort, learner, name, cohort_day(now()), invitation)
    return redirect(url_for("memberships.show", cohort_id=cohort.id, welkom="1"))


def _membership(cohort_id: str) -> Membership:
    found = [
        each
        for each in cohort_members.memberships_of(current_learner().id)
        if each.cohort.id == cohort_id
    ]
    if not found:
        abort(404)
    return found[0]


def _open_cohort(code: str) -> Cohort:
    cohort = cohort_rows.cohort_with_code(_code(code))
    if cohort is None:
        abort(404)
    return cohort


def _code(typed: str) -> str:
    return "".join(char for char in typed.casefold() if char.isalnum())[:20]


def _name() -> str:
    text = "".join(char if char.isprintable() else " " for char in request.form.get("name", ""))
    return " ".join(text.split())[:LONGEST_NAME]


def _present_membership(cohort: Cohort, learner: Learner) -> Membership | None:
    for each in cohort_members.memberships_of(learner.id):
        if each.cohort.id == cohort.id and each.left_on is None:
            return each
    return None
