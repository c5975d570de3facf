"""What every response carries and every post must prove."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

from app.web.identity import csrf_is_right, learner_or_none, wants_json
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


def init_app(app: Flask) -> None:
    settings = app.extensions["haven"].settings
    host = urlsplit(settings.site_url).netloc
    if settings.is_production:
        app.config["TRUSTED_HOSTS"] = [host.rsplit(":", 1)[0]]
    app.before_request(_require_token)
    app.after_request(_add_headers)


def _require_token() -> None:
    """A post must come from a page of ours: same site by the browser's word, and our token."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)
    sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if not csrf_is_right(sent):
        # Without a session there is nothing to forge; a phone then learns why it is not heard.
        abort(401 if wants_json(request) and learner_or_none() is None else 400, "csrf")


def _add_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if haven().settings.site_url.startswith("https:"):
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint != "static" and learner_or_none() is not None:
        response.headers["Cache-Control"] = "no-store"
    return response
