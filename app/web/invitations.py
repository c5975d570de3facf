"""What somebody does with an invitation that was mailed: look, join, or say no.

A GET only shows, so a scanner that follows links changes nothing. Mail programs post to the address
of "no" when somebody presses their button (RFC 8058), without a cookie and a token of ours.
"""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from app.learning.cohorts import Cohort
from app.learning.rosters import Ended, Invitation
from app.storage import cohort_invitations, cohort_members, cohorts
from app.usecases.invite_learners import decline_invitation
from app.web.cohort_frame import cohort_today
from app.web.identity import learner_or_none
from app.web.mail_links import is_one_click
from app.web.memberships import join_by_form, join_page
from app.web.security import proved_by

invitations = Blueprint("invitations", __name__)

GONE = 410


@invitations.after_request
def _keep_nothing(response: Any) -> Any:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@invitations.get("/uitnodiging/<token>")
def show(token: str) -> Any:
    invitation, cohort = _found(token)
    if cohort is None:
        return _over(invitation)
    return join_page(cohort, request.path, invitation.name)


@invitations.post("/uitnodiging/<token>")
def join(token: str) -> Any:
    invitation, cohort = _found(token)
    if cohort is None:
        return _over(invitation)
    return join_by_form(cohort, request.path, invitation.token)


@invitations.get("/uitnodiging/<token>/nee")
def ask_to_decline(token: str) -> Any:
    invitation, cohort = _found(token)
    if cohort is None:
        return _over(invitation)
    return render_template("invitation_no.html", cohort=cohort, token=token)


@invitations.post("/uitnodiging/<token>/nee")
@proved_by(is_one_click)
def decline(token: str) -> Any:
    invitation, _ = _found(token)
    decline_invitation(invitation)
    if is_one_click():
        return "", 200
    return redirect(url_for(".show", token=token))


def _found(token: str) -> tuple[Invitation, Cohort | None]:
    """The invitation, and the cohort if somebody can still join it with this."""
    invitation = cohort_invitations.invitation_with_token(token)
    if invitation is None:
        abort(404)
    is_open = invitation.is_open(cohort_today())
    return invitation, cohorts.live_cohort(invitation.cohort_id) if is_open else None


def _over(invitation: Invitation) -> Any:
    """To who joined with it, their own page; to others, what they can do."""
    learner = learner_or_none()
    if learner is not None and invitation.ended is Ended.JOINED:
        for each in cohort_members.memberships_of(learner.id):
            if each.cohort.id == invitation.cohort_id:
                return redirect(url_for("memberships.show", cohort_id=each.cohort.id))
    return render_template("invitation_over.html", ended=invitation.ended), GONE
