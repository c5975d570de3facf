"""A learner's cards, log and memories as a package that Anki imports (.apkg, schema 11)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from hashlib import sha1
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from pysqlite3 import dbapi2 as sqlite

from app.anki.notes import NOTE_TYPES, STYLE, AnkiNote, NoteType, guid_of
from app.archive.zips import Part, write_zip
from app.learning.days import start_of
from app.learning.exports import Export
from app.learning.reviews import LogEntry, Review
from app.learning.scheduling import (
    DECAY,
    DESIRED_RETENTION,
    MAXIMUM_INTERVAL,
    PARAMETERS,
    Memory,
    remember,
)

# Anki's own numbers: what a card is waiting for, and what a review was.
_NEW, _REVIEW, _SUSPENDED = 0, 2, -1
_WAS_FIRST, _WAS_REVIEW, _WAS_RELEARNING = 0, 1, 2
_STARTING_EASE = 2500

# Moments in the past, as Anki wants of an id; it gives another where one is taken.
_FIRST_ID = 1_735_689_600_000
_PRESET = _FIRST_ID
_LONGEST_TAKEN_MS = 2**31 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Field by field what `meta` holds: a protobuf message whose field 1, the version, is 2 (a plain zip
# with `collection.anki21` in it).
_META = b"\x08\x02"

_SCHEMA = """
CREATE TABLE col (
  id integer PRIMARY KEY, crt integer NOT NULL, mod integer NOT NULL, scm integer NOT NULL,
  ver integer NOT NULL, dty integer NOT NULL, usn integer NOT NULL, ls integer NOT NULL,
  conf text NOT NULL, models text NOT NULL, decks text NOT NULL, dconf text NOT NULL,
  tags text NOT NULL);
CREATE TABLE notes (
  id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL, mod integer NOT NULL,
  usn integer NOT NULL, tags text NOT NULL, flds text NOT NULL, sfld integer NOT NULL,
  csum integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE cards (
  id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL, ord integer NOT NULL,
  mod integer NOT NULL, usn integer NOT NULL, type integer NOT NULL, queue integer NOT NULL,
  due integer NOT NULL, ivl integer NOT NULL, factor integer NOT NULL, reps integer NOT NULL,
  lapses integer NOT NULL, left integer NOT NULL, odue integer NOT NULL, odid integer NOT NULL,
  flags integer NOT NULL, data text NOT NULL);
CREATE TABLE revlog (
  id integer PRIMARY KEY, cid integer NOT NULL, usn integer NOT NULL, ease integer NOT NULL,
  ivl integer NOT NULL, lastIvl integer NOT NULL, factor integer NOT NULL, time integer NOT NULL,
  type integer NOT NULL);
CREATE TABLE graves (usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL);
CREATE INDEX ix_notes_usn ON notes (usn);
CREATE INDEX ix_cards_usn ON cards (usn);
CREATE INDEX ix_revlog_usn ON revlog (usn);
CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due);
CREATE INDEX ix_revlog_cid ON revlog (cid);
CREATE INDEX ix_notes_csum ON notes (csum);
CREATE TEMP TABLE given (
  moment integer, cid integer, ease integer, ivl integer, lastIvl integer, factor integer,
  time integer, type integer);
"""
# The id of an entry is its moment in ms and there may be only one of each: where two are given the
# same, the later one moves on. n + max(moment - n) over all before it is the smallest way to do so.
_MOVE_LOG = """
INSERT INTO revlog
SELECT place + max(moment - place) OVER (ORDER BY place), cid, -1, ease, ivl, lastIvl, factor,
       time, type
