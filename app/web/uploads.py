"""Files that somebody sends: only where a view takes them, and only so large."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

MOST_UPLOADED = 20_000_000  # bytes

View = TypeVar("View", bound=Callable[..., Any])


def takes_file(view: View) -> View:
    """A view to which a file of up to MOST_UPLOADED can be sent; others take a form."""
    view.takes_file = True  # type: ignore[attr-defined]
    return view


def is_for_a_file() -> bool:
    """Whether the view of this request takes a file."""
    return hasattr(current_app.view_functions.get(request.endpoint or ""), "takes_file")


def init_app(app: Flask) -> None:
    app.before_request(_allow_upload)


def _allow_upload() -> None:
    if is_for_a_file():
        request.max_content_length = MOST_UPLOADED
