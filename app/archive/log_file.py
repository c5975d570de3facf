"""The log of one learner as lines of JSON, one event a line: written, and read back with care.

The first line says who it is of and what they chose; `docs/exports.md` has every field.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from typing import IO, Any
from uuid import UUID
from zipfile import ZipFile

from app.archive.zips import pieces_of
from app.learning.days import UnknownZone, zone_named
from app.learning.exports import Export
from app.learning.imports import (
    MOST_REVIEWS,
    BadFile,
    FileFlaw,
    IncomingLog,
    SavedChoices,
)
from app.learning.people import Learner, Track
from app.learning.reviews import LONGEST_DURATION_MS, Grade, LogEntry, Review, WhyMissed

LOG_FILE = "haven.jsonl"
VERSION = 1

_MOST_BYTES = 64_000_000
_LONGEST_LINE = 4096
_MOST_OPENINGS = 10_000


def write_log(export: Export, stream: IO[bytes]) -> None:
    """Write the whole log, also what was taken back; it is never in memory as a whole."""
    _write_line(stream, _head(export))
    for lesson, moment in sorted(export.opened.items()):
        _write_line(stream, {"opened": lesson, "at": moment.isoformat()})
    for entry in export.log():
        _write_line(stream, _event(entry))


def read_log(archive: ZipFile) -> IncomingLog:
    """The log in a zip of ours. An event that makes no sense is counted and left. Raises BadFile."""
    lines = _lines(pieces_of(archive, LOG_FILE, _MOST_BYTES))
    head = _read_head(next(lines, b""))
    entries: list[LogEntry] = []
    opened: dict[str, datetime] = {}
    unreadable = 0
    for line in lines:
        try:
            given = _object(line)
            if "opened" in given:
                opened[str(given["opened"])] = _moment(given["at"])
            else:
                entries.append(_entry(given))
        except (KeyError, TypeError, ValueError):
            unreadable += 1
        if len(entries) + unreadable > MOST_REVIEWS or len(opened) > _MOST_OPENINGS:
            raise BadFile(FileFlaw.TOO_MANY)
    mark, choices = head
    return IncomingLog({mark: entries}, choices=choices, opened=opened, unreadable=unreadable)


def _write_line(stream: IO[bytes], value: dict[str, object]) -> None:
    line = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    stream.write(line.encode() + b"\n")


def _head(export: Export) -> dict[str, object]:
    learner = export.learner
    return {
        "haven": VERSION,
        "exported_at": export.made_at.isoformat(),
        "learner": {
            "email": learner.email,
            "joined_at": learner.joined_at.isoformat(),
            "zone": learner.zone_name,
            "track": learner.track.value,
            "buttons": learner.buttons,
            # As text, because it is larger than the numbers of most readers of JSON.
            "seed": str(learner.seed),
        },
    }


def _event(entry: LogEntry) -> dict[str, object]:
    review = entry.review
    return {
        "id": str(review.id),
        "card": review.card,
        "grade": review.grade.word,
        "reviewed_at": review.reviewed_at.isoformat(),
        "day": review.day.isoformat(),
        "duration_ms": review.duration_ms,
        "why_missed": review.why_missed.value if review.why_missed else None,
        "voided_at": entry.voided_at.isoformat() if entry.voided_at else None,
    }


def _read_head(line: bytes) -> tuple[str, SavedChoices]:
    """The mark of the learner, and what they chose."""
    try:
        head = _object(line)
        if int(head["haven"]) > VERSION:
            raise BadFile(FileFlaw.TOO_NEW)
        choices = _choices(head["learner"])
    except (KeyError, TypeError, ValueError, UnknownZone) as error:
        raise BadFile(FileFlaw.BROKEN) from error
    return Learner.mark_of(choices.seed), choices


def _choices(given: Any) -> SavedChoices:
    seed, buttons = int(given["seed"]), given["buttons"]
    zone_named(str(given["zone"]))
    if not 0 <= seed < 1 << 63 or buttons not in (2, 4):
        raise ValueError("not what a learner can have")
    return SavedChoices(seed, str(given["zone"]), Track(given["track"]), int(buttons))


def _entry(given: dict[str, Any]) -> LogEntry:
    why, voided_at = given["why_missed"], given["voided_at"]
    grade = Grade.of_word(given["grade"])
    reviewed_at = _moment(given["reviewed_at"])
    day = date.fromisoformat(given["day"])
    duration_ms = given["duration_ms"]
    if grade is None or not isinstance(given["card"], str) or type(duration_ms) is not int:
        raise ValueError("not a review")
    # Wherever on earth somebody was, their day is the one before, the same, or the one after.
    if (
        abs(day - reviewed_at.date()) > timedelta(days=1)
        or not 0 <= duration_ms <= LONGEST_DURATION_MS
    ):
        raise ValueError("not a review of that day")
    review = Review(
        id=UUID(str(given["id"])),
        card=given["card"],
        grade=grade,
        reviewed_at=reviewed_at,
        day=day,
        duration_ms=duration_ms,
        why_missed=WhyMissed(why) if why is not None else None,
    )
    return LogEntry(review, _moment(voided_at) if voided_at is not None else None)


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None or not MINYEAR + 1 < moment.year < MAXYEAR:
        raise ValueError("not a moment")
    return moment


def _object(line: bytes) -> dict[str, Any]:
    try:
        given = json.loads(line)
    except RecursionError as error:
        raise ValueError("too deep") from error
    if not isinstance(given, dict):
        raise ValueError("not an object")
    return given


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        if len(rest) > _LONGEST_LINE:
            raise BadFile(FileFlaw.BROKEN)
        yield from filter(None, whole)
    if rest:
        yield rest
