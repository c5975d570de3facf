"""What every response carries and every post must prove."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request

from app.settings import Settings
from app.web.identity import View, csrf_is_right, learner_or_none, wants_json
from app.web.state import haven

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}
_HTTPS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def init_app(app: Flask) -> None:
    settings = app.extensions["haven"].settings
    if settings.is_production:
        app.config["TRUSTED_HOSTS"] = [_host_name(urlsplit(settings.site_url).netloc)]
    app.before_request(_require_token)
    app.after_request(_add_headers)


def proved_by(proof: Callable[[], bool]) -> Callable[[View], View]:
    """A view whose posts may come from a program, which proves itself otherwise than a page does."""

    def mark(view: View) -> View:
        view.own_proof = proof  # type: ignore[attr-defined]
        return view

    return mark


def _require_token() -> None:
    """A post must come from a page of ours: same site by the browser's word, and our token."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    proof = getattr(current_app.view_functions.get(request.endpoint or ""), "own_proof", None)
    if proof is not None and proof():
        return
    if not is_same_site(request.headers.get("Sec-Fetch-Site")):
        abort(403)
    sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if not csrf_is_right(sent):
        # Without a session there is nothing to forge; a phone then learns why it is not heard.
        abort(401 if wants_json(request) and learner_or_none() is None else 400, "csrf")


def is_same_site(told: str | None) -> bool:
    """Whether the browser says that a post comes from a page of ours, or is too old to say."""
    return told in (None, "same-origin", "none")


def is_own_host(settings: Settings, host: str) -> bool:
    """Whether a request was for the host we are; outside production any will do."""
    if not settings.is_production:
        return True
    return _host_name(host) == _host_name(urlsplit(settings.site_url).netloc)


def headers_of(settings: Settings) -> Mapping[str, str]:
    """What every response carries."""
    return _HEADERS | _HTTPS if settings.site_url.startswith("https:") else _HEADERS


def _host_name(netloc: str) -> str:
    return netloc.rsplit(":", 1)[0]


def _add_headers(response: Response) -> Response:
    for name, value in headers_of(haven().settings).items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static" and learner_or_none() is not None:
        response.headers["Cache-Control"] = "no-store"
    return response
