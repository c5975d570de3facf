"""Files of learners and of Anki, for the tests that send them back and forth."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from app.anki.notes import AnkiNote, guid_of
from app.anki.package_writer import write_package
from app.archive.log_file import LOG_FILE, write_log
from app.archive.zips import Part, write_zip
from app.learning.course import Course
from app.learning.exports import Export, cards_in_use
from app.learning.people import Learner
from app.secrets.sealing import Keyring
from app.usecases.export_learner import export_learner
from app.usecases.read_journal import read_journal
from app.usecases.read_words import read_all_words
from tests.conftest import Clock


def notes_of(course: Course) -> dict[str, AnkiNote]:
    """Every card as a note with only its question."""
    return {
        card.id: AnkiNote(card.kind, "Haven: Proef", {"Vraag": card.question}, ["haven::proef"])
        for card in course.cards.values()
    }


def package_of(
    course: Course, learner: Learner, clock: Clock, notes: dict[str, AnkiNote] | None = None
) -> bytes:
    """What this learner takes to Anki: all notes, or these."""
    return _written(
        learner,
        clock,
        lambda export, stream: write_package(
            export, notes or notes_of(course), cards_in_use(course, export), stream
        ),
    )


def zip_of(learner: Learner, clock: Clock, keyring: Keyring | None = None) -> bytes:
    """What this learner takes to another install: the part of it that is read back. Without a keyring
    it is what an operator would take."""
    return _written(
        learner,
        clock,
        lambda export, stream: write_zip(
            stream, [Part(LOG_FILE, lambda part: write_log(export, part))], export.made_at
        ),
        keyring,
    )


def _written(
    learner: Learner,
    clock: Clock,
    write: Callable[[Export, BytesIO], object],
    keyring: Keyring | None = None,
) -> bytes:
    stream, journal, words = BytesIO(), None, None
    if keyring:
        journal = read_journal(keyring, learner, is_whole=True).reflections
        words = read_all_words(keyring, learner)
    with export_learner(learner, clock(), journal, words) as export:
        write(export, stream)
    return stream.getvalue()


Row = tuple[object, ...]


def made_package(
    folder: Path,
    entries: Sequence[Row] = (),
    *,
    guids: Sequence[object] = (),
    name: str = "collection.anki21",
    also: Sequence[str] = (),
) -> BytesIO:
    """A package as a program could make it: notes with these guids, cards with their numbers (from
    1), and entries of (id, cid, ease, time, type, factor). `also` is more SQL."""
    path = folder / "made.db"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE notes (id integer primary key, guid)")
        database.execute("CREATE TABLE cards (id integer primary key, nid)")
        database.execute("CREATE TABLE revlog (id, cid, ease, time, type, factor)")
        for number, guid in enumerate(guids, 1):
            database.execute("INSERT INTO notes VALUES (?, ?)", (number, guid))
            database.execute("INSERT INTO cards VALUES (?, ?)", (number, number))
        database.executemany("INSERT INTO revlog VALUES (?, ?, ?, ?, ?, ?)", entries)
        for sql in also:
            database.execute(sql)
    return zipped({name: path.read_bytes()})


def our_guid(learner: Learner, card: str = "band-afstand") -> str:
    return guid_of(card, learner.mark)


def zipped(files: dict[str, bytes]) -> BytesIO:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    stream.seek(0)
    return stream


class Anki:
    """A fresh Anki with FSRS on."""

    def __init__(self, collection: Any, folder: Path) -> None:
        self.collection = collection
        self._folder = folder

    def take(self, package: bytes) -> Any:
        """Import a package with its progress and presets; gives Anki's own report."""
        from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

        path = self._folder / "taken.apkg"
        path.write_bytes(package)
        options = ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True)
        request = ImportAnkiPackageRequest(package_path=str(path), options=options)
        return self.collection.import_anki_package(request).log

    def give(self, kind: str, *, legacy: bool) -> BytesIO:
        """A package of everything, of that kind (apkg, colpkg), new or as older ones read it."""
        from anki.collection import ExportAnkiPackageOptions

        path = self._folder / f"given.{kind}"
        if kind == "apkg":
            options = ExportAnkiPackageOptions(
                with_scheduling=True, with_deck_configs=True, with_media=True, legacy=legacy
            )
            self.collection.export_anki_package(out_path=str(path), options=options, limit=None)
        else:
            self.collection.export_collection_package(str(path), include_media=True, legacy=legacy)
            self.collection.reopen()
        return BytesIO(path.read_bytes())

    def cards(self) -> Iterator[tuple[str, Any]]:
        """Each card of ours, by our id."""
        for id_, guid in self.collection.db.all(
            "SELECT cards.id, guid FROM cards JOIN notes ON notes.id = nid WHERE guid LIKE 'haven:%'"
        ):
            yield guid.split(":")[1], self.collection.get_card(id_)

    def add_review(self, card: Any, moment_ms: int, grade: int) -> None:
        self.collection.db.execute(
            "INSERT INTO revlog VALUES (?, ?, -1, ?, 1, 1, 2500, 3000, 1)", moment_ms, card.id, grade
        )  # fmt: skip


@contextmanager
def fresh_anki(folder: Path) -> Iterator[Anki]:
    from anki.collection import Collection

    collection = Collection(str(folder / "collection.anki2"))
    try:
        collection.set_config("fsrs", True)
        yield Anki(collection, folder)
    finally:
        collection.close()
