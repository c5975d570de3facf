"""What instructors see and do: their cohorts, who is in them and how the subject matter stands.

Every view begins at the instructor's own cohorts, so that of somebody else is not there (404).
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup

from app.archive.tables import Cell, write_table
from app.archive.workbooks import Sheet, write_workbook
from app.learning.cohort_figures import SMALLEST_GROUP
from app.learning.cohorts import LONGEST_NAME, Cohort, Label, ended_on
from app.learning.confusions import confusing_pairs
from app.learning.retention import Kept
from app.learning.week_plan import MOST_WEEKS, Break, WeekPlan, monday_of
from app.mail.address import normal_address
from app.storage import cohort_invitations, retention, staff
from app.storage import cohorts as cohort_rows
from app.usecases import change_cohort as changing
from app.usecases.copy_cohort import copy_cohort
from app.usecases.create_cohort import create_cohort
from app.usecases.delete_cohort import delete_cohort
from app.usecases.show_cohort import MemberStanding, show_cohort
from app.usecases.show_subject_matter import show_subject_matter
from app.web import charts
from app.web.accounts import UNPROCESSABLE
from app.web.calendar_file import Event, calendar_file
from app.web.cohort_frame import cohort_today, frame, own_cohort, seen_cohort
from app.web.dutch import LABELS
from app.web.identity import current_learner, login_required
from app.web.state import course, haven, now

cohorts = Blueprint("cohorts", __name__)

_SORTS: dict[str, Callable[[MemberStanding], Any]] = {
    "naam": lambda one: one.member.name.casefold(),
    "lessen": lambda one: (-one.standing.done, one.member.name.casefold()),
    "actief": lambda one: (
        one.standing.last_active_on or date.min,
        one.member.name.casefold(),
    ),
}
_BLANK_BREAKS = 2
_A_YEAR = timedelta(weeks=52)
_CHART_WEEKS = 12
_COLUMNS = ("naam", "stand", "lessen gedaan", "lessen achter", "laatst actief", "doet mee sinds")
_EXPLAINED = (
    ("naam", "zoals de deelnemer zichzelf in deze groep noemt"),
    ("stand", "nog niet begonnen; stil (7 dagen niets gedaan, vakanties niet meegeteld); "
              "achter (een les uit een voorbije week is nog niet gedaan); op schema; "
              "alle lessen gedaan"),
    ("lessen gedaan", "lessen waarvan elke kaart minstens één keer is beantwoord"),
    ("lessen achter", "lessen uit voorbije weken van het weekplan die nog niet gedaan zijn"),
    ("laatst actief", "de laatste dag met een herhaling; nooit een tijdstip"),
    ("doet mee sinds", "de dag waarop de deelnemer zich bij de groep aansloot"),
)  # fmt: skip


@cohorts.get("/groepen")
@login_required
def index() -> str:
    email = _staff_email()
    found = cohort_rows.cohorts_of(email)
    # Those that are closed come last.
    found.sort(key=lambda cohort: cohort.archived_on is not None)
    return render_template(
        "cohorts.html", cohorts=found, sizes=cohort_rows.sizes_of(email), today=cohort_today()
    )


@cohorts.get("/groepen/nieuw")
@login_required
def new() -> str:
    _staff_email()
    return _new_form({}, {"starts_on": monday_of(cohort_today() + timedelta(days=7)).isoformat()})


@cohorts.post("/groepen/nieuw")
@login_required
def create() -> Any:
    email = _staff_email()
    name, institution = _text("name"), _text("institution")
    starts_on, weeks = _day("starts_on"), _week("weeks")
    errors = {
        **({} if name else {"name": "missing"}),
        **({} if starts_on else {"starts_on": "not_a_day"}),
        **({} if weeks else {"weeks": "not_a_number"}),
    }
    if not name or not starts_on or not weeks:
        return _new_form(errors, request.form), UNPROCESSABLE
    cohort = create_cohort(
        course(), email, name=name, institution=institution, starts_on=starts_on, weeks=weeks
    )
    return redirect(url_for("rosters.invite", cohort_id=cohort.id))


@cohorts.get("/groepen/<cohort_id>")
@login_required
def week(cohort_id: str) -> str:
    cohort = seen_cohort(cohort_id, "deze week")
    today = cohort_today()
    shown = show_cohort(course(), cohort, today)
    by_label = {
        label: [one for one in shown.members if one.standing.label is label] for label in Label
    }
    subject = show_subject_matter(course(), cohort)
    planned = shown.plan.in_week_of(today)
    return render_template(
        "cohort_week.html",
        **frame(cohort),
        members=shown.members,
        by_label=by_label,
        Label=Label,
        hard=[(one, confusing_pairs(course(), one.concept)) for one in subject.hard[:3]],
        has_figures=bool(subject.concepts),
        lessons=[place for name, place in _lessons() if name in planned],
        is_break=shown.plan.is_break(today),
        progress_chart=_progress_chart(shown.members),
        course=course(),
        html=haven().html,
    )


@cohorts.get("/groepen/<cohort_id>/deelnemers")
@login_required
def members(cohort_id: str) -> str:
    cohort = seen_cohort(cohort_id, "deelnemers")
    shown = show_cohort(course(), cohort, cohort_today())
    wanted, order = request.args.get("stand", ""), request.args.get("volgorde", "naam")
    found = [one for one in shown.members if wanted in ("", one.standing.label.value)]
    return render_template(
        "cohort_members.html",
        **frame(cohort),
        members=sorted(found, key=_SORTS.get(order, _SORTS["naam"])),
        everybody=len(shown.members),
        invited=sum(
            each.is_open(cohort_today()) and not each.is_member
            for each in cohort_invitations.invitations_of(cohort.id)
        ),
        labels=list(Label),
        wanted=wanted,
        sent=request.args.get("bericht", type=int),
        order=order if order in _SORTS else "naam",
        planned=len(shown.plan.week_of),
    )


@cohorts.get("/groepen/<cohort_id>/export/<name>")
@login_required
def export(cohort_id: str, name: str) -> Response:
    """The list of members as a file, and what its columns mean."""
    if name not in ("deelnemers.csv", "deelnemers.xlsx", "uitleg.csv"):
        abort(404)
    # The explanation of the columns holds nobody.
    cohort = (
        own_cohort(cohort_id) if name == "uitleg.csv" else seen_cohort(cohort_id, f"export: {name}")
    )
    file = BytesIO()
    if name == "uitleg.csv":
        write_table(file, ("kolom", "betekenis"), _EXPLAINED)
    else:
        rows = _rows(show_cohort(course(), cohort, cohort_today()).members)
        if name == "deelnemers.csv":
            write_table(file, _COLUMNS, rows)
        else:
            explained = Sheet("Uitleg", ("kolom", "betekenis"), _EXPLAINED)
            write_workbook(file, [Sheet("Deelnemers", _COLUMNS, rows), explained])
    kind = (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        if name.endswith("xlsx")
        else "text/csv; charset=utf-8"
    )
    return _file(file.getvalue(), name, kind)


@cohorts.get("/groepen/<cohort_id>/leerstof")
@login_required
def subject_matter(cohort_id: str) -> str:
    cohort = own_cohort(cohort_id)
    shown = show_subject_matter(course(), cohort)
    weeks = shown.weeks[-_CHART_WEEKS:]
    return render_template(
        "cohort_subject_matter.html",
        **frame(cohort),
        concepts=shown.concepts,
        reported=shown.reported,
        weeks=weeks,
        weeks_chart=_weeks_chart(weeks) if weeks else "",
        course=course(),
        html=haven().html,
    )


@cohorts.get("/groepen/<cohort_id>/weekplan")
@login_required
def week_plan(cohort_id: str) -> str:
    cohort = own_cohort(cohort_id)
    return _plan_form(cohort, cohort_rows.plan_of(cohort), {})


@cohorts.post("/groepen/<cohort_id>/weekplan")
@login_required
def change_plan(cohort_id: str) -> Any:
    cohort = own_cohort(cohort_id)
    starts_on, breaks = _day("starts_on"), _breaks()
    week_of = {name: week for name, _ in _lessons() if (week := _week(f"week-{name}"))}
    errors = {
        **({} if starts_on else {"starts_on": "not_a_day"}),
        **({} if breaks is not None else {"breaks": "not_days"}),
    }
    if starts_on is None or breaks is None:
        given = WeekPlan(starts_on or cohort.starts_on, week_of, breaks or ())
        return _plan_form(cohort, given, errors), UNPROCESSABLE
    changing.change_week_plan(cohort, starts_on, week_of, breaks)
    return redirect(url_for(".week_plan", cohort_id=cohort.id, bewaard="1"))


@cohorts.get("/groepen/<cohort_id>/weekplan.ics")
@login_required
def calendar(cohort_id: str) -> Response:
    return plan_calendar(own_cohort(cohort_id))


@cohorts.get("/groepen/<cohort_id>/wat-ik-zie")
@login_required
def what_i_see(cohort_id: str) -> str:
    return render_template("cohort_sees.html", **frame(own_cohort(cohort_id)))


@cohorts.get("/groepen/<cohort_id>/beheer")
@login_required
def manage(cohort_id: str) -> str:
    return _manage_form(own_cohort(cohort_id), {})


@cohorts.post("/groepen/<cohort_id>/beheer")
@login_required
def change(cohort_id: str) -> Any:
    """One form of the page at a time; the button says which."""
    cohort = own_cohort(cohort_id)
    match request.form.get("do", ""):
        case "rename":
            name = _text("name")
            if not name:
                return _manage_form(cohort, {"name": "missing"}), UNPROCESSABLE
            changing.change_cohort(cohort, name=name, institution=_text("institution"))
        case "add":
            email = normal_address(request.form.get("email", ""))
            if email is None or not changing.add_colleague(cohort, email):
                return _manage_form(cohort, {"email": "not_an_instructor"}), UNPROCESSABLE
        case "remove":
            if not changing.remove_colleague(cohort, request.form.get("email", "")):
                return _manage_form(cohort, {"colleague": "last_one"}), UNPROCESSABLE
            if request.form.get("email") == current_learner().email:
                return redirect(url_for(".index"))
        case "archive":
            changing.archive_cohort(cohort, cohort_today())
        case "open":
            changing.archive_cohort(cohort, None)
        case "delete":
            if cohort.archived_on is None or "sure" not in request.form:
                return _manage_form(cohort, {"sure": "missing"}), UNPROCESSABLE
            delete_cohort(cohort, current_learner().email or "", now())
            return redirect(url_for(".index"))
        case "copy":
            starts_on = _day("copy_starts_on")
            if starts_on is None:
                return _manage_form(cohort, {"copy_starts_on": "not_a_day"}), UNPROCESSABLE
            copy = copy_cohort(cohort, _text("copy_name") or cohort.name, starts_on)
            return redirect(url_for("rosters.invite", cohort_id=copy.id))
        case _:
            abort(400)
    return redirect(url_for(".manage", cohort_id=cohort.id, bewaard="1"))


def plan_calendar(cohort: Cohort) -> Response:
    """The week plan as a calendar: a whole week for each lesson, under its title."""
    plan = cohort_rows.plan_of(cohort)
    events = [
        Event(f"{cohort.id}/{name}", monday, monday + timedelta(days=5), f"Haven: {lesson.title}")
        for name, (_, lesson) in _lessons()
        if (monday := plan.dates.get(name))
    ]
    file = calendar_file(f"Haven: {cohort.name}", events, cohort.starts_on)
    return _file(file, "weekplan.ics", "text/calendar; charset=utf-8")


def _staff_email() -> str:
    email = current_learner().email
    if email is None or staff.role_of(email) is None:
        abort(404)
    return email


def _lessons() -> list[tuple[str, Any]]:
    """Every lesson by its name ("chapter/lesson"), in course order."""
    return [(f"{chapter}/{slug}", place) for (chapter, slug), place in course().lessons.items()]


def _new_form(errors: dict[str, str], given: Any) -> str:
    return render_template("cohort_new.html", errors=errors, given=given, most_weeks=MOST_WEEKS)


def _plan_form(cohort: Cohort, plan: WeekPlan, errors: dict[str, str]) -> str:
    dates = plan.dates
    weeks = max([*plan.week_of.values(), 1])
    return render_template(
        "cohort_plan.html",
        **frame(cohort),
        errors=errors,
        plan=plan,
        breaks=[*plan.breaks, *[None] * _BLANK_BREAKS],
        lessons=[
            (name, place[1], plan.week_of.get(name), dates.get(name)) for name, place in _lessons()
        ],
        weeks=min(weeks + 4, MOST_WEEKS),
    )


def _manage_form(cohort: Cohort, errors: dict[str, str]) -> str:
    return render_template(
        "cohort_manage.html",
        **frame(cohort),
        errors=errors,
        instructors=cohort_rows.instructors_of(cohort.id),
        goes_on=retention.periods()[Kept.COHORTS].goes_on(
            ended_on(cohort, cohort_rows.plan_of(cohort))
        ),
        given={"copy_starts_on": (cohort.starts_on + _A_YEAR).isoformat(), **request.form},
    )


def _text(name: str) -> str:
    """One line of text; control characters have no place in a name."""
    text = "".join(char if char.isprintable() else " " for char in request.form.get(name, ""))
    return " ".join(text.split())[:LONGEST_NAME]


def _day(name: str) -> date | None:
    return parse_day(request.form.get(name, ""))


def parse_day(text: str) -> date | None:
    """A day as a form sends it, within a century of use."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if len(text) == 10 and 2020 <= day.year <= 2100 else None


