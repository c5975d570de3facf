"""Who asks: one cookie with a random secret, one row that can be revoked.

Flask-Login carries the person through a request. Its own signed cookie is not used, because a copy
of that outlives signing out; ours is found by its hash in the table `session` and dies with the row.
The same secret makes the CSRF token, also before there is a session.
"""

import hmac
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

import flask_login
from flask import Flask, Request, Response, current_app, g, redirect, request, url_for
from flask.sessions import NullSession, SessionInterface
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response as BaseResponse

from app.learning.people import SESSION_LASTS, Learner, Session
from app.secrets.codes import key_of, new_secret
from app.settings import Settings
from app.storage import sessions
from app.usecases import begin_session as begin
from app.usecases.end_session import end_session
from app.usecases.note_session_seen import note_session_seen
from app.web.state import haven, now

COOKIE_AGE = 400 * 24 * 60 * 60  # seconds; browsers keep no cookie longer


View = TypeVar("View", bound=Callable[..., Any])


def login_required(view: View) -> View:
    """Only for somebody who has begun: others are sent to the door, or get 401 in JSON."""
    return cast(View, flask_login.login_required(view))


class Person(UserMixin):  # type: ignore[misc]
    """What Flask-Login knows of somebody: the session and the learner in it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.learner = session.learner

    def get_id(self) -> str:
        return self.session.key


class _NoCookieSession(SessionInterface):
    """Flask's own session, which is empty here and stays so; reading its cookie took 4 % of a grade."""

    def open_session(self, app: Flask, request: Request) -> NullSession:
        return NullSession()


def init_app(app: Flask) -> None:
    app.session_interface = _NoCookieSession()
    manager = LoginManager(app)
    manager.session_protection = None
    manager.request_loader(_load)
    manager.unauthorized_handler(_unauthorized)
    # Flask calls these in the order from last to first.
    app.after_request(_set_cookie)
    app.after_request(_note_seen)
    # A lesson has a form for every card: within one page the token is made once.
    app.context_processor(lambda: {"csrf_token": cache(csrf_token), "learner": learner_or_none()})


def learner_or_none() -> Learner | None:
    """Whoever asks, or None for a visitor."""
    return current_user.learner if current_user.is_authenticated else None


def current_learner() -> Learner:
    """Whoever asks, in a view that needs a person (`login_required`)."""
    return cast(Learner, current_user.learner)


def ask_nobody() -> None:
    """Treat this request as a visitor's from here on, without asking the database."""
    g._login_user = AnonymousUserMixin()


def current_session() -> Session:
    """The session of whoever asks, in a view that needs a person (`login_required`)."""
    return cast(Session, current_user.session)


def begin_session(learner: Learner) -> None:
    """Let this browser be `learner` from now on, with a fresh secret: the old one is worthless."""
    before = current_session() if current_user.is_authenticated else None
    g.new_secret = new_secret()
    session = begin.begin_session(learner, g.new_secret, request.user_agent.string, now(), before)
    g._login_user = Person(session)


def leave_session(response: Response) -> None:
    """Sign out: the session is gone, and with it every cookie of this browser."""
    if current_user.is_authenticated:
        end_session(current_learner(), current_session().key)
        g._login_user = AnonymousUserMixin()
    response.delete_cookie(
        cookie_name(), path="/", secure=_is_https(), httponly=True, samesite="Lax"
    )
    # Not the storage: what somebody keeps on this device only is there, sealed with a key that the
    # server gives to nobody but them. Not the cache: pages of a person are never in it, and clearing
    # it can hold Chrome for seconds.
    response.headers["Clear-Site-Data"] = '"cookies"'


def browser_secret() -> str:
    """The secret of the browser that asks; a post has one, or its token would not be right."""
    secret: str = g.get("new_secret") or secret_of(request)
    return secret


def csrf_token() -> str:
    """What a form of this browser must send back; makes the browser a secret if it has none."""
    if not browser_secret():
        g.new_secret = new_secret()
    return token_of(haven().settings, browser_secret())


def csrf_is_right(sent: str) -> bool:
    """Whether `sent` is the token of this browser."""
    secret = secret_of(request)
    return bool(secret) and is_same_token(sent, token_of(haven().settings, secret))


def is_same_token(sent: str, token: str) -> bool:
    """Whether `sent` is that token; it takes as long wherever the two differ."""
    return hmac.compare_digest(sent.encode(), token.encode())


def token_of(settings: Settings, secret: str) -> str:
    """What the forms of the browser with that secret carry."""
    # Three times a page: hmac.digest does in one call of C what hmac.new does in 20 of Python.
    return hmac.digest(settings.secret_key.encode(), secret.encode(), "sha256").hex()


def cookie_name() -> str:
    """The name of the cookie with the secret."""
    return cookie_name_of(haven().settings)


def cookie_name_of(settings: Settings) -> str:
    """The `__Host-` prefix holds a browser to Secure, Path=/ and no Domain; it needs https."""
    return "__Host-haven" if settings.site_url.startswith("https:") else "haven"


def secret_of(asked: Request) -> str:
    """The secret in the cookie of a request; empty where there is none."""
    return asked.cookies.get(cookie_name(), "")


def _load(asked: Request) -> Person | None:
    secret = secret_of(asked)
    session = sessions.session_of(key_of(secret), now() - SESSION_LASTS) if secret else None
    return None if session is None else Person(session)


def _is_https() -> bool:
    return haven().settings.site_url.startswith("https:")


def _set_cookie(response: Response) -> Response:
    if "new_secret" in g:
        response.set_cookie(
            cookie_name(),
            g.new_secret,
            max_age=COOKIE_AGE,
            path="/",
            secure=_is_https(),
            httponly=True,
            samesite="Lax",
        )
    return response


def _note_seen(response: Response) -> Response:
    """A post shows that the session is in use, and lets the cookie live on with it."""
    is_used = request.method == "POST" and response.status_code < 400 and "new_secret" not in g
    if is_used and current_user.is_authenticated and note_session_seen(current_session(), now()):
        g.new_secret = secret_of(request)
    return response


def _unauthorized() -> Any:
    if wants_json(request):
        return {"error": "not_signed_in"}, 401
    # What a post was about is in its body; only a page can be gone back to.
    wanted = request.full_path.removesuffix("?") if request.method == "GET" else None
    target: BaseResponse = redirect(url_for("accounts.sign_in", next=wanted))
    return target


def speaks_json(view: View) -> View:
    """A view that answers in JSON whoever asks, also when it refuses."""
    view.speaks_json = True  # type: ignore[attr-defined]
    return view


def wants_json(asked: Request) -> bool:
    """Whether the answer should be JSON: the request is, asks for nothing else, or its view is."""
    view = current_app.view_functions.get(asked.endpoint or "")
    return (
        asked.is_json
        or asked.accept_mimetypes.best == "application/json"
        or hasattr(view, "speaks_json")
    )
