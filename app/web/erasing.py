"""Leaving for good."""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for

from app.usecases.erase_account import erase_account
from app.web.accounts import UNPROCESSABLE, network
from app.web.identity import current_learner, learner_or_none, leave_session, login_required
from app.web.state import now

erasing = Blueprint("erasing", __name__)


@erasing.get("/instellingen/verwijderen")
@login_required
def ask() -> str:
    return render_template("erase_account.html", errors={})


@erasing.post("/instellingen/verwijderen")
@login_required
def erase() -> Any:
    learner = current_learner()
    if learner.is_guest and "sure" not in request.form:
        return _again(sure="missing")
    flaw = erase_account(learner, request.form.get("current_password", ""), network(), now())
    if flaw is not None:
        return _again(current_password=flaw.value)
    response = make_response(redirect(url_for(".erased")))
    leave_session(response)
    return response


@erasing.get("/verwijderd")
def erased() -> Any:
    if learner_or_none() is not None:
        return redirect(url_for("pages.today"))
    return render_template("erased.html")


def _again(**errors: str) -> tuple[str, int]:
    return render_template("erase_account.html", errors=errors), UNPROCESSABLE
