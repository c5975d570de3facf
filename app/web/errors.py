"""What went wrong and what to do now, kindly and in Dutch; JSON where JSON was asked."""

from typing import Any

from flask import Flask, render_template, request
from werkzeug.exceptions import HTTPException

from app.web.identity import wants_json

_KINDS = {400: "bad_request", 401: "not_signed_in", 403: "forbidden", 404: "not_found",
          405: "not_allowed", 413: "too_large", 429: "too_many", 500: "broken"}  # fmt: skip


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _answer)


def _answer(error: HTTPException) -> Any:
    code = error.code or 500
    kind = _KINDS.get(code, _KINDS[500 if code >= 500 else 400])
    if wants_json(request):
        return {"error": kind}, code
    return render_template(
        "error.html", code=code, kind=kind, reason=None if code >= 500 else error.description
    ), code
