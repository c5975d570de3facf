"""Help is one step away from everywhere, and its numbers are fresh."""

from datetime import date, timedelta

import pytest

from app.content.help_lines import check_help_lines, read_help_lines
from tests.conftest import Visitor


@pytest.mark.parametrize("number", ["112", "113", "08000113", "1813"])
def test_each_number_can_be_dialled(visitor: Visitor, number: str) -> None:
    page = visitor.get("/hulp")
    assert f'href="tel:{number}"' in page
    assert "huisarts" in page


@pytest.mark.parametrize("path", ["/", "/hoofdstuk1", "/begrippen", "/over", "/hulp", "/begin"])
def test_help_is_the_first_link_of_every_page_and_in_its_foot(visitor: Visitor, path: str) -> None:
    page = visitor.get(path)
    first = page[page.index("<body>") :].split("<a ", 1)[1]
    assert first.startswith('href="/hulp"')
    assert 'href="/hulp"' in page[page.index("<footer") :]
    assert "een cursus, geen behandeling" in page


def test_the_help_page_says_when_and_how_its_numbers_were_checked(visitor: Visitor) -> None:
    page = visitor.get("/hulp")
    assert "nagekeken op" in page
    assert "niet gebeld" in page


def test_numbers_older_than_half_a_year_stop_the_check() -> None:
    given = read_help_lines()
    checked = given.checked_on
    assert check_help_lines(given, checked) == []
    assert check_help_lines(given, checked + timedelta(days=180)) == []
    assert len(check_help_lines(given, checked + timedelta(days=181))) == 1


def test_numbers_cannot_have_been_checked_tomorrow() -> None:
    given = read_help_lines()
    problems = check_help_lines(given, given.checked_on - timedelta(days=1))
    assert "course/hulplijnen.toml" in str(problems[0])
    assert isinstance(given.checked_on, date)
