"""The log of one learner as lines of JSON, one event a line: written, and read back with care.

The first line says who it is of and what they chose; `docs/exports.md` has every field.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
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
from app.learning.own_cards import NO_WORDS, CardChange, ChangeKind, PlainChange, Words
from app.learning.own_text import readable_text
from app.learning.parameters import BY_DEFAULT, ParametersInUse, ParameterSource
from app.learning.people import Learner, Track
from app.learning.reflections import Reflection
from app.learning.reports import Report
from app.learning.reviews import LONGEST_DURATION_MS, Grade, LogEntry, Review, WhyMissed
from app.learning.rhythm import (
    HIGHEST_RETENTION,
    LOWEST_RETENTION,
    MOST_NEW_A_DAY,
    WEEKDAYS,
    Rhythm,
)
from app.learning.scheduling import check_parameters

LOG_FILE = "haven.jsonl"
VERSION = 1

_MOST_BYTES = 64_000_000
# Five texts of LONGEST_TEXT, each character of four bytes, and what stands around them.
_LONGEST_LINE = 100_000
_MOST_OPENINGS = 10_000
_VERSION = re.compile("[0-9a-f]{12}")
_PROMPT = re.compile("[a-z0-9-]{1,100}")
_WORDS = tuple(field.name for field in fields(Words))


def write_log(export: Export, stream: IO[bytes]) -> None:
    """Write the whole log, also what was taken back; it is never in memory as a whole."""
    _write_line(stream, _head(export))
    for lesson, moment in sorted(export.opened.items()):
        _write_line(stream, {"opened": lesson, "at": moment.isoformat()})
    for entry in export.log():
        _write_line(stream, _event(entry))
    for change in export.changes:
        _write_line(stream, _change_event(change))
    for report in export.reports:
        _write_line(stream, _report_event(report))
    for reflection in reversed(export.reflections or ()):
        _write_line(stream, _reflection_event(reflection))


def read_log(archive: ZipFile) -> IncomingLog:
    """The log in a zip of ours. An event that makes no sense is counted and left. Raises BadFile."""
    lines = _lines(pieces_of(archive, LOG_FILE, _MOST_BYTES))
    head = _read_head(next(lines, b""))
    entries: list[LogEntry] = []
    opened: dict[str, datetime] = {}
    changes: list[PlainChange] = []
    reports: list[Report] = []
    reflections: list[Reflection] = []
    unreadable = 0
    for line in lines:
        try:
            given = _object(line)
            if "opened" in given:
                opened[str(given["opened"])] = _moment(given["at"])
            elif "change" in given:
                changes.append(_change(given))
            elif "report" in given:
                reports.append(_report(given))
            elif "reflection" in given:
                reflections.append(_reflection(given))
            else:
                entries.append(_entry(given))
        except (KeyError, TypeError, ValueError):
            unreadable += 1
        events = len(entries) + len(changes) + len(reports) + len(reflections) + unreadable
        if events > MOST_REVIEWS or len(opened) > _MOST_OPENINGS:
            raise BadFile(FileFlaw.TOO_MANY)
    mark, choices = head
    return IncomingLog(
        {mark: entries},
        choices=choices,
        opened=opened,
        changes=changes,
        reports=reports,
        reflections=reflections,
        unreadable=unreadable,
    )


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
            "rhythm": _rhythm(learner.rhythm),
            "parameters": _parameters(learner.parameters),
        },
    }


def _rhythm(rhythm: Rhythm) -> dict[str, object]:
    return {
        "retention": rhythm.retention,
        "easy_days": sorted(rhythm.easy_days),
        "new_a_day": rhythm.new_a_day,
        "paused_until": rhythm.paused_until.isoformat() if rhythm.paused_until else None,
        "exam_on": rhythm.exam_on.isoformat() if rhythm.exam_on else None,
        "exam_retention": rhythm.exam_retention,
    }


def _parameters(in_use: ParametersInUse) -> dict[str, object] | None:
    """The parameters of FSRS with where they come from; None for its own, which have no day."""
    if in_use.since is None:
        return None
    return {
        "values": in_use.values,
        "source": in_use.source.value,
        "since": in_use.since.isoformat(),
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


def _change_event(change: PlainChange) -> dict[str, object]:
    event, words = change.event, change.words
    return {
        "id": str(event.id),
        "card": event.card,
        "change": event.kind.value,
        "changed_at": event.changed_at.isoformat(),
        "until": event.until.isoformat() if event.until else None,
        "words": {name: getattr(words, name) for name in _WORDS} if words != NO_WORDS else None,
        "undoes": str(event.undoes) if event.undoes else None,
    }


def _report_event(report: Report) -> dict[str, object]:
    return {
        "id": str(report.id),
        "card": report.card,
        "report": report.message,
        "version": report.version,
        "reported_at": report.reported_at.isoformat(),
    }


def _reflection_event(reflection: Reflection) -> dict[str, object]:
    changed_at = reflection.changed_at
    return {
        "id": str(reflection.id),
        "prompt": reflection.prompt,
        "reflection": reflection.text,
        "day": reflection.day.isoformat(),
        "written_at": reflection.written_at.isoformat(),
        "changed_at": changed_at.isoformat() if changed_at else None,
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
    return SavedChoices(
        seed=seed,
        zone_name=str(given["zone"]),
        track=Track(given["track"]),
        buttons=int(buttons),
        rhythm=_read_rhythm(given["rhythm"]) if "rhythm" in given else Rhythm(),
        parameters=_read_parameters(given.get("parameters")),
    )


def _read_rhythm(given: Any) -> Rhythm:
    rhythm = Rhythm(
        retention=int(given["retention"]),
        easy_days=frozenset(int(day) for day in given["easy_days"]),
        new_a_day=int(given["new_a_day"]),
        paused_until=_day(given["paused_until"]),
        exam_on=_day(given["exam_on"]),
        exam_retention=int(given["exam_retention"]),
    )
    retentions = range(LOWEST_RETENTION, HIGHEST_RETENTION + 1)
    if not (
        rhythm.retention in retentions
        and rhythm.exam_retention in retentions
        and 0 <= rhythm.new_a_day <= MOST_NEW_A_DAY
        and rhythm.easy_days < set(WEEKDAYS)
    ):
        raise ValueError("not what a learner can have")
    return rhythm


def _day(given: Any) -> date | None:
    return None if given is None else date.fromisoformat(given)


def _read_parameters(given: Any) -> ParametersInUse:
    if given is None:
        return BY_DEFAULT
    values = tuple(float(value) for value in given["values"])
    check_parameters(values)
    since = date.fromisoformat(given["since"])
    return ParametersInUse(values, ParameterSource(given["source"]), since)


def _entry(given: dict[str, Any]) -> LogEntry:
    why, voided_at = given["why_missed"], given["voided_at"]
    grade = Grade.of_word(given["grade"])
    reviewed_at = _moment(given["reviewed_at"])
    day = date.fromisoformat(given["day"])
    duration_ms = given["duration_ms"]
    if grade is None or not isinstance(given["card"], str) or type(duration_ms) is not int:
        raise ValueError("not a review")
    if not _is_day_of(reviewed_at, day) or not 0 <= duration_ms <= LONGEST_DURATION_MS:
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


def _change(given: dict[str, Any]) -> PlainChange:
    until, undoes = given["until"], given["undoes"]
    words = _own_words(given["words"])
    event = CardChange(
        id=UUID(str(given["id"])),
        card=_text(given["card"]),
        kind=ChangeKind(given["change"]),
        changed_at=_moment(given["changed_at"]),
        until=date.fromisoformat(until) if until is not None else None,
        undoes=UUID(str(undoes)) if undoes is not None else None,
    )
    if (
        (event.undoes is not None) != (event.kind is ChangeKind.UNDO)
        or (event.until is not None) != (event.kind is ChangeKind.BURY)
        or (words != NO_WORDS and event.kind is not ChangeKind.WORDS)
    ):
        raise ValueError("not a change of that kind")
    # Wherever on earth somebody was, their next day is at most two after that of the moment. One
    # that was done again long after is back on the day it would have been.
    if event.until and event.until - event.changed_at.date() > timedelta(days=2):
        raise ValueError("not until the next day")
    return PlainChange(event, words)


def _own_words(given: Any) -> Words:
    return NO_WORDS if given is None else Words(*(_text(given[name]) for name in _WORDS))


def _report(given: dict[str, Any]) -> Report:
    if not _VERSION.fullmatch(given["version"]):
        raise ValueError("not a version")
    return Report(
        id=UUID(str(given["id"])),
        card=_text(given["card"]),
        version=given["version"],
        message=_text(given["report"]),
        reported_at=_moment(given["reported_at"]),
    )


def _reflection(given: dict[str, Any]) -> Reflection:
    changed_at = given["changed_at"]
    reflection = Reflection(
        id=UUID(str(given["id"])),
        prompt=given["prompt"],
        day=date.fromisoformat(given["day"]),
        written_at=_moment(given["written_at"]),
        changed_at=_moment(changed_at) if changed_at is not None else None,
        text=_text(given["reflection"]),
    )
    if (
        not _PROMPT.fullmatch(reflection.prompt)
        or not _is_day_of(reflection.written_at, reflection.day)
        or not reflection.text
    ):
        raise ValueError("not a reflection of that day")
    return reflection


def _is_day_of(moment: datetime, day: date) -> bool:
    """Wherever on earth somebody was, their day is the one before, the same, or the one after."""
    return abs(day - moment.date()) <= timedelta(days=1)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return readable_text(value)


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
