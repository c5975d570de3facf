"""HTTP. A view parses, makes one call and renders; sentences stand in the templates."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask

from app.content.help_lines import read_help_lines
from app.content.library import read_library
from app.learning.course import Course
from app.settings import Settings
from app.storage import database
from app.web import (
    about,
    cards,
    errors,
    glossary,
    identity,
    lessons,
    pages,
    progress,
    reviews,
    security,
    static_files,
)
from app.web.course_html import CourseHtml
from app.web.dutch import register_filters
from app.web.state import Haven


def utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(
    settings: Settings, clock: Callable[[], datetime] = utc_now, course: Course | None = None
) -> Flask:
    """The site. The database must be bound; a broken course raises BrokenCourse."""
    course = course or read_library(settings.course_root)
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=1_000_000,
        # Flask's own cookie session is not used: see app/web/identity.py.
        SESSION_COOKIE_NAME="haven_unused",
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.extensions["haven"] = Haven(settings, course, CourseHtml(course), clock, read_help_lines())

    app.before_request(_connect)
    app.teardown_request(_release)
    register_filters(app)
    security.init_app(app)
    identity.init_app(app)
    errors.init_app(app)
    static_files.init_app(app)
    for blueprint in (
        pages.pages,
        lessons.lessons,
        reviews.reviews,
        glossary.glossary,
        progress.progress,
        cards.cards,
        about.about,
    ):
        app.register_blueprint(blueprint)
    return app


def _connect() -> None:
    database.connect()


def _release(_error: BaseException | None) -> None:
    database.release()
