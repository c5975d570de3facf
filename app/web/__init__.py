"""HTTP. A view parses, makes one call and renders; sentences stand in the templates."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from app.content.help_lines import read_help_lines
from app.content.library import files_of_chapters, read_library
from app.learning.course import Course
from app.mail.mailer import mailer_at
from app.secrets.sealing import Keyring
from app.settings import Settings
from app.storage import database
from app.web import (
    about,
    accounts,
    admin,
    calendar_feed,
    cards,
    cohorts,
    dev_mail,
    erasing,
    errors,
    figures,
    glossary,
    identity,
    invitations,
    journal,
    lessons,
    mail_hook,
    mail_links,
    mail_wishes,
    memberships,
    messages,
    moments,
    offline,
    own_cards,
    own_data,
    pages,
    preferences,
    progress,
    reviews,
    rhythm,
    rosters,
    security,
    static_files,
    uploads,
)
from app.web.course_html import CourseHtml
from app.web.dutch import register_filters
from app.web.inline_includes import InlineIncludes
from app.web.lesson_text import texts_of_lessons
from app.web.short_cut import ShortCut
from app.web.sitting_page import rendered_once
from app.web.state import Haven, now
from app.web.strict_json import StrictJson
from app.web.whole_response import WholeResponse


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
    )
    app.json = StrictJson(app)
    app.response_class = WholeResponse
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension(InlineIncludes)
    help_lines = read_help_lines()
    mailer = mailer_at(
        settings.mail_url,
        settings.mail_from,
        settings.site_url,
        help_lines,
        settings.dkim_key,
        settings.dkim_selector,
    )
    html = CourseHtml(course)
    texts = texts_of_lessons(app.jinja_env, course, html)
    keyring = Keyring.of_text(settings.reflection_keys)
    app.extensions["haven"] = Haven(
        settings,
        course,
        html,
        texts,
        clock,
        help_lines,
        mailer,
        keyring,
        files_of_chapters(settings.course_root),
        clock(),
    )
    if settings.proxies:
        # Limits count the address of the visitor, and a proxy tells it.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies)  # type: ignore[method-assign]

    uploads.init_app(app)
    app.before_request(_connect)
    app.teardown_request(_release)
    register_filters(app)
    app.add_template_global(now, "now")
    for name, given in (
        ("grade_button", ("grade", "returns_on", "today")),
        ("options", ("card", "options")),
        ("explained_options", ("options",)),
    ):
        text = rendered_once(app.jinja_env, f"_{name}.html", *given)
        app.add_template_global(text, name)
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
        figures.figures,
        cards.cards,
        admin.admin,
        cohorts.cohorts,
        rosters.rosters,
        messages.messages,
        memberships.memberships,
        invitations.invitations,
        own_cards.own_cards,
        about.about,
        accounts.accounts,
        preferences.preferences,
        erasing.erasing,
        moments.moments,
        journal.journal,
        mail_wishes.mail_wishes,
        mail_links.mail_links,
        mail_hook.mail_hook,
        calendar_feed.calendar_feed,
        own_data.own_data,
        rhythm.rhythm,
        offline.offline,
    ):
        app.register_blueprint(blueprint)
    if not settings.is_production:
        app.register_blueprint(dev_mail.dev_mail)
    app.wsgi_app = ShortCut(app)  # type: ignore[method-assign]
    return app


def _connect() -> None:
    # The whole body first: while a slow one comes in, nobody waits for a connection of the pool.
    request.get_data(parse_form_data=True)
    database.connect()


def _release(_error: BaseException | None) -> None:
    database.release()
