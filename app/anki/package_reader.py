"""A package that comes back from Anki: the reviews of our cards, whatever else is in it.

It is a database that somebody else made. It is opened read-only, in a SQLite as new as our own, with
nothing of its schema trusted; three plain tables are read and nothing else, within a budget of work.
"""

import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from uuid import UUID, uuid5
from zipfile import ZipFile
from zoneinfo import ZoneInfo

from pysqlite3 import dbapi2 as sqlite

from app.anki.notes import card_of_guid
from app.archive.zips import limited, pieces_of
from app.learning.days import day_of
from app.learning.imports import MOST_REVIEWS, BadFile, FileFlaw, IncomingLog
from app.learning.reviews import LONGEST_DURATION_MS, Grade, LogEntry, Review

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# The newest first: beside a newer one stands an older, with a note that says to update Anki.
_COLLECTIONS = ("collection.anki21b", "collection.anki21", "collection.anki2")
_ZSTD_COLLECTION = _COLLECTIONS[0]

_MOST_BYTES = 200_000_000
_MOST_CARDS = 50_000
# Reading a million entries takes some 20 million steps of SQLite's machine.
_STEPS_A_TICK = 100_000
_MOST_TICKS = 20_000
# 32 MB of memory; Anki needs 2.
_LARGEST_WINDOW = {int(zstd.DecompressionParameter.window_log_max): 25}
_PIECE = 1 << 16

_TABLES = ("notes", "cards", "revlog")
_LONGEST_TEXT = 4096
# Beside reviews Anki's log has days set by hand (4, 5: no grade) and, without an ease, cards that were
# crammed (3): these were never meant to count.
_CRAMMED, _BY_HAND = 3, 4

# The moments that can be a date wherever on earth: 1971 to 9998.
_FIRST_MS, _LAST_MS = 31_536_000_000, 253_370_764_800_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Makes the id of a review that was done in Anki, the same each time it comes in.
_NAMESPACE = UUID("7c2f9f0e-52a5-4f0b-9c0e-0d8a4b6f6e11")


def has_collection(archive: ZipFile) -> bool:
    """Whether this zip is a package of Anki's."""
    return any(name in _COLLECTIONS for name in archive.namelist())


def read_package(archive: ZipFile, zone: ZoneInfo) -> IncomingLog:
    """The reviews of our cards, by learner; each on its day in `zone`. Raises BadFile."""
    with TemporaryDirectory(prefix="haven-") as folder:
        path = Path(folder) / "collection"
        with path.open("wb") as file:
            for piece in _collection_of(archive):
                file.write(piece)
        try:
            with closing(_opened(path)) as database:
                return _read(database, zone)
        # A damaged schema comes back in SQLite's own message, which is then no UTF-8.
        except (sqlite.Error, UnicodeDecodeError) as error:
            raise BadFile(FileFlaw.BROKEN) from error


def _collection_of(archive: ZipFile) -> Iterator[bytes]:
    names = archive.namelist()
    name = next(name for name in _COLLECTIONS if name in names)
    pieces = pieces_of(archive, name, _MOST_BYTES)
    return limited(_unpacked(pieces), _MOST_BYTES) if name == _ZSTD_COLLECTION else pieces


