"""What a learner wrote: read, searched, changed, printed, deleted for good. By nobody else."""

from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for

from app.learning.reflections import LONGEST_TEXT, Reflection
from app.secrets.sealing import Unreadable
from app.storage.moments import wishes_of
from app.usecases.delete_reflection import delete_reflection
from app.usecases.empty_journal import empty_journal
from app.usecases.open_keys import device_keys
from app.usecases.read_journal import Journal, read_journal, read_reflection, search_journal
from app.usecases.write_reflection import change_reflection
from app.web.accounts import UNPROCESSABLE
from app.web.identity import current_learner, login_required
from app.web.moments import text_flaw, typed_text
from app.web.state import course, haven, now
from app.web.wire import parse_moment

journal = Blueprint("journal", __name__)

_SAID = ("gewijzigd", "verwijderd", "leeg")


@journal.get("/schrift")
@login_required
def show() -> str:
    before = parse_moment(request.args.get("voor"))
    said = next((word for word in _SAID if word in request.args), "")
    is_whole = "alles" in request.args
    found = read_journal(haven().keyring, current_learner(), before, is_whole=is_whole)
    return _page(found, said=said)


@journal.get("/schrift/zoeken")
@login_required
def search_again() -> Any:
    """Whoever comes back to a search begins at the whole journal."""
    return redirect(url_for(".show"))


@journal.post("/schrift/zoeken")
@login_required
def search() -> Any:
    """A post, so that the words are in no address: those end up in histories and logs."""
    words = " ".join(request.form.get("woorden", "").split())[:200]
    if not words:
        return redirect(url_for(".show"))
    found = search_journal(haven().keyring, course(), current_learner(), words)
    return _page(found, words=words)


@journal.get("/schrift/<uuid:reflection_id>")
@login_required
def edit(reflection_id: UUID) -> str:
    reflection = _own(reflection_id)
    return _form(reflection, reflection.text)


@journal.post("/schrift/<uuid:reflection_id>")
@login_required
def change(reflection_id: UUID) -> Any:
    reflection, text = _own(reflection_id), typed_text()
    flaw = text_flaw(text)
    if flaw:
        return _form(reflection, text, flaw), UNPROCESSABLE
    change_reflection(haven().keyring, current_learner(), reflection_id, text, now())
    return redirect(url_for(".show", gewijzigd=1, _anchor=f"r-{reflection_id.hex}"))


@journal.get("/schrift/<uuid:reflection_id>/verwijderen")
@login_required
def ask_to_delete(reflection_id: UUID) -> str:
    reflection = _own(reflection_id)
    return render_template(
        "delete_reflection.html", reflection=reflection, questions=haven().html.prompts
    )


@journal.post("/schrift/<uuid:reflection_id>/verwijderen")
@login_required
def delete(reflection_id: UUID) -> Any:
    if not delete_reflection(current_learner(), reflection_id, now()):
        abort(404)
    return redirect(url_for(".show", verwijderd=1))


@journal.get("/schrift/verwijderen")
@login_required
def ask_to_empty() -> str:
    return render_template("empty_journal.html")


@journal.post("/schrift/verwijderen")
@login_required
def empty() -> Any:
    empty_journal(haven().keyring, current_learner(), now())
    return redirect(url_for(".show", leeg=1))


def _own(reflection_id: UUID) -> Reflection:
    """The reflection of that id, if it is of whoever asks."""
    try:
        found = read_reflection(haven().keyring, current_learner(), reflection_id)
    except Unreadable:
        found = None
    if found is None:
        abort(404)
    return found


def _page(found: Journal, *, words: str = "", said: str = "") -> str:
    learner = current_learner()
    return render_template(
        "journal.html",
        months=[
            (days[0].day, days)
            for _, group in groupby(found.reflections, lambda each: (each.day.year, each.day.month))
            if (days := list(group))
        ],
        found=found,
        words=words,
        said=said,
        wishes=wishes_of(learner.id),
        keys=device_keys(haven().keyring, learner),
        questions=haven().html.prompts,
    )


def _form(reflection: Reflection, text: str, flaw: str = "") -> str:
    return render_template(
        "reflection.html",
        reflection=reflection,
        questions=haven().html.prompts,
        text=text,
        flaw=flaw,
        longest=LONGEST_TEXT,
    )
