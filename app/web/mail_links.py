"""The page behind the links of a mail: less, a pause, out, and back again, without signing in.

A GET only shows it, so that a scanner that follows links changes nothing, and the link works as
often as it is needed. Its token is good for these wishes and nothing else. Mail programs post to the
same address when somebody presses their button (RFC 8058); that post has no cookie and no token of ours.
"""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from app.learning.mail_wishes import Stopped
from app.learning.people import Learner
from app.storage import learners
from app.storage.mail_wishes import Mailing, mailing_with_token
from app.usecases.change_mail_wishes import change_mail_wishes
from app.usecases.preview_mail import preview_mail
from app.web.security import proved_by
from app.web.state import now

mail_links = Blueprint("mail_links", __name__)

A_PAUSE = timedelta(days=7)


@mail_links.after_request
def _keep_nothing(response: Any) -> Any:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@mail_links.get("/mail/<token>")
def show(token: str) -> str:
    _, learner = _mailing(token)
    return render_template(
        "mail_link.html",
        preview=preview_mail(learner, now()),
        zone=learner.zone,
        token=token,
        done=request.args.get("gedaan", ""),
    )


def is_one_click() -> bool:
    """Whether a mail program posts because somebody pressed its button to unsubscribe."""
    return request.form.get("List-Unsubscribe") == "One-Click"


@mail_links.post("/mail/<token>")
@proved_by(is_one_click)
def act(token: str) -> Any:
    """`what` is stop, weekly, pause or resume."""
    mailing, learner = _mailing(token)
    what = "stop" if is_one_click() else request.form.get("what", "")
    today = now().astimezone(learner.zone).date()
    changes = {
        "stop": lambda wishes: wishes.ended(Stopped.LEARNER),
        "weekly": lambda wishes: wishes.weekly(now()),
        "pause": lambda wishes: wishes.paused(today + A_PAUSE, today, now()),
        "resume": lambda wishes: wishes.resumed(now()),
    }
    if what not in changes:
        abort(400)
    change_mail_wishes(learner, changes[what], now())
    if is_one_click():
        return "", 200
    return redirect(url_for(".show", token=mailing.token, gedaan=what))


def _mailing(token: str) -> tuple[Mailing, Learner]:
    mailing = mailing_with_token(token)
    learner = None if mailing is None else learners.learner_of(mailing.learner_id)
    if mailing is None or learner is None:
        abort(404)
    return mailing, learner
