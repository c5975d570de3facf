"""Lists of people that somebody sends, as rows of cells: CSV as any spreadsheet writes it, or XLSX.

A stranger made the file. Nothing in it is computed, and a zip is looked at before it is unpacked.
"""

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook

from app.archive.zips import opened_zip, pieces_of
from app.learning.imports import BadFile
from app.learning.rosters import BadRoster, RosterFlaw, Rows

MOST_BYTES = 1_000_000
_MOST_UNPACKED = 20_000_000  # bytes
# Far more than a list may have, so that empty rows between do no harm.
_MOST_ROWS = 5_000
_MOST_COLUMNS = 40
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS = ";\t,"


def rows_of_file(content: bytes) -> Rows:
    """The rows of a file, whatever its name is. Raises BadRoster."""
    if len(content) > MOST_BYTES:
        raise BadRoster(RosterFlaw.TOO_LARGE)
    if content.startswith(_OLD_EXCEL):
        raise BadRoster(RosterFlaw.OLD_EXCEL)
    return _rows_of_workbook(content) if content.startswith(_ZIP) else rows_of_text(_text(content))


def rows_of_text(text: str) -> Rows:
    """The rows of a table with `;`, tab or `,` between its cells. Raises BadRoster."""
    lines = text.splitlines()
    if lines and lines[0].strip().casefold().startswith("sep="):
        # Excel's own line about the delimiter; it keeps its place, so that numbers stay right.
        lines[0] = ""
    delimiter = _delimiter(lines)
    try:
        rows = list(csv.reader(StringIO("\n".join(lines)), delimiter=delimiter, strict=True))
    except csv.Error:
        # A name with a quotation mark of its own: then none of them means anything.
        rows = [line.split(delimiter) for line in lines]
    return _limited(iter(rows))


def _text(content: bytes) -> str:
    encoding = next((name for bom, name in _BOMS if content.startswith(bom)), "")
    for name in (encoding,) if encoding else ("utf-8", "cp1252"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadRoster(RosterFlaw.NOT_A_LIST)


def _delimiter(lines: list[str]) -> str:
    """What most lines have; of equals the one that stands least often in a name."""
    return max(_DELIMITERS, key=lambda mark: sum(mark in line for line in lines))


def _rows_of_workbook(content: bytes) -> Rows:
    try:
        with opened_zip(BytesIO(content)) as archive:
            _require_harmless(archive)
    except BadFile as error:
        raise BadRoster(RosterFlaw.BROKEN) from error
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            return next(filter(_has_text, map(_rows_of_sheet, book.worksheets)), [])
        finally:
            book.close()
    except BadRoster:
        raise
    # openpyxl believes what it reads: what a broken file makes it raise can be anything.
    except Exception as error:
        raise BadRoster(RosterFlaw.BROKEN) from error


def _require_harmless(archive: ZipFile) -> None:
    """Unpack every part once, piece by piece. Raises BadFile and BadRoster.

    No program writes a document type into a workbook; it is how a few lines of XML become gigabytes.
    """
    names = archive.namelist()
    if "xl/workbook.xml" not in names:
        raise BadRoster(RosterFlaw.NOT_A_LIST)
    left = _MOST_UNPACKED
    for name in names:
        part = b"".join(pieces_of(archive, name, left))
        left -= len(part)
        if b"<!DOCTYPE" in part.replace(b"\0", b""):
            raise BadRoster(RosterFlaw.BROKEN)


def _rows_of_sheet(sheet: Any) -> Rows:
    # What a sheet says of its own size is not trusted.
    sheet.reset_dimensions()
    found = sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True)
    return _limited([_cell(value) for value in row] for row in found)


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _has_text(rows: Rows) -> bool:
    return any(cell.strip() for row in rows for cell in row)


def _limited(rows: Iterator[list[str]]) -> Rows:
    found = []
    for number, row in enumerate(rows):
        if number >= _MOST_ROWS:
            raise BadRoster(RosterFlaw.TOO_MANY)
        found.append(row[:_MOST_COLUMNS])
    return found
