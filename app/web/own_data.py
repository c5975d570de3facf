"""What a learner takes along, and brings back."""

from mimetypes import guess_type
from tempfile import TemporaryFile
from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template, request, send_file

from app.archive.log_file import LOG_FILE
from app.learning.imports import BadFile, FileFlaw
from app.usecases.export_learner import export_learner
from app.usecases.import_log import import_log
from app.usecases.read_journal import read_journal
from app.usecases.read_words import read_all_words
from app.web.accounts import UNPROCESSABLE
from app.web.export_files import EVERYTHING, JOURNAL, ExportFiles
from app.web.identity import current_learner, login_required
from app.web.state import course, haven, now
from app.web.uploads import MOST_UPLOADED, takes_file

own_data = Blueprint("own_data", __name__)

_TYPES = {"apkg": "application/octet-stream", "csv": "text/csv"}


@own_data.get("/gegevens")
@own_data.get("/gegevens/terugzetten")
@login_required
def show() -> str:
    return _page()


@own_data.get("/gegevens/<name>")
@login_required
def download(name: str) -> Response:
    files = ExportFiles(haven(), current_app.jinja_env)
    if name not in files:
        abort(404)
    keyring, learner, journal = haven().keyring, current_learner(), None
    if name in (EVERYTHING, JOURNAL, LOG_FILE):
        journal = read_journal(keyring, learner, is_whole=True).reflections
    words = read_all_words(keyring, learner)
    file = TemporaryFile()  # noqa: SIM115  the response closes it when it has been sent
    with export_learner(learner, now(), journal, words) as export:
        files.write(name, export, file)
    file.seek(0)
    kind = _TYPES.get(name.rpartition(".")[2]) or guess_type(name)[0]
    return send_file(file, kind, as_attachment=True, download_name=name)


@own_data.post("/gegevens/terugzetten")
@takes_file
@login_required
def bring_back() -> Any:
    """Read a file in, or only look what is in it."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _page(FileFlaw.NOTHING_CHOSEN), UNPROCESSABLE
    try:
        imported = import_log(
            haven().keyring,
            course(),
            current_learner(),
            sent.stream,
            now(),
            is_mine="mine" in request.form,
            only_look="look" in request.form,
        )
    except BadFile as error:
        return _page(error.flaw), UNPROCESSABLE
    return render_template("imported.html", imported=imported)


def _page(flaw: FileFlaw | None = None) -> str:
    return render_template(
        "own_data.html",
        errors={"file": flaw.value} if flaw else {},
        chapter=course().chapters[0],
        most_megabytes=MOST_UPLOADED // 1_000_000,
    )