FROM (SELECT *, row_number() OVER (ORDER BY moment, rowid) AS place FROM given)
"""


def write_package(
    export: Export, notes: Mapping[str, AnkiNote], asked: Sequence[str], stream: IO[bytes]
) -> None:
    """Write the cards in `notes`, by id, that the learner has answered or is in `asked`.

    Cards that were answered and are not asked any more come along, suspended. Reviews that were
    taken back stay behind, as do those of cards that have no note. Two reviews of one millisecond
    get two: Anki can hold no more.
    """
    with TemporaryDirectory(prefix="haven-") as folder:
        collection = Path(folder) / "collection.anki21"
        _Collection(export, notes).write(collection, asked)
        write_zip(
            stream,
            [
                Part("meta", lambda part: part.write(_META)),
                Part(collection.name, lambda part: _copy(collection, part)),
                Part("media", lambda part: part.write(b"{}")),
            ],
            export.made_at,
        )


class _Collection:
    """One collection of Anki's in the making."""

    def __init__(self, export: Export, notes: Mapping[str, AnkiNote]) -> None:
        self._export = export
        self._notes = notes
        self._first_day = export.learner.day_at(export.learner.joined_at) - timedelta(days=1)
        self._decks = {
            name: _FIRST_ID + number
            for number, name in enumerate(dict.fromkeys(note.deck for note in notes.values()), 1)
        }
        self._ids = {card: _FIRST_ID + number for number, card in enumerate(notes)}

    def write(self, path: Path, asked: Sequence[str]) -> None:
        with closing(sqlite.connect(path, isolation_level=None)) as database:
            # Nobody reads it before it is whole.
            database.execute("PRAGMA journal_mode = off")
            database.execute("PRAGMA synchronous = off")
            database.executescript(f"PRAGMA page_size = 4096; BEGIN;{_SCHEMA}")
            database.execute(f"INSERT INTO col VALUES ({_marks(13)})", self._col())
            memories: dict[str, Memory] = {}
            database.executemany(f"INSERT INTO given VALUES ({_marks(8)})", self._log(memories))
            database.execute(_MOVE_LOG)
            among = set(asked)
            cards = [card for card in self._notes if card in among or card in memories]
            database.executemany(f"INSERT INTO notes VALUES ({_marks(11)})", map(self._note, cards))
            database.executemany(
                f"INSERT INTO cards VALUES ({_marks(18)})",
                (self._card(card, memories.get(card), card in among) for card in cards),
            )
            database.execute("DROP TABLE given")
            database.execute("COMMIT")

    def _log(self, memories: dict[str, Memory]) -> Iterator[tuple[object, ...]]:
        """The rows of the log; leaves in `memories` what every card's reviews came to."""
        for card, entries in groupby(self._export.log(), key=lambda entry: entry.review.card):
            if card not in self._notes:
                continue
            memory: Memory | None = None
            for review in _counting(entries):
                before, memory = memory, remember(memory, review, self._export.learner.seed)
                yield _log_row(self._ids[card], review, before, memory)
            if memory is not None:
                memories[card] = memory

    def _note(self, card: str) -> tuple[object, ...]:
        note = self._notes[card]
        kind = NOTE_TYPES[note.kind]
        fields = [note.fields.get(name, "") for name in kind.fields]
        checksum = int(sha1(fields[0].encode(), usedforsecurity=False).hexdigest()[:8], 16)
        return (
            self._ids[card], guid_of(card, self._export.learner.mark), kind.id, self._changed_at, -1,
            f" {' '.join(note.tags)} ", "\x1f".join(fields), fields[0], checksum, 0, "",
        )  # fmt: skip

    def _card(self, card: str, memory: Memory | None, is_asked: bool) -> tuple[object, ...]:
        id_ = self._ids[card]
        start = (id_, id_, self._decks[self._notes[card].deck], 0, self._changed_at, -1)
        if memory is None:
            return (*start, _NEW, _NEW, id_ - _FIRST_ID, 0, 0, 0, 0, 0, 0, 0, 0, "{}")
        interval = max(1, (memory.due_on - memory.last_day).days)
        return (
            *start, _REVIEW, _REVIEW if is_asked else _SUSPENDED, self._number_of(memory.due_on),
            interval, _STARTING_EASE, memory.reviews, memory.lapses, 0, 0, 0, 0, _fsrs(memory),
        )  # fmt: skip

    def _col(self) -> tuple[object, ...]:
        zone = self._export.learner.zone
        created_at = start_of(self._first_day, zone)
        offset = created_at.astimezone(zone).utcoffset() or timedelta()
        changed_ms = self._changed_at * 1000
        conf = {
            "schedVer": 2,
            "sched2021": True,
            "creationOffset": -round(offset.total_seconds() / 60),
            "fsrs": True,
            "nextPos": len(self._notes) + 1,
            "activeDecks": list(self._decks.values())[:1],
            "curDeck": next(iter(self._decks.values()), 1),
            "collapseTime": 1200,
        }
        models = {str(kind.id): _model(kind, self._changed_at) for kind in NOTE_TYPES.values()}
        decks = {
            str(id_): _deck(id_, name, self._changed_at, preset)
            for id_, name, preset in (
                (1, "Default", 1),
                *((id_, name, _PRESET) for name, id_ in self._decks.items()),
            )
        }
        presets = {
            "1": _preset(1, "Default", self._changed_at),
            str(_PRESET): _preset(_PRESET, "Haven", self._changed_at),
        }
        return (
            1, int(created_at.timestamp()), changed_ms, changed_ms, 11, 0, 0, 0,
            *map(json.dumps, (conf, models, decks, presets, {})),
        )  # fmt: skip

    @property
    def _changed_at(self) -> int:
        return int(self._export.made_at.timestamp())

    def _number_of(self, day: date) -> int:
        """Anki counts days from the first of the collection."""
        return (day - self._first_day).days


