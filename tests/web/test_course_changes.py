"""Authors change the course while people learn from it; nobody loses anything by it."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from app.__main__ import main
from app.content.library import read_library
from app.content.problems import BrokenCourse
from app.learning.course import Course
from app.settings import Settings
from app.storage import database
from app.storage.database import db
from app.usecases.check_data import check_data
from app.web import create_app
from tests.conftest import SMALL_COURSE, Clock, Visitor

PAGES = ("/vandaag", "/herhalen", "/hoofdstuk1", "/hoofdstuk1/eerste-les", "/hoofdstuk1/tweede-les",
         "/begrippen", "/herhalen/stapel?dagen=30")  # fmt: skip
GONE = "los-vaster"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A copy of the course that a test may change."""
    return Path(shutil.copytree(SMALL_COURSE, tmp_path / "course-files"))


@pytest.fixture
def answered(learner: Visitor, clock: Clock) -> Visitor:
    """Somebody who answered every card of both lessons, three days ago."""
    for lesson in ("eerste-les", "tweede-les"):
        learner.get(f"/hoofdstuk1/{lesson}")
    # In a lesson every card can be answered, also two that are often confused.
    cards = ("band-afstand", "band-engels", "band-lena", "band-verschil", GONE)
    for number, card in enumerate(cards):
        learner.post("/herhalen", card=card, grade="good", id=f"{number + 1:032x}")
    clock.forward(days=3)
    return learner


def with_course(visitor: Visitor, course: Course, clock: Clock) -> Visitor:
    """The same browser, after the server started again with another course."""
    before = visitor.client.application
    settings: Settings = before.extensions["haven"].settings
    again = Visitor(create_app(settings, clock, course))
    cookie = visitor.client.get_cookie("haven")
    assert cookie is not None
    again.client.set_cookie("haven", cookie.value)
    return again


