"""Where a mail server says that a mail came back, or that somebody called it spam."""

import hmac
from typing import Any

from flask import Blueprint, abort, request

from app.learning.daily_mail import Returned
from app.mail.reports import BadReport
from app.usecases.note_report import note_report
from app.usecases.note_returned_mail import note_returned_mail
from app.web.identity import speaks_json
from app.web.security import proved_by
from app.web.state import haven, now

mail_hook = Blueprint("mail_hook", __name__)


def has_key() -> bool:
    """Whether whoever posts knows MAIL_HOOK_KEY; where none is set nobody does."""
    key = haven().settings.mail_hook_key
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(key) and hmac.compare_digest(sent.encode(), key.encode())


@mail_hook.post("/haken/mail")
@speaks_json
@proved_by(has_key)
def returned() -> Any:
    """`{"message_id": "<…>", "event": "hard_bounce|soft_bounce|complaint"}`, or as message/rfc822
    the mail that came back; 404 for a mail we do not know, so that a server that is set up wrongly
    shows it."""
    if not has_key():
        abort(403)
    if request.mimetype == "message/rfc822":
        return _reported(request.get_data())
    given = request.get_json()
    message_id = given.get("message_id") if isinstance(given, dict) else None
    try:
        event = Returned(given["event"])
    except (ValueError, KeyError, TypeError):
        abort(400)
    if not isinstance(message_id, str):
        abort(400)
    if not note_returned_mail(message_id, event, now()):
        abort(404)
    return {"noted": event.value}


def _reported(raw: bytes) -> Any:
    try:
        noted = note_report(raw, now())
    except BadReport:
        abort(400)
    if noted is None:
        abort(404)
    return {"noted": [event.value for event in noted]}
