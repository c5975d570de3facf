"""The mails in the folder outbox, to read while developing; not there in production."""

from email.message import EmailMessage
from ipaddress import ip_address

from flask import Blueprint, abort, render_template, request

from app.mail.outbox import FolderOutbox
from app.web.state import haven

dev_mail = Blueprint("dev_mail", __name__)


def has_readable_mail() -> bool:
    """Whether mails are read here, because they go nowhere else."""
    is_folder = isinstance(haven().mailer.outbox, FolderOutbox)
    return is_folder and not haven().settings.is_production


@dev_mail.get("/dev/mail")
def index() -> str:
    return render_template("dev_mails.html", mails=_mails())


@dev_mail.get("/dev/mail/<name>")
def show(name: str) -> str:
    message = dict(_mails()).get(name)
    if message is None:
        abort(404)
    text = message.get_body(("plain",))
    html = message.get_body(("html",))
    return render_template(
        "dev_mail.html",
        message=message,
        text=text.get_content() if text else "",
        html=html.get_content() if html else "",
    )


@dev_mail.before_request
def _require_this_machine() -> None:
    """Codes stand in mails: a server that others can reach shows them to nobody else."""
    if not ip_address(request.remote_addr or "::").is_loopback:
        abort(404)


def _mails() -> list[tuple[str, EmailMessage]]:
    outbox = haven().mailer.outbox
    return list(outbox.mails()) if isinstance(outbox, FolderOutbox) else []