def edit(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def due(visitor: Visitor) -> set[str]:
    answer = visitor.client.get("/herhalen/stapel?dagen=0").get_json()
    return {card["card"] for card in answer["cards"]}


def retire_the_second_lesson(files: Path) -> Course:
    """What an author does to take a card out: the card, its sentence, and its id is retired."""
    (files / "cards/hoofdstuk1/02-tweede-les.md").unlink()
    edit(files / "course/hoofdstuk1/02-tweede-les.md", f"[[kaart: {GONE}]]", "")
    edit(files / "course/hoofdstuk1/02-tweede-les.md", f"{{kaart: {GONE}}}", "")
    (files / "cards/vervallen.md").write_text(f"## {GONE}\nreden: Te vaag.\n", encoding="utf-8")
    return read_library(files)


def test_a_card_that_left_the_course_while_due_is_asked_no_more_and_forgotten_by_nobody(
    answered: Visitor, files: Path, clock: Clock
) -> None:
    assert GONE in due(answered)
    rows = "SELECT * FROM memory WHERE card = 'los-vaster'"
    memory = db.execute_sql(rows).fetchall()
    visitor = with_course(answered, retire_the_second_lesson(files), clock)
    for page in PAGES:
        visitor.get(page)
    assert due(visitor) == due(answered) - {GONE}
    while due(visitor):
        visitor.post(
            "/herhalen", card=min(due(visitor)), grade="good", id=f"{len(due(visitor)) + 90:032x}"
        )
    for page in PAGES:
        visitor.get(page)
    assert list(check_data()) == []
    assert db.execute_sql(rows).fetchall() == memory != []
    # The author brings it back: everything is as it was.
    assert GONE in due(with_course(visitor, read_library(SMALL_COURSE), clock))


@pytest.mark.parametrize("fragment", [True, False])
def test_the_answer_to_a_card_that_left_the_course_can_still_be_undone(
    answered: Visitor, files: Path, clock: Clock, fragment: bool
) -> None:
    row = db.execute_sql("SELECT id FROM review WHERE card = 'los-vaster'").fetchone()
    visitor = with_course(answered, retire_the_second_lesson(files), clock)
    response = visitor.client.post(
        "/herhalen/ongedaan",
        data={"id": str(row[0]), "csrf_token": visitor.token(), "left": 3},
        headers={"X-Fragment": "kaart"} if fragment else {},
        follow_redirects=True,
    )
    assert response.status_code == 200
    assert db.execute_sql("SELECT count(*) FROM memory WHERE card = 'los-vaster'").fetchone() == (
        0,
    )


def test_an_answer_to_a_card_that_just_left_the_course_is_refused_kindly(
    answered: Visitor, files: Path, clock: Clock
) -> None:
    visitor = with_course(answered, retire_the_second_lesson(files), clock)
    response = visitor.post("/herhalen", card=GONE, grade="good", id=f"{77:032x}")
    assert response.status_code == 400
    assert "Traceback" not in response.get_data(as_text=True)


def test_a_card_may_move_to_another_lesson(answered: Visitor, files: Path, clock: Clock) -> None:
    second = files / "course/hoofdstuk1/02-tweede-les.md"
    edit(second, f"[[kaart: {GONE}]]", "")
    edit(second, f"[Een losse band kan weer vaster worden.]{{kaart: {GONE}}}", "Niets meer.")
    edit(
        files / "course/hoofdstuk1/01-eerste-les.md",
        "[[moment: dichtbij]]",
        f"[Een losse band kan weer vaster worden.]{{kaart: {GONE}}}\n\n[[kaart: {GONE}]]",
    )
    visitor = with_course(answered, read_library(files), clock)
    assert due(visitor) == due(answered)
    assert f'id="zin-{GONE}"' in visitor.get("/hoofdstuk1/eerste-les")
    assert f"/hoofdstuk1/eerste-les#zin-{GONE}" in visitor.get(f"/herhalen?kaart={GONE}")


def test_an_edited_text_keeps_everybodys_history(
    answered: Visitor, files: Path, clock: Clock
) -> None:
    edit(
        files / "cards/hoofdstuk1/02-tweede-les.md",
        "Kan een losse band vaster worden?",
        "Wordt een losse band ooit vaster?",
    )
    before = answered.client.get("/herhalen/stapel?dagen=30").get_json()["cards"]
    visitor = with_course(answered, read_library(files), clock)
    after = visitor.client.get("/herhalen/stapel?dagen=30").get_json()["cards"]
    assert [(card["card"], card["due"], card["returns"]) for card in after] == [
        (card["card"], card["due"], card["returns"]) for card in before
    ]
    assert "Wordt een losse band ooit vaster?" in visitor.get(f"/herhalen?kaart={GONE}")


def test_a_file_that_breaks_while_the_server_runs_is_found_at_the_next_start(
    db_url: str, files: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(database_url=db_url, secret_key="k" * 40, course_root=files)
    running: Flask = create_app(settings, clock)
    edit(files / "course/hoofdstuk1/01-eerste-les.md", "[[kaart: band-afstand]]", "[[kaart: weg]]")
    visitor = Visitor(running).begin()
    for page in PAGES:
        visitor.get(page)
    with pytest.raises(BrokenCourse, match=r"01-eerste-les\.md, regel 19: de kaart 'weg' bestaat"):
        create_app(settings, clock)
    database.close()
    monkeypatch.setenv("COURSE_ROOT", str(files))
    monkeypatch.setenv("DATABASE_URL", db_url)
    for verb in ("serve", "check-course"):
        result = CliRunner().invoke(main, [verb])
        assert result.exit_code == 1
        assert "01-eerste-les.md, regel 19: de kaart 'weg' bestaat niet" in result.output


def test_a_smaller_course_knows_nothing_of_lessons_that_were_opened(
    answered: Visitor, clock: Clock, small_course: Course
) -> None:
    chapter = small_course.chapters[0]
    only_first = replace(small_course, chapters=(replace(chapter, lessons=chapter.lessons[:1]),))
    visitor = with_course(answered, only_first, clock)
    for page in ("/vandaag", "/herhalen", "/hoofdstuk1", "/herhalen/stapel?dagen=30"):
        visitor.get(page)
    assert visitor.client.get("/hoofdstuk1/tweede-les").status_code == 404
