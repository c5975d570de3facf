"""Mail and rest: what comes by mail, when, and how to have less of it."""

import re
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from app.learning.days import zone_names
from app.learning.mail_wishes import (
    EVERY_DAY,
    FIRST_WISHES,
    LONGEST_PAUSE,
    Contents,
    MailWishes,
    Rhythm,
    Stopped,
)
from app.learning.people import Learner
from app.usecases.change_mail_wishes import change_mail_wishes
from app.usecases.change_preferences import change_preferences
from app.usecases.preview_mail import preview_mail
from app.usecases.turn_mail_on import turn_mail_on
from app.web.identity import current_learner, login_required
from app.web.state import haven, now

mail_wishes = Blueprint("mail_wishes", __name__)

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(:[0-5]\d)?")


@mail_wishes.get("/instellingen/mail")
@login_required
def show() -> str:
    learner = current_learner()
    today = now().astimezone(learner.zone).date()
    preview = preview_mail(learner, now())
    zones = sorted({*zone_names(), learner.zone_name})
    return render_template(
        "mail_wishes.html",
        preview=preview,
        wishes=preview.wishes or FIRST_WISHES,
        zone=learner.zone,
        regions=[(region, list(names)) for region, names in groupby(zones, _region)],
        saved=request.args.get("bewaard", ""),
        tomorrow=today + timedelta(days=1),
        in_a_week=today + timedelta(days=7),
        in_a_year=today + LONGEST_PAUSE,
    )


@mail_wishes.post("/instellingen/mail")
@login_required
def update() -> Any:
    """Have mail, as the form says; whatever it does not hold stays as it is."""
    learner = _member()
    if "has_days" in request.form and not request.form.getlist("day"):
        return redirect(url_for(".show", bewaard="geen-dag"))
    before = preview_mail(learner, now()).wishes or FIRST_WISHES
    zone_name = request.form.get("zone", learner.zone_name)
    if zone_name not in zone_names() and zone_name != learner.zone_name:
        abort(400)
    wishes = _wishes(before)
    change_preferences(
        learner, track=learner.track, buttons=learner.buttons, zone_name=zone_name, now=now()
    )
    turn_mail_on(haven().mailer, replace(learner, zone_name=zone_name), wishes, now())
    return redirect(url_for(".show", bewaard="wensen"))


@mail_wishes.post("/instellingen/mail/pauze")
@login_required
def pause() -> Any:
    learner = _member()
    until = _day(request.form.get("until", ""))
    today = now().astimezone(learner.zone).date()
    if not today < until <= today + LONGEST_PAUSE:
        return redirect(url_for(".show", bewaard="geen-pauze"))
    change_mail_wishes(learner, lambda wishes: wishes.paused(until, today, now()), now())
    return redirect(url_for(".show", bewaard="pauze"))


@mail_wishes.post("/instellingen/mail/aan")
@login_required
def resume() -> Any:
    change_mail_wishes(_member(), lambda wishes: wishes.resumed(now()), now())
    return redirect(url_for(".show", bewaard="aan"))


@mail_wishes.post("/instellingen/mail/uit")
@login_required
def stop() -> Any:
    change_mail_wishes(current_learner(), lambda wishes: wishes.ended(Stopped.LEARNER), now())
    return redirect(url_for(".show", bewaard="uit"))


def _member() -> Learner:
    """Whoever asks; a guest has no address to mail to."""
    learner = current_learner()
    if learner.is_guest:
        abort(403)
    return learner


def _wishes(before: MailWishes) -> MailWishes:
    """The wishes in the form. Aborts where one does not exist."""
    form = request.form
    at = _TIME.fullmatch(form.get("at", before.at.strftime("%H:%M")))
    days = form.getlist("day") if "has_days" in form else [str(day) for day in before.weekdays]
    if at is None or not {*days} <= {str(day) for day in EVERY_DAY}:
        abort(400)
    try:
        contents = Contents(form.get("contents", before.contents.value))
        rhythm = Rhythm(form.get("rhythm", before.rhythm.value))
    except ValueError:
        abort(400)
    return MailWishes(
        at=time(int(at[1]), int(at[2])),
        weekdays=frozenset(map(int, days)),
        contents=contents,
        rhythm=rhythm,
        changed_at=now(),
    )


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        abort(400)


def _region(zone_name: str) -> str:
    return zone_name.partition("/")[0]
