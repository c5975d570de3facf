"""A second chapter is a folder in `course/` and one in `cards/`; nobody touches code for it."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from app.__main__ import main
from app.content.library import inspect_library, read_library
from app.settings import Settings
from app.storage import reviews
from app.web import create_app
from tests.conftest import SMALL_COURSE, Clock, Visitor
from tests.guides import write_examples


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The small course, with what the guides show authors as its second chapter."""
    files = Path(shutil.copytree(SMALL_COURSE, tmp_path / "cursus"))
    write_examples(files, "hoofdstuk2")
    return files


@pytest.fixture
def app(settings: Settings, clock: Clock, files: Path) -> Flask:
    return create_app(settings, clock, read_library(files))


def test_both_chapters_pass_the_check(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_ROOT", str(files))
    result = CliRunner().invoke(main, ["check-course"])
    assert result.exit_code == 0
    assert "\nDe cursus is in orde: 3 lessen, 12 kaarten, 4 begrippen" in result.output
    mapped = CliRunner().invoke(main, ["course-map"]).output
    assert "2.1  hoofdstuk2/01-vriendschap" in mapped


def test_one_gets_from_one_chapter_to_the_other(learner: Visitor) -> None:
    assert '<a href="/hoofdstuk2" rel="next">Volgend hoofdstuk: Vriendschap</a>' in learner.get(
        "/hoofdstuk1"
    )
    second = learner.get("/hoofdstuk2")
    assert 'href="/hoofdstuk1" rel="prev">Vorig hoofdstuk: Proefhoofdstuk</a>' in second
    assert 'href="/hoofdstuk2/vriendschap"' in second
    for lesson in ("eerste-les", "tweede-les"):
        learner.get(f"/hoofdstuk1/{lesson}")
    assert 'href="/hoofdstuk2/vriendschap"' in learner.get("/vandaag")


def test_its_lesson_is_read_and_its_cards_are_answered_and_come_back(
    learner: Visitor, clock: Clock
) -> None:
    lesson = learner.get("/hoofdstuk2/vriendschap")
    assert "<strong>Vriendschap</strong> is een band die je met iemand kiest" in lesson
    assert 'data-card="vriendschap-betekenis"' in lesson
    assert 'data-card="vriendschap-betekenis"' in learner.get("/herhalen")
    learner.post("/herhalen", card="vriendschap-betekenis", grade="good", id=f"{1:032x}")
    memory = reviews.memories_of(1)["vriendschap-betekenis"]
    clock.now += memory.due_on - clock().date()
    assert 'data-card="vriendschap-betekenis"' in learner.get("/herhalen")
    assert '<a href="/begrippen#vriendschap">' in learner.get("/voortgang")
    assert "/hoofdstuk2/vriendschap#zin-vriendschap-betekenis" in learner.get(
        "/kaart/vriendschap-betekenis"
    )


def test_its_concepts_are_in_the_glossary(learner: Visitor) -> None:
    glossary = learner.get("/begrippen")
    assert '<dt id="vriendschap">vriendschap</dt>' in glossary
    assert '<dt id="band">band</dt>' in glossary


def test_chapters_stand_in_the_order_in_which_people_count(files: Path) -> None:
    for chapter in ("hoofdstuk10", "bijlage"):
        write_examples(files, chapter)
    course, _ = inspect_library(files)
    assert [chapter.slug for chapter in course.chapters] == [
        "bijlage", "hoofdstuk1", "hoofdstuk2", "hoofdstuk10",
    ]  # fmt: skip
