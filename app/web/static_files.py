"""Files that never change under their address: a hash of the content stands in it."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

_A_YEAR = "public, max-age=31536000, immutable"


def init_app(app: Flask) -> None:
    """Let `url_for("static", …)` add the hash, and let browsers keep what carries one.

    A typeface, which the style sheet asks for, carries its version in its name instead.
    """
    folder = Path(str(app.static_folder))

    def add_hash(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values:
            values.setdefault("v", _hash_of(folder / values["filename"]))

    def keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code < 400:
            name = (request.view_args or {})["filename"]
            if name.endswith(".woff2") or request.args.get("v") == _hash_of(folder / name):
                response.headers["Cache-Control"] = _A_YEAR
            if response.status_code == 304:
                response.close()  # Werkzeug forgets the file that it does not send
        return response

    app.url_defaults(add_hash)
    app.after_request(keep)


@lru_cache
def _hash_of(file: Path) -> str:
    """Eight hexadecimal digits of the content; empty for a file that is not there."""
    return sha256(file.read_bytes()).hexdigest()[:8] if file.is_file() else ""