def _unpacked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The content of one frame of zstd, never more than a piece at a time."""
    unpacker = zstd.ZstdDecompressor(options=_LARGEST_WINDOW)
    try:
        for packed in pieces:
            yield unpacker.decompress(packed, _PIECE)
            while not unpacker.eof and not unpacker.needs_input:
                yield unpacker.decompress(b"", _PIECE)
            if unpacker.eof:
                return
    except zstd.ZstdError as error:
        raise BadFile(FileFlaw.BROKEN) from error
    raise BadFile(FileFlaw.BROKEN)


def _opened(path: Path) -> Any:
    database = sqlite.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        for pragma in ("trusted_schema = off", "cell_size_check = on", "query_only = on"):
            database.execute(f"PRAGMA {pragma}")
        database.text_factory = lambda raw: raw.decode("utf-8", "replace")
        ticks = iter(range(_MOST_TICKS))
        database.set_progress_handler(lambda: next(ticks, None) is None, _STEPS_A_TICK)
        _require_plain_tables(database)
        database.set_authorizer(_may)
    except BaseException:
        database.close()
        raise
    return database


def _require_plain_tables(database: Any) -> None:
    """No views, no tables that a module makes up, and no columns that are computed when read."""
    found = database.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN (?, ?, ?) "
        "AND octet_length(sql) < ? AND sql LIKE 'CREATE TABLE %'",
        (*_TABLES, _LONGEST_TEXT),
    ).fetchall()
    hidden = [
        column
        for table in _TABLES
        for *column, is_hidden in database.execute(f"PRAGMA table_xinfo({table})")
        if is_hidden
    ]
    if len(found) != len(_TABLES) or hidden:
        raise BadFile(FileFlaw.BROKEN)


def _may(
    action: int, first: str | None, second: str | None, _database: str | None, inside: str | None
) -> int:
    """Three tables and one function; `inside` is a view or a trigger, of which there are none."""
    is_allowed = inside is None and (
        action == sqlite.SQLITE_SELECT
        or (action == sqlite.SQLITE_READ and first in _TABLES)
        or (action == sqlite.SQLITE_FUNCTION and second == "octet_length")
    )
    return cast(int, sqlite.SQLITE_OK if is_allowed else sqlite.SQLITE_DENY)


def _read(database: Any, zone: ZoneInfo) -> IncomingLog:
    notes = _our_notes(database)
    cards, foreign = _our_cards(database, notes)
    logs: dict[str, list[LogEntry]] = {mark: [] for _, mark in cards.values()}
    unreadable = count = 0
    for id_, card_id, grade, taken, kind, ease in database.execute(
        "SELECT id, cid, ease, time, type, factor FROM revlog"
    ):
        found = cards.get(card_id)
        if found is None or grade == 0 or kind == _BY_HAND or (kind == _CRAMMED and ease == 0):
            continue
        count += 1
        if count > MOST_REVIEWS:
            raise BadFile(FileFlaw.TOO_MANY)
        card, mark = found
        review = _review(id_, card, grade, taken, zone)
        if review is None:
            unreadable += 1
        else:
            logs[mark].append(LogEntry(review))
    return IncomingLog(logs, is_ankis=True, unreadable=unreadable, foreign_cards=foreign)


def _our_notes(database: Any) -> dict[int, tuple[str, str]]:
    """The card and the mark of each note of ours, by its id."""
    notes: dict[int, tuple[str, str]] = {}
    # What is too long for a guid is not even loaded.
    for id_, guid in database.execute(
        "SELECT id, guid FROM notes WHERE octet_length(guid) < ?", (_LONGEST_TEXT,)
    ):
        found = card_of_guid(guid) if isinstance(guid, str) else None
        if found is not None:
            notes[id_] = found
            if len(notes) > _MOST_CARDS:
                raise BadFile(FileFlaw.TOO_MANY)
    return notes


def _our_cards(
    database: Any, notes: dict[int, tuple[str, str]]
) -> tuple[dict[int, tuple[str, str]], int]:
    """The same by the id of the card, and how many cards are not ours."""
    cards: dict[int, tuple[str, str]] = {}
    foreign = 0
    for id_, note_id in database.execute("SELECT id, nid FROM cards"):
        found = notes.get(note_id)
        if found is None:
            foreign += 1
        else:
            cards[id_] = found
            if len(cards) > _MOST_CARDS:
                raise BadFile(FileFlaw.TOO_MANY)
    return cards, foreign


def _review(id_: object, card: str, grade: object, taken: object, zone: ZoneInfo) -> Review | None:
    """The entry as a review of ours; None where it makes no sense."""
    if not isinstance(id_, int) or not _FIRST_MS <= id_ <= _LAST_MS:
        return None
    if not isinstance(grade, int) or grade not in _GRADES or not isinstance(taken, int):
        return None
    moment = _EPOCH + timedelta(milliseconds=id_)
    return Review(
        id=uuid5(_NAMESPACE, f"{card}/{id_}"),
        card=card,
        grade=Grade(grade),
        reviewed_at=moment,
        day=day_of(moment, zone),
        duration_ms=min(max(taken, 0), LONGEST_DURATION_MS),
    )


_GRADES = frozenset(Grade)