def _counting(entries: Iterator[LogEntry]) -> Iterator[Review]:
    return (entry.review for entry in entries if entry.voided_at is None)


def _log_row(id_: int, review: Review, before: Memory | None, after: Memory) -> tuple[object, ...]:
    return (
        _milliseconds(review.reviewed_at), id_, int(review.grade), _interval(after),
        _interval(before), _ease_of(after), min(review.duration_ms, _LONGEST_TAKEN_MS),
        _kind_after(before),
    )  # fmt: skip


def _kind_after(before: Memory | None) -> int:
    if before is None:
        return _WAS_FIRST
    return _WAS_RELEARNING if before.is_forgotten else _WAS_REVIEW


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _interval(memory: Memory | None) -> int:
    return 0 if memory is None else (memory.due_on - memory.last_day).days


def _ease_of(memory: Memory) -> int:
    """Under FSRS Anki writes the difficulty, 1 to 10, in the place of the ease: 100 to 1100."""
    return round((memory.difficulty - 1) / 9 * 1000 + 100)


def _fsrs(memory: Memory) -> str:
    return json.dumps(
        {
            "s": memory.stability,
            "d": memory.difficulty,
            "dr": DESIRED_RETENTION,
            "decay": DECAY,
            "lrt": int(memory.last_at.timestamp()),
        }
    )


def _model(kind: NoteType, changed_at: int) -> dict[str, Any]:
    fields = [{"name": name, "ord": number} for number, name in enumerate(kind.fields)]
    template = {"name": "Kaart", "ord": 0, "qfmt": kind.front, "afmt": kind.back}
    return {
        "id": kind.id, "name": kind.name, "type": 0, "mod": changed_at, "usn": -1, "sortf": 0,
        "did": None, "tmpls": [{**template, "did": None, "bqfmt": "", "bafmt": ""}],
        "flds": [
            {**field, "sticky": False, "rtl": False, "font": "Arial", "size": 20}
            for field in fields
        ],
        "css": STYLE, "latexPre": "", "latexPost": "", "req": [[0, "any", [0]]],
    }  # fmt: skip


def _deck(id_: int, name: str, changed_at: int, preset: int) -> dict[str, Any]:
    today = {f"{which}Today": [0, 0] for which in ("new", "rev", "lrn", "time")}
    return {
        "id": id_, "name": name, "mod": changed_at, "usn": -1, "collapsed": False,
        "browserCollapsed": True, "desc": "", "dyn": 0, "conf": preset, "extendNew": 0,
        "extendRev": 0, **today,
    }  # fmt: skip


def _preset(id_: int, name: str, changed_at: int) -> dict[str, Any]:
    return {
        "id": id_, "name": name, "mod": changed_at, "usn": -1, "maxTaken": 60, "autoplay": True,
        "timer": 0, "replayq": True, "dyn": False,
        "new": {"bury": False, "delays": [10.0], "initialFactor": _STARTING_EASE,
                "ints": [1, 4, 0], "order": 1, "perDay": 20},
        "rev": {"bury": False, "ease4": 1.3, "ivlFct": 1.0, "maxIvl": MAXIMUM_INTERVAL,
                "perDay": 200, "hardFactor": 1.2},
        "lapse": {"delays": [10.0], "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0.0},
        "desiredRetention": DESIRED_RETENTION, "fsrsParams6": list(PARAMETERS),
    }  # fmt: skip


def _marks(columns: int) -> str:
    return ", ".join("?" * columns)


def _copy(path: Path, stream: IO[bytes]) -> None:
    with path.open("rb") as file:
        while piece := file.read(1 << 16):
            stream.write(piece)
