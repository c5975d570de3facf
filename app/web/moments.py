"""The reflective prompt of the day, how it ends, and how writing about it is kept."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, abort, redirect, render_template, request, url_for

from app.learning.course import ReflectivePrompt
from app.learning.moments import Ending, Reason
from app.learning.reflections import LONGEST_TEXT, JournalWishes, Keeping
from app.storage.moments import wishes_of
from app.usecases.change_journal_wishes import change_journal_wishes
from app.usecases.end_moment import end_moment, moment_with
from app.usecases.open_keys import device_keys
from app.usecases.prompt_of_day import prompt_of_day
from app.usecases.write_reflection import write_reflection
from app.web.accounts import UNPROCESSABLE
from app.web.identity import current_learner, login_required
from app.web.next_page import next_page
from app.web.opened import opened_in_browser
from app.web.state import course, haven, now
from app.web.wire import parse_uuid

moments = Blueprint("moments", __name__)

# What a form sends to take an ending back.
_OPEN_AGAIN = "open"


@moments.get("/moment")
@login_required
def today() -> str:
    learner = current_learner()
    choice = prompt_of_day(
        course(),
        learner,
        learner.day_at(now()),
        now(),
        is_get=True,
        opened=opened_in_browser(),
        is_asked_for="toch" in request.args,
    )
    if choice.prompt is None:
        return render_template("no_moment.html", reason=choice.reason.value)
    return _page(choice.prompt, choice.reason)


@moments.get("/moment/<prompt_id>")
@login_required
def show(prompt_id: str) -> str:
    """A prompt somebody picked: from a lesson, or from a mail of some days ago."""
    prompt = course().prompts.get(prompt_id)
    if prompt is None:
        abort(404)
    return _page(prompt)


@moments.get("/moment/stop")
@login_required
def stop() -> str:
    return render_template("stop.html", help_lines=haven().help_lines)


@moments.post("/moment")
@login_required
def end() -> Any:
    """End the moment, or open it again. Text is kept only where its learner chose the server."""
    learner, day = current_learner(), current_learner().day_at(now())
    prompt = course().prompts.get(request.form.get("prompt", ""))
    word = request.form.get("ending", "")
    if prompt is None or word not in {_OPEN_AGAIN, *(ending.value for ending in Ending)}:
        abort(400)
    ending = None if word == _OPEN_AGAIN else Ending(word)
    if ending is Ending.WRITTEN and "text" in request.form:
        text, reflection_id = typed_text(), parse_uuid(request.form.get("id"))
        if reflection_id is None:
            abort(400)
        flaw = text_flaw(text)
        if wishes_of(learner.id).keeping is not Keeping.SERVER:
            flaw = "not_kept"
        if flaw:
            return _page(prompt, text=text, flaw=flaw), UNPROCESSABLE
        write_reflection(haven().keyring, learner, reflection_id, prompt.id, day, text, now())
    is_fruitful = request.form.get("fruitful") == "ja"
    end_moment(learner, day, prompt.id, ending, now(), is_fruitful=is_fruitful)
    # A second prompt of a day leaves no moment, and its page still says that it was done.
    said = ending.value if ending else None
    return redirect(url_for(".show", prompt_id=prompt.id, klaar=said))


@moments.get("/instellingen/moment")
@login_required
def wishes() -> str:
    return render_template(
        "moment_wishes.html",
        wishes=wishes_of(current_learner().id),
        saved="bewaard" in request.args,
    )


@moments.post("/instellingen/moment")
@login_required
def change_wishes() -> Any:
    """Whatever the form does not hold stays as it is."""
    learner = current_learner()
    before = wishes_of(learner.id)
    keeping = request.form.get("keeping") or (before.keeping.value if before.keeping else "")
    heavy = request.form.get("heavy", "ja" if before.wants_heavy else "nee")
    if keeping not in {"", *(each.value for each in Keeping)} or heavy not in ("ja", "nee"):
        abort(400)
    chosen = JournalWishes(Keeping(keeping) if keeping else None, heavy == "ja")
    change_journal_wishes(haven().keyring, learner, chosen, now())
    return redirect(next_page(url_for(".wishes", bewaard=1)))


def typed_text() -> str:
    """What somebody wrote, with the line ends of one kind."""
    return request.form.get("text", "").replace("\r\n", "\n").strip()


def text_flaw(text: str) -> str:
    """Why a text cannot be kept; empty where it can. Templates own the sentence."""
    if not text:
        return "empty"
    return "too_long" if len(text) > LONGEST_TEXT else ""


def _page(
    prompt: ReflectivePrompt, reason: Reason | None = None, *, text: str = "", flaw: str = ""
) -> str:
    learner = current_learner()
    moment = moment_with(learner, learner.day_at(now()), prompt.id)
    said = request.args.get("klaar", "") if moment is None else ""
    ended = moment.ending.value if moment and moment.ending else said
    return render_template(
        "moment.html",
        prompt=prompt,
        texts=haven().html.prompts[prompt.id],
        reason=reason.value if reason else "",
        moment=moment,
        ending=ended if ended in {ending.value for ending in Ending} else "",
        wishes=wishes_of(learner.id),
        keys=device_keys(haven().keyring, learner),
        reflection_id=uuid4(),
        text=text,
        flaw=flaw,
        longest=LONGEST_TEXT,
        help_lines=haven().help_lines,
        is_today=request.path == url_for(".today"),
    )
