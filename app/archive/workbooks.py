"""Workbooks for a spreadsheet: the same bytes for the same data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

from xlsxwriter import Workbook

from app.archive.tables import Cell

# A workbook says when it was made; the data do not change by being written.
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001
_WIDEST = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: the names of its columns, and rows."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def write_workbook(stream: IO[bytes], sheets: Sequence[Sheet]) -> None:
    """Write the sheets. A text stays a text, whatever a spreadsheet would take it for."""
    with Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": _MADE})
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd-mm-yyyy"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.title)
            page.freeze_panes(1, 0)
            for column, name in enumerate(sheet.head):
                page.write_string(0, column, name, bold)
                page.set_column(column, column, _width(sheet, column))
            for number, row in enumerate(sheet.rows, start=1):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        page.write_datetime(number, column, value, day)
                    elif isinstance(value, str):
                        page.write_string(number, column, value)
                    elif value is not None:
                        page.write_number(number, column, value)


def _width(sheet: Sheet, column: int) -> int:
    longest = max((len(str(row[column])) for row in sheet.rows), default=0)
    return min(max(longest, len(sheet.head[column])) + 2, _WIDEST)
