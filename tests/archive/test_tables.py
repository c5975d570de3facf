"""Tables open in a Dutch Excel, and no cell is a formula."""

import csv
from datetime import date
from io import BytesIO, StringIO

import pytest

from app.archive.tables import Cell, write_table


def written(*row: Cell) -> bytes:
    stream = BytesIO()
    write_table(stream, ["één"], [row])
    return stream.getvalue()


def read(*row: Cell) -> list[str]:
    text = written(*row).decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline=""), delimiter=";"))[1]


def test_excel_recognises_letters_and_lines() -> None:
    assert written("geïsoleerd") == b"\xef\xbb\xbf" + "één\r\ngeïsoleerd\r\n".encode()


def test_numbers_have_a_comma_days_are_iso_and_nothing_is_empty() -> None:
    assert read(1.5, 3, date(2026, 3, 2), None) == ["1,5000", "3", "2026-03-02", ""]


def test_what_a_person_wrote_comes_back_whatever_is_in_it() -> None:
    for text in ("a;b", 'een "citaat"', "twee\r\nregels", "'s avonds", "a=b"):
        assert read(text) == [text]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_text_that_looks_like_a_formula_is_a_text(start: str) -> None:
    assert read(f'{start}HYPERLINK("http://x")') == [f'\'{start}HYPERLINK("http://x")']
