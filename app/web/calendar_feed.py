"""The days with cards in somebody's own calendar program: neutral, and only as long as they want."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, url_for

from app.storage import calendar_feeds
from app.usecases.change_calendar_feed import change_calendar_feed
from app.usecases.show_calendar import show_calendar
from app.web.identity import current_learner, login_required
from app.web.state import course, haven, now

calendar_feed = Blueprint("calendar_feed", __name__)


@calendar_feed.get("/instellingen/agenda")
@login_required
def show() -> str:
    token = calendar_feeds.token_of(current_learner().id)
    address = f"{haven().settings.site_url}{url_for('.feed', token=token)}" if token else ""
    return render_template("calendar_feed.html", address=address)


@calendar_feed.post("/instellingen/agenda")
@login_required
def renew() -> Any:
    """A first address, or another one."""
    change_calendar_feed(current_learner(), now(), wanted=True)
    return redirect(url_for(".show"))


@calendar_feed.post("/instellingen/agenda/weg")
@login_required
def revoke() -> Any:
    change_calendar_feed(current_learner(), now(), wanted=False)
    return redirect(url_for(".show"))


@calendar_feed.get("/agenda/<token>.ics")
def feed(token: str) -> Response:
    learner = calendar_feeds.learner_with_feed(token)
    if learner is None:
        abort(404)
    days = show_calendar(course(), learner, learner.day_at(now()))
    text = calendar_text(days, token, now())
    return Response(
        text,
        mimetype="text/calendar",
        headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
    )


def calendar_text(days: Sequence[date], token: str, moment: datetime) -> str:
    """An iCalendar file (RFC 5545) with a whole day for each, which leaves the day free.

    Whoever looks over somebody's shoulder, or shares the calendar, reads nothing about the subject.
    """
    feed_id = sha256(token.encode()).hexdigest()[:16]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Haven//Leerstof//NL", "METHOD:PUBLISH",
             "X-WR-CALNAME:Leerstof", "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
             "X-PUBLISHED-TTL:PT12H"]  # fmt: skip
    for day in days:
        lines += ["BEGIN:VEVENT", f"UID:{day:%Y%m%d}-{feed_id}@haven",
                  f"DTSTAMP:{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}",
                  f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
                  f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
                  "SUMMARY:Leerstof", "TRANSP:TRANSPARENT", "CLASS:PRIVATE",
                  "END:VEVENT"]  # fmt: skip
    return "\r\n".join([*lines, "END:VCALENDAR", ""])
