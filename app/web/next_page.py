"""Where somebody wanted to go before the door stood in the way."""

from urllib.parse import urlsplit

from flask import request


def next_page(default: str = "/vandaag") -> str:
    """The page asked for in `next`, if it is one of ours."""
    return asked_page() or default


def asked_page() -> str | None:
    """The same, where it was asked for."""
    return safe_path(request.values.get("next", "")) or None


def safe_path(path: str) -> str:
    """`path` if it can only be a page of this site, else nothing.

    A browser takes `//host`, `/\\host` and `/<tab>/host` for other sites.
    """
    if not path.startswith("/") or path.startswith("//") or "\\" in path:
        return ""
    if not path.isprintable() or " " in path:
        return ""
    try:
        parts = urlsplit(path)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else path
