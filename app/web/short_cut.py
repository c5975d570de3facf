"""The grade of a sitting, answered without Flask around it: what people wait for most often.

Flask, Werkzeug and Flask-Login took more than half of the time of a grade. Only what is ordinary goes
by here: a form that our script sends, with its token, from somebody whose session is known. At the
first doubt Flask gets the request as it came and does all of it, also when the grade is in the log
already: its id counts once. `tests/web/test_short_cut.py` holds the two answers equal.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask
from werkzeug.http import parse_cookie

from app.learning.people import SEEN_AGAIN_AFTER, SESSION_LASTS, Session
from app.secrets.codes import key_of
from app.storage import database, sessions
from app.usecases.plan_session import next_card
from app.usecases.record_reviews import record_reviews
from app.web.identity import cookie_name_of, is_token, token_of
from app.web.opened import OPENED_COOKIE
from app.web.security import headers_of, is_own_host, is_same_site
from app.web.sitting_page import previous_of, sitting_page
from app.web.state import Haven
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
        self._cookie = cookie_name_of(self._haven.settings)
        self._template = flask.jinja_env.get_template("_session.html")
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
        form = _form_of(body)
        secret = self._secret_in(environ)
        if form is None or not secret or not self._is_ours(environ, form, secret):
            return None
        try:
            database.connect()
            return self._answer(form, secret)
        except Exception:
            self._flask.logger.exception("a grade takes the whole way")
            return None
        finally:
            database.release()

    def _secret_in(self, environ: Environ) -> str | None:
        cookies = parse_cookie(environ.get("HTTP_COOKIE"))
        # Lessons that were shown meanwhile are still to be stored.
        return None if OPENED_COOKIE in cookies else cookies.get(self._cookie)

    def _is_ours(self, environ: Environ, form: dict[str, str], secret: str) -> bool:
        settings = self._haven.settings
        return (
            is_own_host(settings, environ.get("HTTP_HOST", ""))
            and is_same_site(environ.get("HTTP_SEC_FETCH_SITE"))
            and is_token(
                settings, environ.get("HTTP_X_CSRF_TOKEN") or form.get("csrf_token", ""), secret
            )
        )

    def _answer(self, form: dict[str, str], secret: str) -> bytes | None:
        """Store the grade and show the next card; None where there is more to do than that."""
        haven, now = self._haven, self._haven.clock()
        session = sessions.session_of(key_of(secret), now - SESSION_LASTS)
        if session is None or not _is_ordinary(session, form, now):
            return None
        learner = session.learner
        review = parse_form(form, learner.zone, now)
        if review is None:
            return None
        recorded = record_reviews(haven.course, learner, [review], now)
        sitting = parse_sitting(form, "left", "skipped", "given").after(review)
        if recorded.refused or not sitting.left:
            return None
        today = learner.day_at(now)
        found = next_card(
            haven.course, learner, today, (), sitting.skipped, sitting.left, review.card
        )
        if found is None:
            return None
        previous = previous_of(review, recorded)
        token = token_of(haven.settings, secret)
        return self._template.render(
            sitting_page(haven, learner, today, sitting, found, previous),
            learner=learner,
            csrf_token=lambda: token,
        ).encode()


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
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        return None
    form = dict(pairs)
    return form if len(form) == len(pairs) else None


def _is_ordinary(session: Session, form: dict[str, str], now: datetime) -> bool:
    made_for = form.get("learner", "")
    return (
        "lesson" not in form
        and made_for in ("", str(session.learner.id))
        and now - session.last_seen_at < SEEN_AGAIN_AFTER
    )
