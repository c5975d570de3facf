"""What went wrong and what to do now, kindly and in Dutch; JSON where JSON was asked."""

from math import ceil
from secrets import token_hex

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    ServiceUnavailable,
    TooManyRequests,
)

from app.learning.attempts import TooManyAttempts
from app.storage.database import BadDatabase
from app.web.identity import ask_nobody, wants_json
from app.web.state import now
from app.web.uploads import MOST_UPLOADED, is_for_a_file

_KINDS = {400: "bad_request", 401: "not_signed_in", 403: "forbidden", 404: "not_found",
          405: "not_allowed", 413: "too_large", 429: "too_many", 500: "broken",
          503: "unavailable"}  # fmt: skip

# Reasons that `abort(400, reason)` gives and the page has a sentence for.
_REASONS = {"csrf", "unknown_card", "in_future", "before_account"}

# Names of fields whose text is nobody's to read back from a page.
_SECRET_WORDS = ("password", "code", "token")
_SECONDS_TO_RETURN = 30


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _answer)
    app.register_error_handler(TooManyAttempts, _answer_too_many)
    app.register_error_handler(BadDatabase, _answer_unavailable)
    app.register_error_handler(Exception, _answer_broken)


def _answer_too_many(error: TooManyAttempts) -> Response:
    seconds = max(1, ceil((error.retry_at - now()).total_seconds()))
    return _answer(TooManyRequests(retry_after=seconds))


def _answer_unavailable(error: BadDatabase) -> Response:
    current_app.logger.error("the database cannot be reached: %s", error)
    return _answer(ServiceUnavailable(retry_after=_SECONDS_TO_RETURN))


def _answer_broken(error: Exception) -> Response:
    """The page gives a reference by which the operator finds this error in the log."""
    reference = token_hex(4)
    current_app.logger.error(
        "reference %s: %s %s", reference, request.method, request.path, exc_info=error
    )
    return _answer(InternalServerError(original_exception=error), reference)


def _answer(error: HTTPException, reference: str = "") -> Response:
    code = error.code or 500
    kind = _KINDS.get(code, _KINDS[500 if code >= 500 else 400])
    reason = error.description if code == 400 and error.description in _REASONS else ""
    if code >= 500:
        # The page of a broken server asks the database nothing, not even who is there.
        ask_nobody()
    # Its headers stay: Allow, Retry-After.
    response = Response(status=code, headers=_own_headers(error))
    if wants_json(request):
        given = {"error": reason or kind}
        response.set_data(current_app.json.dumps(given | _with_reference(reference)))
        response.mimetype = "application/json"
    else:
        response.set_data(
            render_template(
                "error.html",
                code=code,
                kind=kind,
                reason=reason,
                reference=reference,
                retry_minutes=_retry_minutes(response),
                typed=_typed() if reason == "csrf" else [],
                most_megabytes=MOST_UPLOADED // 1_000_000 if is_for_a_file() else 0,
            )
        )
    response.headers["Cache-Control"] = "no-store"
    return response


def _own_headers(error: HTTPException) -> list[tuple[str, str]]:
    return [(name, value) for name, value in error.get_headers() if name != "Content-Type"]


def _with_reference(reference: str) -> dict[str, str]:
    return {"reference": reference} if reference else {}


def _retry_minutes(response: Response) -> int:
    """Whole minutes, rounded up, until it is worth trying again; 0 where nobody said."""
    seconds = response.headers.get("Retry-After", "")
    return -(-int(seconds) // 60) if seconds.isdecimal() else 0


def _typed() -> list[str]:
    """What somebody wrote into the form, so that a page that was open too long loses none of it."""
    return [
        text
        for name, text in request.form.items()
        if " " in text.strip() and not any(word in name for word in _SECRET_WORDS)
    ]
