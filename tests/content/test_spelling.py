"""Spelling: what of a course file is read as Dutch, and what becomes of a word nobody knows."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.__main__ import main
from app.content.spelling import OWN_WORDS, words_of
from tests.conftest import SMALL_COURSE

LESSON = "course/hoofdstuk1/01-eerste-les.md"


def words(text: str) -> list[tuple[str, int]]:
    return [(word.text, word.place.line) for word in words_of("f.md", text)]


def test_every_word_of_a_sentence_is_read_with_its_line() -> None:
    assert words("Zo'n foto’s,\n\n**vet** en één-op-één (24/7).") == [
        ("Zo'n", 1), ("foto’s", 1), ("vet", 3), ("en", 3), ("één", 3), ("op", 3), ("één", 3),
    ]  # fmt: skip


def test_ids_are_not_read() -> None:
    assert words(
        "## een-id\nbegrip: abc, def\nitem: ghi\nverward: jkl | het verschil\n"
        "[de zin]{kaart: mno, pqr} [[kaart: stu]]"
    ) == [("het", 4), ("verschil", 4), ("de", 5), ("zin", 5)]


def test_other_languages_and_citations_are_not_read_and_keep_their_lines() -> None:
    text = "zie [secure\nbase]{taal: en} bij [Bowlby (1969)]{bron: bowlby1969}\nen verder"
    assert words(text) == [("zie", 1), ("bij", 2), ("en", 3), ("verder", 3)]


def test_a_heading_is_read() -> None:
    assert words("## Wat is een band?") == [("Wat", 1), ("is", 1), ("een", 1), ("band", 1)]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A copy of the course without mistakes, for a test to make one in."""
    return Path(shutil.copytree(SMALL_COURSE, tmp_path / "cursus"))


@pytest.fixture
def check(files: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    if shutil.which("hunspell") is None:
        pytest.skip("hunspell is not installed (Debian: apt-get install hunspell hunspell-nl)")
    monkeypatch.setenv("COURSE_ROOT", str(files))
    return lambda *options: CliRunner().invoke(main, ["check-spelling", *options])


def misspell(files: Path) -> None:
    text = (files / LESSON).read_text(encoding="utf-8")
    assert "speelt rustig verder" in text
    text = text.replace("speelt rustig verder", "speeld rustig bij Zwaluwina's verdder")
    (files / LESSON).write_text(text, encoding="utf-8")


def test_a_course_without_mistakes_is_spelled_well(check: Callable[..., Result]) -> None:
    result = check()
    assert (result.exit_code, result.output) == (0, "De spelling is in orde.\n")


def test_a_word_that_nobody_knows_is_told_with_file_and_line(
    check: Callable[..., Result], files: Path
) -> None:
    misspell(files)
    result = check()
    assert result.exit_code == 1
    assert f"{LESSON}, regel 29: 'speeld' staat in geen woordenlijst." in result.output
    assert "3 woorden gevonden." in result.output


def test_the_words_alone_can_be_added_to_the_list_of_the_course(
    check: Callable[..., Result], files: Path
) -> None:
    misspell(files)
    assert check("--words").output == "Zwaluwina's\nspeeld\nverdder\n"
    (files / OWN_WORDS).write_text("Zwaluwina\nspeeld\nverdder\n", encoding="utf-8")
    assert check().exit_code == 0


def test_without_hunspell_it_is_said_what_to_install(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_ROOT", str(files))
    monkeypatch.setenv("PATH", str(files))
    result = CliRunner().invoke(main, ["check-spelling"])
    assert result.exit_code == 1
    assert "apt-get install hunspell hunspell-nl" in result.output
