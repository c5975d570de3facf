"""Whole days as an iCalendar file (RFC 5545) that Outlook and phones read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_LONGEST_LINE = 75  # octets


@dataclass(frozen=True, slots=True)
class Event:
    """Days up to and without `ends_before`; `id` is the same whenever the file is made again."""

    id: str
    starts_on: date
    ends_before: date
    title: str


def calendar_file(name: str, events: Iterable[Event], stamp: date) -> bytes:
    """The file. `stamp` stands for when it was made, so that the same plan gives the same bytes."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Haven//Weekplan//NL", "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(name)}",
    ]  # fmt: skip
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_text(event.id)}@haven",
            f"DTSTAMP:{stamp:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{event.starts_on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.ends_before:%Y%m%d}",
            f"SUMMARY:{_text(event.title)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _text(value: str) -> str:
    for char in "\\;,":
        value = value.replace(char, f"\\{char}")
    return " ".join(value.split())


def _folded(line: str) -> bytes:
    """A line of at most 75 octets; what is longer goes on after a space, between characters."""
    pieces: list[bytes] = []
    piece = b""
    for char in line:
        encoded = char.encode()
        if len(piece) + len(encoded) > _LONGEST_LINE - (1 if pieces else 0):
            pieces.append(piece)
            piece = b""
        piece += encoded
    return b"\r\n ".join([*pieces, piece]) + b"\r\n"
