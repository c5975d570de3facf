"""Lists of people as they come out of spreadsheets, and files that are nothing of the kind."""

from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from app.archive.rosters import rows_of_file, rows_of_text
from app.learning.rosters import BadRoster, RosterFlaw, entries_of

PEOPLE = [("Anna de Vries", "anna@voorbeeld.nl"), ("Zoë van 't Hof", "Zoe@Voorbeeld.nl")]


def people(content: bytes | str) -> list[tuple[str, str]]:
    rows = rows_of_file(content if isinstance(content, bytes) else content.encode())
    return [(entry.name, entry.typed) for entry in entries_of(rows)]


def workbook(rows: list[list[Any]]) -> bytes:
    book, file = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize(
    "head",
    [["Naam", "E-mail"], ["Full name", "Email address"], ["STUDENT", "E-mailadres"], None],
)
def test_a_table_is_read_whatever_program_wrote_it(
    delimiter: str, encoding: str, head: list[str] | None
) -> None:
    lines = [*([head] if head else []), *PEOPLE]
    text = "\r\n".join(delimiter.join(line) for line in lines)
    assert people(text.encode(encoding)) == PEOPLE


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["Achternaam", "Tussenvoegsels", "Roepnaam", "Studentnummer", "E-mail"],
          ["Vries", "de", "Anna", "123", "a@voorbeeld.nl"], ["Bos", "", "Bram", "4", "b@voorbeeld.nl"]],
         [("Anna de Vries", "a@voorbeeld.nl"), ("Bram Bos", "b@voorbeeld.nl")]),
        ([["First name", "Last name", "Email"], ["Anna", "Bos", "a@voorbeeld.nl"]],
         [("Anna Bos", "a@voorbeeld.nl")]),
        ([["123", "Anna", "de", "Vries", "a@voorbeeld.nl"], ["456", "Bram", "", "Bos", ""]],
         [("Anna de Vries", "a@voorbeeld.nl"), ("Bram Bos", "")]),
        ([["Anna", "a@voorbeeld.nl"], ["b@voorbeeld.nl"], ["Cas", "cas"]],
         [("Anna", "a@voorbeeld.nl"), ("", "b@voorbeeld.nl"), ("Cas", "cas")]),
        ([["E-mail"], [" a@voorbeeld.nl "]], [("", "a@voorbeeld.nl")]),
        ([["Naam", "E-mail"], ["  Anna  \n Bos ", "mailto:A@voorbeeld.nl\xa0"]],
         [("Anna Bos", "A@voorbeeld.nl")]),
        # A spreadsheet makes a date of a name, or a number; that harms nobody.
        ([["Naam", "E-mail"], [datetime(2026, 5, 1), "a@voorbeeld.nl"], [5, "b@voorbeeld.nl"]],  # noqa: DTZ001
         [("2026-05-01 00:00:00", "a@voorbeeld.nl"), ("5", "b@voorbeeld.nl")]),
    ],
)  # fmt: skip
def test_columns_are_found_with_and_without_names(
    rows: list[list[Any]], expected: list[tuple[str, str]]
) -> None:
    assert people(workbook(rows)) == expected
    assert people("\n".join(";".join(f'"{cell}"' for cell in row) for row in rows)) == expected


def test_lines_keep_the_number_they_have_in_the_file() -> None:
    text = "sep=;\nNaam;E-mail\n\n;;\nAnna;a@voorbeeld.nl\n;\nBram;b@voorbeeld.nl\n"
    assert [entry.line for entry in entries_of(rows_of_text(text))] == [5, 7]


def test_a_formula_in_a_cell_is_a_text_and_is_not_computed() -> None:
    assert people("Naam;E-mail\n=2+5;a@voorbeeld.nl") == [("=2+5", "a@voorbeeld.nl")]
    # A workbook holds what its program computed, here nothing.
    assert people(workbook([["Naam", "E-mail"], ["=2+5", "a@voorbeeld.nl"]])) == [
        ("", "a@voorbeeld.nl")
    ]


def a_bomb(declared: str) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", declared)
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 60_000_000)
    return file.getvalue()


def with_a_part(content: bytes, name: str, change: Any) -> bytes:
    file = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for member in old.namelist():
            part = old.read(member)
            new.writestr(member, change(part) if member == name else part)
    return file.getvalue()


FINE = workbook([["Naam", "E-mail"], *map(list, PEOPLE)])
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (b"", RosterFlaw.EMPTY),
        (b"\n\r\n;;;\n", RosterFlaw.EMPTY),
        (b"Naam;E-mail\n", RosterFlaw.EMPTY),
        (workbook([]), RosterFlaw.EMPTY),
        (b"x" * 1_000_001, RosterFlaw.TOO_LARGE),
        (b"a@voorbeeld.nl\n" * 501, RosterFlaw.TOO_MANY),
        (b"\n" * 6000 + b"a@voorbeeld.nl", RosterFlaw.TOO_MANY),
        (workbook([["a@voorbeeld.nl"]] * 501), RosterFlaw.TOO_MANY),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", RosterFlaw.OLD_EXCEL),
        (b"%PDF-1.7\n\0\0\x81", RosterFlaw.NOT_A_LIST),
        (b"\xff\xfe\x00\xd8", RosterFlaw.NOT_A_LIST),
        (FINE[:200], RosterFlaw.BROKEN),
        (FINE[:-40], RosterFlaw.BROKEN),
        (a_bomb("<workbook/>"), RosterFlaw.BROKEN),
        (with_a_part(FINE, SHEET, lambda part: part[:99]), RosterFlaw.BROKEN),
        (with_a_part(FINE, SHEET, lambda part: part.replace(b"<worksheet",
            b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1)), RosterFlaw.BROKEN),
        (with_a_part(FINE, "xl/workbook.xml", lambda _: b"<nonsense/>"), RosterFlaw.EMPTY),
        (with_a_part(FINE, SHEET, lambda part: part.replace(b'r="2"', b'r="1048576"', 1)),
         RosterFlaw.TOO_MANY),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_with_its_reason(content: bytes, flaw: RosterFlaw) -> None:
    with pytest.raises(BadRoster) as refused:
        people(content)
    assert refused.value.flaw is flaw


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.integers(0, len(FINE)))
def test_nothing_that_is_sent_breaks_anything(noise: bytes, at: int) -> None:
    for content in (noise, FINE[:at] + noise + FINE[at + len(noise) :]):
        try:
            people(content)
        except BadRoster as refused:
            assert refused.flaw in RosterFlaw