def _week(name: str) -> int | None:
    text = request.form.get(name, "")
    is_number = text.isascii() and text.isdecimal() and len(text) < 3
    return int(text) if is_number and 1 <= int(text) <= MOST_WEEKS else None


def _breaks() -> list[Break] | None:
    """The breaks in the form, in order; None where one is no stretch of days."""
    found: dict[date, Break] = {}
    pairs = zip(
        request.form.getlist("break_starts_on"), request.form.getlist("break_ends_on"), strict=False
    )
    for first, last in pairs:
        if not first and not last:
            continue
        starts_on, ends_on = parse_day(first), parse_day(last or first)
        if (
            not starts_on
            or not ends_on
            or not starts_on <= ends_on <= starts_on + timedelta(days=200)
        ):
            return None
        found[starts_on] = Break(starts_on, ends_on)
    return [found[day] for day in sorted(found)][:50]


def _rows(members: Sequence[MemberStanding]) -> list[Sequence[Cell]]:
    return [
        (
            one.member.name,
            LABELS[one.standing.label],
            one.standing.done,
            one.standing.missing,
            one.standing.last_active_on,
            one.member.joined_on,
        )
        for one in members
    ]


def _progress_chart(members: Sequence[MemberStanding]) -> Markup | str:
    """How many people have done so many lessons, in at most five steps."""
    lessons = len(course().lessons)
    if len(members) < SMALLEST_GROUP:
        return ""
    step = -(-(lessons + 1) // 5)
    starts = list(range(0, lessons + 1, step))
    counts = [sum(start <= one.standing.done < start + step for one in members) for start in starts]
    names = [f"{n}" if step == 1 else f"{n}–{min(n + step - 1, lessons)}" for n in starts]
    return charts.columns(
        names,
        counts,
        lowest_top=5,
        description="Hoeveel deelnemers hoeveel lessen hebben gedaan. "
        "Dezelfde getallen staan in de lijst van deelnemers.",
    )


def _weeks_chart(weeks: Sequence[Any]) -> Markup:
    return charts.columns(
        [f"{monday.day}-{monday.month}" for monday, _ in weeks],
        [round(100 * figure.share) for _, figure in weeks],
        lowest_top=100,
        description="Per week: hoeveel procent van de teruggekomen kaarten werd geweten. "
        "Dezelfde getallen staan in de tabel hieronder.",
    )


def _file(content: bytes, name: str, kind: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
