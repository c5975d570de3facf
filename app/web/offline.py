"""What a browser holds for when there is no connection: one page and the files it needs."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, current_app, make_response, render_template, url_for

offline = Blueprint("offline", __name__)

# What the pages of a sitting ask for by name. Pages themselves are a person's and are never kept.
_SUFFIXES = (".css", ".js", ".svg", ".woff2")


@offline.get("/offline")
def show() -> str:
    """What a browser shows in place of a page that it cannot get."""
    return render_template("offline.html")


@offline.get("/service-worker.js")
def service_worker() -> Response:
    """The worker, at the root because it answers for the whole site."""
    folder = Path(str(current_app.static_folder))
    names = _static_names(folder)
    response = make_response(
        render_template(
            "service_worker.js",
            cache=f"haven-{_hash_of(folder, names)}",
            page=url_for("offline.show"),
            files=[url_for("static", filename=name) for name in names],
        )
    )
    response.mimetype = "text/javascript"
    response.headers["Cache-Control"] = "no-cache"
    return response


@lru_cache
def _static_names(folder: Path) -> tuple[str, ...]:
    files = sorted(path for path in folder.rglob("*") if path.suffix in _SUFFIXES)
    return tuple(path.relative_to(folder).as_posix() for path in files)


@lru_cache
def _hash_of(folder: Path, names: tuple[str, ...]) -> str:
    """Of the files and of the templates around the page that goes with them."""
    digest = sha256()
    for path in [
        *(folder / name for name in names),
        *sorted(Path(__file__).parent.rglob("*.html")),
    ]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
