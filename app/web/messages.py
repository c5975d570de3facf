"""What an instructor writes to learners of a cohort, and the page behind the link of that mail.

A GET of the link only shows, so a scanner that follows it changes nothing; mail programs post to it
when somebody presses their button (RFC 8058), without a cookie and a token of ours.
"""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from app.learning.cohorts import Cohort, Label, Membership
from app.learning.messages import LONGEST_MESSAGE, Reach, plain_text
from app.storage import cohort_mails, cohort_members, cohort_messages
from app.usecases.change_message_wishes import change_message_wishes
from app.usecases.show_cohort import show_cohort
from app.usecases.write_message import write_message
from app.web.accounts import UNPROCESSABLE
from app.web.cohort_frame import cohort_today, frame, own_cohort, seen_cohort, staff_email
from app.web.identity import login_required
from app.web.mail_links import is_one_click
from app.web.security import proved_by
from app.web.state import course, haven, now

messages = Blueprint("messages", __name__)


@messages.get("/groepen/<cohort_id>/bericht")
@login_required
def write(cohort_id: str) -> str:
    """A draft for everybody with a label, or for all."""
    return _page(seen_cohort(cohort_id, "bericht schrijven"), {})


@messages.post("/groepen/<cohort_id>/bericht")
@login_required
def send(cohort_id: str) -> Any:
    cohort = own_cohort(cohort_id)
    text, chosen = plain_text(request.form.get("text", "")), _chosen()
    errors = {
        **({} if chosen else {"to": "nobody"}),
        **({} if text.strip() else {"text": "empty"}),
        **({} if len(text) <= LONGEST_MESSAGE else {"text": "too_long"}),
    }
    if errors:
        return _page(seen_cohort(cohort_id, "bericht schrijven"), errors), UNPROCESSABLE
    label = _label()
    sent = write_message(
        haven().mailer,
        cohort,
        staff_email(),
        text,
        chosen,
        now(),
        about=label.value if label else "",
        takes_replies="reply" in request.form,
    )
    return redirect(url_for("cohorts.members", cohort_id=cohort.id, bericht=sent))


@messages.get("/berichten/<token>")
def show(token: str) -> str:
    membership = _of_mail(token)
    learner_id, cohort = membership.member.learner_id, membership.cohort
    recipient = cohort_messages.recipient_of(cohort.id, learner_id)
    return render_template("message_link.html", cohort=cohort, recipient=recipient, token=token)


@messages.post("/berichten/<token>")
@proved_by(is_one_click)
def act(token: str) -> Any:
    """`what` is stop or resume."""
    membership = _of_mail(token)
    what = "stop" if is_one_click() else request.form.get("what", "")
    if what not in ("stop", "resume"):
        abort(400)
    learner_id, cohort_id = membership.member.learner_id, membership.cohort.id
    change_message_wishes(learner_id, cohort_id, wants=what == "resume")
    if is_one_click():
        return "", 200
    return redirect(url_for(".show", token=token))


@messages.after_request
def _keep_nothing(response: Any) -> Any:
    response.headers["Cache-Control"] = "no-store"
    return response


def _of_mail(token: str) -> Membership:
    """Of whom a message with that link is, and in which cohort, also after they left it."""
    mail = cohort_mails.mail_of(token)
    found = cohort_members.memberships_of(mail.learner_id or 0) if mail else []
    membership = next((each for each in found if mail and each.cohort.id == mail.cohort_id), None)
    if membership is None:
        abort(404)
    return membership


def _label() -> Label | None:
    """By which label the learners were chosen; None for everybody."""
    given = request.values.get("stand", "")
    return next((label for label in Label if label.value == given), None)


def _chosen() -> set[int]:
    """The learners that were ticked; who is not in the cohort falls out later."""
    given = request.form.getlist("to")
    return {int(one) for one in given if one.isascii() and one.isdecimal() and len(one) < 10}


def _page(cohort: Cohort, errors: dict[str, str]) -> str:
    label, today = _label(), cohort_today()
    reach = {
        each.learner_id: each.reach(today) for each in cohort_messages.recipients_of(cohort.id)
    }
    members = sorted(
        (
            (one.member, reach.get(one.member.learner_id, Reach.NO_ADDRESS))
            for one in show_cohort(course(), cohort, today).members
            if label in (None, one.standing.label)
        ),
        key=lambda pair: pair[0].name.casefold(),
    )
    left_out: dict[str, list[str]] = {}
    for member, how in members:
        if how is not Reach.YES:
            left_out.setdefault(how.value, []).append(member.name)
    return render_template(
        "cohort_message.html",
        **frame(cohort),
        errors=errors,
        label=label,
        reached=[member for member, how in members if how is Reach.YES],
        left_out=left_out,
        chosen=_chosen() if request.method == "POST" else None,
        text=request.form.get("text"),
        takes_replies="reply" in request.form,
        sender=staff_email(),
        longest=LONGEST_MESSAGE,
    )
