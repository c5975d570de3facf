"""The grade of a sitting, answered without Flask around it: what people wait for most often.

Flask, Werkzeug and Flask-Login took more than half of the time of a grade. Only what is ordinary goes
by here: a form that our script sends, with its token, from somebody whose session is known. At the
first doubt Flask gets the request as it came and does all of it, also when the grade is in the log
already: its id counts once. `tests/web/test_short_cut.py` holds the two answers equal.

Where there is one writer at a time, grades that come while another is being answered are answered
together, by one thread and with one commit: threads that each do their own wait for one another at
every statement, for the interpreter and at the disk. Elsewhere they would only wait for each other's
questions.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import unquote_plus

from flask import Flask

from app.learning.people import SEEN_AGAIN_AFTER, SESSION_LASTS, Learner, Session
from app.learning.queue import Sitting
from app.learning.reviews import Review
from app.secrets.codes import key_of
from app.storage import database, sessions
from app.storage.database import transaction
from app.usecases.plan_session import next_card
from app.usecases.record_reviews import Recorded, record_reviews
from app.web.identity import cookie_name_of, is_same_token, token_of
from app.web.opened import OPENED_COOKIE
from app.web.security import headers_of, is_own_host, is_same_site
from app.web.sitting_page import previous_of, sitting_page
from app.web.state import Haven
from app.web.stencil import Stencils
from app.web.together import Together
from app.web.wire import parse_form, parse_sitting

Environ = dict[str, Any]

_ADDRESS = "/herhalen"
_FORM = "application/x-www-form-urlencoded"
# A grade is a few hundred bytes.
_LARGEST_FORM = 16_384


class ShortCut:
    """A WSGI application in front of that of `flask`."""

    def __init__(self, flask: Flask) -> None:
        self._flask = flask
        self._whole_way = flask.wsgi_app
        self._haven: Haven = flask.extensions["haven"]
        self._together = Together(self._answer_all)
        name = re.escape(cookie_name_of(self._haven.settings))
        self._secret = re.compile(rf"(?:^|; ){name}=([\w-]+)(?=;|$)", re.ASCII)
        self._template = flask.jinja_env.get_template("_session.html")
        self._stencils = Stencils(flask.jinja_env)
        self._headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            *headers_of(self._haven.settings).items(),
            ("Cache-Control", "no-store"),
        ]

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        page = self._page(environ) if _is_grade(environ) else None
        if page is None:
            return self._whole_way(environ, start_response)
        start_response("200 OK", [*self._headers, ("Content-Length", str(len(page)))])
        return [page]

    def _page(self, environ: Environ) -> bytes | None:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = BytesIO(body)
        grade = _Grade(environ, body)
        if database.has_one_writer():
            self._together(grade)
        else:
            self._answer_all([grade])
        return grade.page

    def _answer_all(self, grades: Sequence["_Grade"]) -> None:
        """Store the grades in one transaction, and show the cards after them."""
        try:
            database.connect()
            now = self._haven.clock()
            asked = [each for grade in grades if (each := self._read(grade, now)) is not None]
            for each, recorded in zip(asked, self._store_all(asked, now), strict=True):
                each.grade.page = self._shown_after(each, recorded, now)
        except Exception:
            self._flask.logger.exception("grades take the whole way")
            for grade in grades:
                grade.page = None
        finally:
            database.release()

    def _read(self, grade: "_Grade", now: datetime) -> "_Asked | None":
        """What is asked, where it is ours and nothing out of the ordinary."""
        form = _form_of(grade.body)
        secret = self._secret_in(grade.environ)
        if form is None or not secret:
            return None
        token = token_of(self._haven.settings, secret)
        if not self._is_ours(grade.environ, form, token):
            return None
        session = sessions.session_of(key_of(secret), now - SESSION_LASTS)
        if session is None or not _is_ordinary(session, form, now):
            return None
        review = parse_form(form, session.learner.zone, now)
        if review is None:
            return None
        sitting = parse_sitting(form, "left", "skipped", "given").after(review)
        return _Asked(grade, token, session.learner, review, sitting)

    def _secret_in(self, environ: Environ) -> str | None:
        sent = environ.get("HTTP_COOKIE", "")
        found = self._secret.findall(sent)
        # Lessons that were shown meanwhile are still to be stored.
        return None if OPENED_COOKIE in sent or len(found) != 1 else found[0]

    def _is_ours(self, environ: Environ, form: dict[str, str], token: str) -> bool:
        sent = environ.get("HTTP_X_CSRF_TOKEN") or form.get("csrf_token", "")
        return (
            is_own_host(self._haven.settings, environ.get("HTTP_HOST", ""))
            and is_same_site(environ.get("HTTP_SEC_FETCH_SITE"))
            and is_same_token(sent, token)
        )

    def _store_all(self, asked: Sequence["_Asked"], now: datetime) -> list[Recorded]:
        course = self._haven.course
        # One alone is a transaction by itself already.
        is_one = len(asked) <= 1
        with nullcontext() if is_one else transaction(*{each.learner.id for each in asked}):
            return [record_reviews(course, each.learner, [each.review], now) for each in asked]

    def _shown_after(self, asked: "_Asked", recorded: Recorded, now: datetime) -> bytes | None:
        """The fragment with the next card; None where there is more to show than that."""
        haven, learner, sitting = self._haven, asked.learner, asked.sitting
        today = learner.day_at(now)
        if recorded.refused or not sitting.left:
            return None
        found = next_card(
            haven.course, learner, today, (), sitting.skipped, sitting.left, asked.review.card
        )
        if found is None:
            return None
        previous = previous_of(asked.review, recorded)
        page = sitting_page(haven, learner, today, sitting, found, previous)
        page["learner"] = learner
        html = self._stencils.fill(page, asked.token)
        if html is None:
            html = self._template.render(page, csrf_token=lambda: asked.token)
        return html.encode()


@dataclass(slots=True)
class _Grade:
    """A request as it came, and the page to answer it with; None where Flask is to look at it."""

    environ: Environ
    body: bytes
    page: bytes | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a request asks: whose grade it is, the token of their forms, and where it leaves the
    sitting."""

    grade: _Grade
    token: str
    learner: Learner
    review: Review
    sitting: Sitting


def _is_grade(environ: Environ) -> bool:
    length = environ.get("CONTENT_LENGTH", "")
    return (
        environ["PATH_INFO"] == _ADDRESS
        and environ["REQUEST_METHOD"] == "POST"
        and "HTTP_X_FRAGMENT" in environ
        and environ.get("CONTENT_TYPE") == _FORM
        and length.isdecimal()
        and int(length) <= _LARGEST_FORM
    )


def _form_of(body: bytes) -> dict[str, str] | None:
    """The fields, or None where one is there twice or is not text."""
    # What `parse_qsl` does, which looks three times at everything.
    try:
        pairs = [field.partition("=") for field in body.decode("ascii").split("&") if field]
        form = {_plain(name): _plain(value) for name, _, value in pairs}
    except ValueError:
        return None
    return form if len(form) == len(pairs) else None


def _plain(text: str) -> str:
    return unquote_plus(text, errors="strict") if "%" in text or "+" in text else text


def _is_ordinary(session: Session, form: dict[str, str], now: datetime) -> bool:
    made_for = form.get("learner", "")
    return (
        "lesson" not in form
        and made_for in ("", str(session.learner.id))
        and now - session.last_seen_at < SEEN_AGAIN_AFTER
    )
