"""Lessons this browser has shown, until a post writes them down.

Opening a lesson is a GET, and a GET changes nothing on the server; so the page leaves the lesson's name
in a cookie, cards of that lesson are offered from then on, and the next post stores it.
"""

from flask import Response, request

from app.web.state import course, haven

OPENED_COOKIE = "haven_gelezen"
_MOST = 60


def opened_in_browser() -> list[str]:
    """Lessons ("chapter/lesson") in the cookie that exist in the course."""
    names = request.cookies.get(OPENED_COOKIE, "").split(" ")[:_MOST]
    return [name for name in names if tuple(name.split("/", 1)) in course().lessons]


def remember_opened(response: Response, lesson: str) -> None:
    """Let the browser remember that `lesson` was shown."""
    names = [*opened_in_browser(), lesson]
    response.set_cookie(
        OPENED_COOKIE,
        " ".join(dict.fromkeys(names)),
        max_age=90 * 24 * 60 * 60,
        secure=haven().settings.site_url.startswith("https:"),
        httponly=True,
        samesite="Lax",
    )


def forget_opened(response: Response) -> None:
    """What was in the cookie is stored now."""
    if OPENED_COOKIE in request.cookies:
        response.delete_cookie(OPENED_COOKIE, httponly=True, samesite="Lax")
