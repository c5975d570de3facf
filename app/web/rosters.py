"""How an instructor lets people into a cohort: a link for all, or a list of whom to mail."""

from contextlib import closing
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from app.archive.rosters import MOST_BYTES, rows_of_file, rows_of_text
from app.learning.cohorts import Cohort
from app.learning.rosters import MOST_LINES, BadRoster, Ended, Roster, RosterFlaw, Rows
from app.storage import cohort_invitations
from app.usecases.invite_learners import check_roster, invite_again, invite_learners, take_back
from app.web.accounts import UNPROCESSABLE
from app.web.cohort_frame import cohort_today, frame, own_cohort, staff_email
from app.web.identity import login_required
from app.web.qr_code import qr_code
from app.web.state import haven, now
from app.web.uploads import takes_file

rosters = Blueprint("rosters", __name__)


@rosters.get("/groepen/<cohort_id>/uitnodigen")
@login_required
def invite(cohort_id: str) -> str:
    cohort = own_cohort(cohort_id)
    address = haven().settings.site_url + url_for("memberships.join", code=cohort.code)
    invited = cohort_invitations.invitations_of(cohort.id)
    return render_template(
        "cohort_invite.html",
        **frame(cohort),
        address=address,
        qr=qr_code(address),
        # Who joined and left again is gone here too.
        invited=[each for each in invited if not each.is_member and each.ended is not Ended.JOINED],
        done=request.args.get("gedaan", ""),
        number=request.args.get("aantal", 0, type=int),
    )


@rosters.post("/groepen/<cohort_id>/uitnodigen")
@login_required
def change(cohort_id: str) -> Any:
    """Send one invitation again, or take it back; the button says which and whose."""
    cohort = own_cohort(cohort_id)
    if email := request.form.get("again", ""):
        is_done = invite_again(haven().mailer, cohort, email, staff_email(), now())
        done = "opnieuw" if is_done else "niets"
    else:
        done = "terug" if take_back(cohort, request.form.get("take_back", "")) else "niets"
    return redirect(url_for(".invite", cohort_id=cohort.id, gedaan=done, _anchor="uitgenodigd"))


@rosters.get("/groepen/<cohort_id>/uitnodigen/lijst")
@login_required
def roster(cohort_id: str) -> str:
    return _page(own_cohort(cohort_id))


@rosters.post("/groepen/<cohort_id>/uitnodigen/lijst")
@takes_file
@login_required
def read_roster(cohort_id: str) -> Any:
    """Look at a list; leave out its wrong lines; change it; or invite everybody on it."""
    cohort, what = own_cohort(cohort_id), request.form.get("do", "")
    try:
        rows, invited = _rows(), 0
        if what == "invite":
            found, invited = invite_learners(haven().mailer, cohort, rows, staff_email(), now())
        else:
            found = check_roster(cohort, rows, cohort_today())
        if what == "drop":
            right = rows_of_text(found.as_text(only_right=True))
            found = check_roster(cohort, right, cohort_today())
    except BadRoster as error:
        return _page(cohort, flaw=error.flaw), UNPROCESSABLE
    if what == "invite" and not found.wrong:
        return redirect(
            url_for(".invite", cohort_id=cohort.id, gedaan="uitgenodigd", aantal=invited)
        )
    page = _page(cohort, found, is_changed=what == "edit")
    return page, UNPROCESSABLE if found.wrong else 200


def _rows() -> Rows:
    """The list in the file that was sent, or else in the field. Raises BadRoster."""
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        with closing(sent):
            return rows_of_file(sent.stream.read(MOST_BYTES + 1))
    text = request.form.get("list", "")
    if not text.strip():
        raise BadRoster(RosterFlaw.NOTHING_CHOSEN)
    return rows_of_text(text)


def _page(
    cohort: Cohort,
    found: Roster | None = None,
    *,
    flaw: RosterFlaw | None = None,
    is_changed: bool = False,
) -> str:
    return render_template(
        "cohort_roster.html",
        **frame(cohort),
        errors={"roster": flaw.value} if flaw else {},
        roster=found,
        text=request.form.get("list", "") if found is None else found.as_text(),
        is_changed=is_changed,
        most_lines=MOST_LINES,
    )
