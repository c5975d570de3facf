"""What a learner chooses about time, and what each choice costs."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from app.learning.queue import CATCH_UP_CARDS, EASY_DAY_CARDS
from app.learning.rhythm import (
    HIGHEST_RETENTION,
    LOWEST_RETENTION,
    MOST_NEW_A_DAY,
    WEEKDAYS,
    Flaw,
    Rhythm,
    flaws_of,
)
from app.usecases.change_rhythm import change_rhythm
from app.usecases.show_rhythm import show_rhythm
from app.web.accounts import UNPROCESSABLE
from app.web.dutch import weekday_name
from app.web.identity import current_learner, login_required
from app.web.next_page import next_page
from app.web.state import course, now
from app.web.wire import parse_number

rhythm = Blueprint("rhythm", __name__)

_DATES = ("paused_until", "exam_on")
_NUMBERS = ("new_a_day", "retention", "exam_retention")


@rhythm.get("/instellingen/tijd")
@login_required
def show() -> str:
    learner = current_learner()
    chosen = learner.rhythm.without_what_is_over(learner.day_at(now()))
    return _page(chosen, _given_by(chosen))


@rhythm.post("/instellingen/tijd")
@login_required
def update() -> Any:
    """Save what the form chooses, or only work out what it costs; what it leaves out stays."""
    learner = current_learner()
    before, today = learner.rhythm, learner.day_at(now())
    given = _given_by(before) | _given_in_form()
    chosen, flaws = _read(given, before)
    flaws |= flaws_of(chosen, before, today)
    if flaws:
        page = _page(before.without_what_is_over(today), given, flaws)
        return page, UNPROCESSABLE
    if request.form.get("step") == "weigh":
        return _page(chosen, given, is_weighed=True)
    change_rhythm(learner, chosen)
    return redirect(next_page(url_for(".show", bewaard="tijd")))


def _page(
    chosen: Rhythm,
    given: dict[str, Any],
    flaws: dict[str, Flaw] | None = None,
    *,
    is_weighed: bool = False,
) -> str:
    """The form as it was filled in, with the cost of what was chosen."""
    learner = current_learner()
    return render_template(
        "rhythm.html",
        given=given,
        errors={field: flaw.value for field, flaw in (flaws or {}).items()},
        is_weighed=is_weighed,
        chosen=chosen,
        cost=show_rhythm(course(), learner, chosen, learner.day_at(now())),
        weekdays=[(str(day), weekday_name(day)) for day in WEEKDAYS],
        lowest=LOWEST_RETENTION,
        highest=HIGHEST_RETENTION,
        most_new_a_day=MOST_NEW_A_DAY,
        catch_up_cards=CATCH_UP_CARDS,
        easy_day_cards=EASY_DAY_CARDS,
    )


def _given_by(chosen: Rhythm) -> dict[str, Any]:
    """What the fields hold where these are the choices."""
    dates = {name: getattr(chosen, name) for name in _DATES}
    return {
        **{name: day.isoformat() if day else "" for name, day in dates.items()},
        **{name: str(getattr(chosen, name)) for name in _NUMBERS},
        "easy_days": [str(day) for day in sorted(chosen.easy_days)],
    }


def _given_in_form() -> dict[str, Any]:
    given: dict[str, Any] = {
        name: request.form[name].strip()[:40]
        for name in (*_DATES, *_NUMBERS)
        if name in request.form
    }
    # Boxes that are not ticked are not sent; an empty one that always is says that there were any.
    if "easy_days" in request.form:
        given["easy_days"] = [day for day in request.form.getlist("easy_days") if day]
    return given


def _read(given: dict[str, Any], before: Rhythm) -> tuple[Rhythm, dict[str, Flaw]]:
    """The choices in the fields, and what cannot be read; that stays as it was."""
    flaws: dict[str, Flaw] = {}
    dates: dict[str, date | None] = {}
    for name in _DATES:
        try:
            dates[name] = date.fromisoformat(given[name]) if given[name] else None
        except ValueError:
            flaws[name] = Flaw.NOT_A_DATE
    # Whatever is no number is out of any range.
    numbers = {name: parse_number(given[name], -1) for name in _NUMBERS}
    easy_days = frozenset(parse_number(day, -1) for day in given["easy_days"])
    return replace(before, **dates, **numbers, easy_days=easy_days), flaws  # type: ignore[arg-type]
