"""The site in a real browser: served on a free port of this machine, on the test's own clock.

What a browser sees does not differ by database, so these tests run on SQLite alone.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from app.learning.course import Course
from app.settings import Settings
from app.web import create_app
from tests.conftest import REFLECTION_KEYS, SMALL_COURSE, Clock

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

# Without these Debian's chromium asks the outside world for updates, also in a test.
_CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
PHONE = {"width": 360, "height": 740}


@dataclass(frozen=True, slots=True)
class Site:
    """The running site; its present moment is the fixture `clock`."""

    url: str
    app: Flask


class _Quiet(WSGIRequestHandler):
    timeout = 5  # seconds, for a connection that is opened and says nothing

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


@pytest.fixture
def site(sqlite_url: str, tmp_path: Path, clock: Clock, small_course: Course) -> Iterator[Site]:
    """The small course on a loopback port."""
    settings = Settings(
        database_url=sqlite_url,
        secret_key="k" * 40,
        reflection_keys=REFLECTION_KEYS,
        mail_url=f"folder:{tmp_path}/mail",
        course_root=SMALL_COURSE,
    )
    app = create_app(settings, clock, small_course)
    # A thread for each connection, because chromium holds idle ones open.
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    # Nothing that was asked is still being answered when the next test has another database.
    server.daemon_threads = False  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", app)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """One browser for the whole run; every test gets a context of its own in it."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed (requirements-dev.txt)"
    )
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed (Debian: apt-get install chromium)")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=_CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(site: Site, chromium: "Browser") -> "Iterator[Callable[..., BrowserContext]]":
    """Makes a new browser with Playwright's context options, such as `java_script_enabled=False`.

    When the test ends it fails if a page threw an error, broke its content policy or asked
    anything of another host.
    """
    complaints: list[str] = []

    def watch(page: "Page") -> None:
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda line: (
                complaints.append(f"{page.url}: {line.text}")
                if "Content Security Policy" in line.text
                else None
            ),
        )
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((site.url, "data:", "blob:"))
                else complaints.append(f"{page.url} asked for {request.url}")
            ),
        )

    with ExitStack() as opened:

        def make(**options: Any) -> "BrowserContext":
            given = {"locale": "nl-NL", "timezone_id": "Europe/Amsterdam", **options}
            context = chromium.new_context(base_url=site.url, **given)
            opened.callback(context.close)
            context.on("page", watch)
            return context

        yield make
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(open_browser: "Callable[..., BrowserContext]") -> "Page":
    """A page in a browser that has not been here before."""
    return open_browser().new_page()


@pytest.fixture
def phone(open_browser: "Callable[..., BrowserContext]") -> "Page":
    """A page on a small phone with a touch screen."""
    return open_browser(viewport=PHONE, has_touch=True, is_mobile=True).new_page()


@pytest.fixture
def plain(open_browser: "Callable[..., BrowserContext]") -> "Page":
    """A page in a browser without JavaScript."""
    return open_browser(java_script_enabled=False).new_page()
