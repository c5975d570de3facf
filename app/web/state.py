"""What every view needs and no request changes: settings, course, clock."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from app.content.library import ChapterFiles
from app.learning.course import Course
from app.learning.help_lines import HelpLines
from app.mail.mailer import Mailer
from app.secrets.sealing import Keyring
from app.settings import Settings
from app.web.course_html import CourseHtml
from app.web.lesson_text import LessonText


@dataclass(frozen=True, slots=True)
class Haven:
    """The state of one app; `clock` is the only source of the present moment in `web`.

    The course is what `chapter_files` were at `read_at`.
    """

    settings: Settings
    course: Course
    html: CourseHtml
    lesson_texts: Mapping[tuple[str, str], LessonText]
    clock: Callable[[], datetime]
    help_lines: HelpLines
    mailer: Mailer
    keyring: Keyring
    chapter_files: Sequence[ChapterFiles]
    read_at: datetime


def haven() -> Haven:
    """The state of the app that answers this request."""
    state: Haven = current_app.extensions["haven"]
    return state


def course() -> Course:
    return haven().course


def now() -> datetime:
    return haven().clock()
