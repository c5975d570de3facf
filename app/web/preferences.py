"""What a learner chooses: the course, the password, the browsers that are signed in."""

from itertools import groupby
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from app.learning.days import zone_names
from app.learning.people import SESSION_LASTS, Track
from app.storage import sessions
from app.usecases.change_password import CurrentPassword, change_password
from app.usecases.change_preferences import change_preferences
from app.usecases.end_other_sessions import end_other_sessions
from app.usecases.end_session import end_session
from app.web.accounts import UNPROCESSABLE, course_words, network
from app.web.browser_name import browser_name
from app.web.identity import begin_session, current_learner, current_session, login_required
from app.web.state import haven, now

preferences = Blueprint("preferences", __name__)
preferences.add_app_template_filter(browser_name, "apparaat")


@preferences.get("/instellingen")
@login_required
def show() -> str:
    learner = current_learner()
    zones = sorted({*zone_names(), learner.zone_name})
    return render_template(
        "preferences.html",
        regions=[(region, list(names)) for region, names in groupby(zones, _region)],
        rhythm=learner.rhythm.without_what_is_over(learner.day_at(now())),
        saved=request.args.get("bewaard", ""),
    )


@preferences.post("/instellingen")
@login_required
def update() -> Any:
    """Whatever the form does not hold stays as it is."""
    learner = current_learner()
    track = request.form.get("track", learner.track.value)
    buttons = request.form.get("buttons", str(learner.buttons))
    zone_name = request.form.get("zone", learner.zone_name)
    is_known = zone_name in zone_names() or zone_name == learner.zone_name
    if track not in {each.value for each in Track} or buttons not in ("2", "4") or not is_known:
        abort(400)
    change_preferences(
        learner, track=Track(track), buttons=int(buttons), zone_name=zone_name, now=now()
    )
    return redirect(url_for(".show", bewaard="keuzes"))


@preferences.get("/instellingen/wachtwoord")
@login_required
def password() -> Any:
    if current_learner().is_guest:
        return redirect(url_for("accounts.sign_up"))
    return render_template("password.html", errors={})


@preferences.post("/instellingen/wachtwoord")
@login_required
def update_password() -> Any:
    learner = current_learner()
    current, chosen = request.form.get("current_password", ""), request.form.get("password", "")
    if learner.is_guest:
        abort(403)
    flaw = change_password(
        haven().mailer, learner, current, chosen, course_words(), network(), now()
    )
    if flaw is not None:
        field = "current_password" if flaw is CurrentPassword.WRONG else "password"
        return render_template("password.html", errors={field: flaw.value}), UNPROCESSABLE
    begin_session(learner)
    return redirect(url_for(".show", bewaard="wachtwoord"))


@preferences.get("/instellingen/sessies")
@login_required
def session_list() -> str:
    learner = current_learner()
    return render_template(
        "sessions.html",
        sessions=sessions.sessions_of(learner.id, now() - SESSION_LASTS),
        current=current_session().key,
    )


@preferences.post("/instellingen/sessies")
@login_required
def end_sessions() -> Any:
    """End the session that the form names, or all others where it names none."""
    key = request.form.get("session", "")
    if not key:
        end_other_sessions(current_session())
    elif key == current_session().key:
        return redirect(url_for("accounts.sign_out"))
    elif not end_session(current_learner(), key):
        abort(404)
    return redirect(url_for(".session_list"))


def _region(zone_name: str) -> str:
    return zone_name.partition("/")[0]
