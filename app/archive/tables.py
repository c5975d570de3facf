"""Tables for a spreadsheet, as a Dutch Excel opens them without asking anything.

A semicolon between cells, a comma in numbers, and a mark of UTF-8 in front. A text that a
spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV Injection").
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import TextIOWrapper
from typing import IO

Cell = str | int | float | date | None

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_table(stream: IO[bytes], head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write the names of the columns and the rows; None is an empty cell."""
    text = TextIOWrapper(stream, "utf-8-sig", newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    # The stream is not ours to close.
    text.detach()


def _cell(value: Cell) -> str:
    match value:
        case None:
            return ""
        case float():
            return f"{value:.4f}".replace(".", ",")
        case str() if value.startswith(_STARTS_A_FORMULA):
            return f"'{value}"
    return str(value)
