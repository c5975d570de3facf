"""The fragment that a grade is answered with: filled in without Jinja, and to the letter as Jinja makes it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader, UndefinedError

from app.content.library import read_library
from app.learning.course import Course
from app.learning.people import Learner, Track
from app.learning.queue import Sitting
from app.learning.reviews import Grade, Review, WhyMissed
from app.learning.scheduling import Memory, remember
from app.settings import ROOT, Settings
from app.usecases.plan_session import NextCard
from app.web import create_app
from app.web.sitting_page import Previous, sitting_page
from app.web.stencil import Stencils
from tests.conftest import REFLECTION_KEYS, SMALL_COURSE, Clock

TODAY = date(2026, 3, 2)
TOKEN = "f" * 64


@pytest.fixture(scope="module")
def course() -> Course:
    return read_library(ROOT)


@pytest.fixture
def site(course: Course, sqlite_url: str) -> Flask:
    """The site with the course as it is; the database has no part in what a page looks like."""
    settings = Settings(sqlite_url, "k" * 40, REFLECTION_KEYS, course_root=SMALL_COURSE)
    return create_app(settings, Clock(), course)


def learner_with(buttons: int) -> Learner:
    joined = datetime(2026, 1, 1, tzinfo=UTC)
    return Learner(7, None, 1, joined, "Europe/Amsterdam", Track.VERDIEPING, buttons)


def memory_of(card: str, grades: str, days_ago: int) -> Memory:
    """What is left of those grades, a week between each, the last of them so many days ago."""
    memory = None
    for place, letter in enumerate(grades):
        day = TODAY - timedelta(days=days_ago + 7 * (len(grades) - 1 - place))
        at = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
        grade = Grade.AGAIN if letter == "a" else Grade.GOOD
        memory = remember(memory, Review(uuid4(), card, grade, at, day, 4000), LEARNER.spacing)
    assert memory is not None
    return memory


LEARNER = learner_with(2)
MEMORIES = (None, ("a", 0), ("g", 3), ("gg", 60), ("gagg", 300))


def page_of(site: Flask, card: str, **more: Any) -> dict[str, Any]:
    """What an answer shows: that card next, in the middle of a sitting."""
    learner = more.get("learner", LEARNER)
    grades = more.get("memory")
    memory = memory_of(card, *grades) if grades else None
    sitting = more.get("sitting", Sitting(5, ("een-kaart", "<b>&"), (uuid4(), uuid4())))
    previous = more.get("previous", Previous("een-kaart", TODAY + timedelta(days=9)))
    found = NextCard(card, memory)
    page = sitting_page(site.extensions["haven"], learner, TODAY, sitting, found, previous)
    return {**page, "learner": learner}


def rendered(site: Flask, page: dict[str, Any]) -> str:
    template = site.jinja_env.get_template("_session.html")
    return template.render(page, csrf_token=lambda: TOKEN)


@pytest.mark.parametrize("buttons", [2, 4])
def test_every_card_of_the_course_is_shown_as_the_template_shows_it(
    site: Flask, course: Course, buttons: int
) -> None:
    stencils = Stencils(site.jinja_env)
    learner = learner_with(buttons)
    for place, card in enumerate(course.cards):
        page = page_of(site, card, learner=learner, memory=MEMORIES[place % len(MEMORIES)])
        assert stencils.fill(page, TOKEN) == rendered(site, page), card


@pytest.mark.parametrize("memory", MEMORIES)
def test_every_reason_to_ask_now_is_told_in_the_same_words(
    site: Flask, memory: tuple[str, int] | None
) -> None:
    page = page_of(site, "objectconstantie-betekenis", memory=memory)
    assert Stencils(site.jinja_env).fill(page, TOKEN) == rendered(site, page)


@pytest.mark.parametrize(
    "more",
    [
        {"previous": Previous("een-kaart", TODAY, WhyMissed.FORGOT)},
        {"previous": Previous("een-kaart", TODAY, is_leech=True)},
        {"previous": Previous("een-kaart")},
        {"sitting": Sitting(5, (), (uuid4(),), (uuid4(),))},
        {"memory": ("gg", 0)},  # asked before its day
    ],
)
def test_what_has_more_to_say_is_left_to_the_template(site: Flask, more: dict[str, Any]) -> None:
    page = page_of(site, "objectconstantie-betekenis", **more)
    assert Stencils(site.jinja_env).fill(page, TOKEN) is None


def test_a_text_with_marks_of_its_own_stays_as_it_is(site: Flask) -> None:
    page = page_of(site, "objectconstantie-betekenis")
    html = replace(page["shown"].html, front=page["shown"].html.front + "100 % %(token)s %%")
    page["shown"] = replace(page["shown"], html=html)
    assert Stencils(site.jinja_env).fill(page, TOKEN) == rendered(site, page)


def test_a_template_that_asks_for_what_is_no_hole_is_an_error(
    site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the page of the first who gets it would be that of all."""
    loader = site.jinja_env.loader
    assert loader is not None
    source, _, _ = loader.get_source(site.jinja_env, "_session.html")
    changed = {"_session.html": source.replace("{{ address }}", "{{ learner.email }}", 1)}
    monkeypatch.setattr(site.jinja_env, "loader", ChoiceLoader([DictLoader(changed), loader]))
    with pytest.raises(UndefinedError, match="email"):
        Stencils(site.jinja_env).fill(page_of(site, "objectconstantie-betekenis"), TOKEN)
