"""What a learner wrote is there for that learner, and gone for good when they want it gone."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.learning.course import Course
from app.learning.people import Learner
from app.learning.reflections import JournalWishes, Keeping, Reflection
from app.secrets.sealing import Keyring, Unreadable, new_reflection_keys
from app.storage import database, keys, learners, moments, reflections, tables
from app.storage.backups import (
    BadBackup,
    restore_backup,
    restore_key_backup,
    write_backup,
    write_key_backup,
)
from app.storage.database import KEY_STORE, db, transaction
from app.usecases import read_journal as reading
from app.usecases.change_journal_wishes import change_journal_wishes
from app.usecases.delete_reflection import delete_reflection
from app.usecases.empty_journal import empty_journal
from app.usecases.end_moment import end_moment
from app.usecases.erase_learner import erase_learner
from app.usecases.merge_guest import merge_guest
from app.usecases.missing_keys import MissingKeys, missing_keys
from app.usecases.open_keys import device_keys
from app.usecases.read_journal import read_journal, read_reflection, search_journal
from app.usecases.replay_deletions import replay_deletions
from app.usecases.rotate_reflection_keys import rotate_reflection_keys
from app.usecases.write_reflection import change_reflection, write_reflection
from tests.conftest import Clock

TEXT = "Mijn zus belde, en ik nam op.\n\nDat is nieuw."


class Pen:
    """Writes for a learner, and reads what there is."""

    def __init__(self, keyring: Keyring, clock: Clock) -> None:
        self.keyring, self.clock = keyring, clock

    def write(self, learner: Learner, text: str = TEXT, id_: UUID | None = None) -> UUID:
        name = id_ or uuid4()
        day = self.clock().date()
        write_reflection(self.keyring, learner, name, "dichtbij", day, text, self.clock())
        self.clock.forward(minutes=1)
        return name

    def texts(self, learner: Learner) -> list[str]:
        return [each.text for each in read_journal(self.keyring, learner).reflections]


@pytest.fixture
def pen(keyring: Keyring, clock: Clock) -> Pen:
    return Pen(keyring, clock)


def test_what_is_written_is_read_back_the_last_first(pen: Pen, anna: Learner, clock: Clock) -> None:
    day, moment = clock().date(), clock()
    first = pen.write(anna)
    pen.write(anna, "Een tweede keer.")
    assert pen.texts(anna) == ["Een tweede keer.", TEXT]
    found = read_reflection(pen.keyring, anna, first)
    assert found == Reflection(first, "dichtbij", day, moment, None, TEXT)


def test_nobody_reads_what_somebody_else_wrote(pen: Pen, anna: Learner, bram: Learner) -> None:
    hers = pen.write(anna)
    pen.write(bram, "Iets van Bram.")
    assert pen.texts(bram) == ["Iets van Bram."]
    assert read_reflection(pen.keyring, bram, hers) is None
    assert not change_reflection(pen.keyring, bram, hers, "x", pen.clock())
    assert not delete_reflection(bram, hers, pen.clock())
    # Not even if a row is moved behind our back.
    tables.Reflection.update(learner=bram.id).where(tables.Reflection.id == hers).execute()
    with pytest.raises(Unreadable):
        read_reflection(pen.keyring, bram, hers)
    assert read_journal(pen.keyring, bram).unreadable == 1
    assert pen.texts(bram) == ["Iets van Bram."]


def test_a_form_that_is_sent_twice_is_kept_once(pen: Pen, anna: Learner) -> None:
    name = pen.write(anna)
    pen.write(anna, "Beter gezegd.", name)
    assert pen.texts(anna) == ["Beter gezegd."]


def test_a_text_is_changed_in_its_place(pen: Pen, anna: Learner, clock: Clock) -> None:
    name = pen.write(anna)
    pen.write(anna, "Later.")
    assert change_reflection(pen.keyring, anna, name, "Anders.", clock())
    assert pen.texts(anna) == ["Later.", "Anders."]
    found = read_reflection(pen.keyring, anna, name)
    assert found and found.changed_at == clock() and found.written_at < clock()


def test_a_long_journal_comes_in_pages(
    pen: Pen, anna: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", 3)
    for number in range(7):
        pen.write(anna, f"Tekst {number}.")
    seen, before = list[str](), None
    while True:
        page = read_journal(pen.keyring, anna, before)
        seen += [each.text for each in page.reflections]
        if page.more_before is None:
            break
        before = page.more_before
    assert seen == [f"Tekst {number}." for number in reversed(range(7))]
    whole = read_journal(pen.keyring, anna, is_whole=True)
    assert ([each.text for each in whole.reflections], whole.more_before) == (seen, None)


def test_a_search_finds_words_in_text_and_question(
    pen: Pen, anna: Learner, small_course: Course
) -> None:
    pen.write(anna)
    pen.write(anna, "Een HOND in de tram.")

    def found(words: str) -> list[str]:
        journal = search_journal(pen.keyring, small_course, anna, words)
        return [each.text[:8] for each in journal.reflections]

    assert found("hond") == ["Een HOND"]
    assert found("zus nieuw") == ["Mijn zus"]
    assert found("hond zus") == []
    assert found("even dichtbij") == ["Een HOND", "Mijn zus"]


def test_what_is_deleted_is_gone_also_from_a_backup_that_is_restored(
    pen: Pen, anna: Learner, bram: Learner, db_url: str, tmp_path: Path, clock: Clock
) -> None:
    gone, kept = pen.write(anna), pen.write(anna, "Dit blijft.")
    pen.write(bram, "Van Bram.")
    write_backup(db_url, tmp_path / "old.backup")
    assert delete_reflection(anna, gone, clock())
    assert not delete_reflection(anna, gone, clock())
    tables.Learner.delete().execute()
    restore_backup(db_url, tmp_path / "old.backup")
    assert len(pen.texts(anna)) == 2
    assert replay_deletions() == 1
    assert replay_deletions() == 0
    assert pen.texts(anna) == ["Dit blijft."]
    assert pen.texts(bram) == ["Van Bram."]
    assert read_reflection(pen.keyring, anna, kept) is not None


def test_what_is_written_again_after_it_was_deleted_stays(
    pen: Pen, anna: Learner, clock: Clock
) -> None:
    name = pen.write(anna)
    delete_reflection(anna, name, clock())
    pen.write(anna, "Toch.", name)
    assert replay_deletions() == 0
    assert pen.texts(anna) == ["Toch."]


def test_an_emptied_journal_is_unreadable_in_every_older_backup(
    pen: Pen, anna: Learner, bram: Learner, db_url: str, tmp_path: Path, clock: Clock
) -> None:
    change_journal_wishes(pen.keyring, anna, JournalWishes(Keeping.SERVER), clock())
    for _ in range(4):
        pen.write(anna)
    pen.write(bram, "Van Bram.")
    on_device = device_keys(pen.keyring, anna)
    write_backup(db_url, tmp_path / "old.backup")
    assert empty_journal(pen.keyring, anna, clock()) == 4
    assert pen.texts(anna) == []
    # A new page is begun with another key, also for devices.
    assert not set(on_device) & set(device_keys(pen.keyring, anna))
    after = pen.write(anna, "Een nieuw begin.")

    tables.Learner.delete().execute()
    restore_backup(db_url, tmp_path / "old.backup")
    journal = read_journal(pen.keyring, anna)
    assert (list(journal.reflections), journal.unreadable) == ([], 4)
    assert missing_keys(pen.keyring) == MissingKeys((), 4)
    assert replay_deletions() == 4
    assert missing_keys(pen.keyring) is None
    assert pen.texts(bram) == ["Van Bram."]
    assert read_reflection(pen.keyring, anna, after) is None


def test_who_is_erased_stays_erased(
    pen: Pen, anna: Learner, bram: Learner, db_url: str, tmp_path: Path, clock: Clock
) -> None:
    pen.write(anna)
    pen.write(bram, "Van Bram.")
    write_backup(db_url, tmp_path / "old.backup")
    erase_learner(anna, clock())
    assert learners.learner_of(anna.id) is None
    assert keys.keys_of(anna.id, keys.Purpose.JOURNAL) == []
    tables.Learner.delete().execute()
    restore_backup(db_url, tmp_path / "old.backup")
    assert learners.learner_of(anna.id) is not None
    replay_deletions()
    assert learners.learner_ids() == [bram.id]
    assert pen.texts(bram) == ["Van Bram."]


def test_a_shredded_key_is_in_no_file_of_sqlite(
    pen: Pen, anna: Learner, db_url: str, tmp_path: Path, clock: Clock
) -> None:
    pen.write(anna)
    [key] = keys.keys_of(anna.id, keys.Purpose.JOURNAL)

    def files_with_key() -> list[str]:
        files = [path for path in tmp_path.iterdir() if path.is_file()]
        return [path.name for path in files if key.wrapped in path.read_bytes()]

    assert bool(files_with_key()) is db_url.startswith("sqlite")
    empty_journal(pen.keyring, anna, clock())
    assert files_with_key() == [] and keys.keys_of(anna.id, keys.Purpose.JOURNAL) == []


def test_a_backup_of_the_keys_opens_what_a_backup_of_the_rest_holds(
    pen: Pen, anna: Learner, db_url: str, tmp_path: Path
) -> None:
    pen.write(anna)
    write_backup(db_url, tmp_path / "main.backup")
    write_key_backup(db_url, tmp_path / "keys.backup")
    with pytest.raises(BadBackup, match="there are keys"):
        restore_key_backup(db_url, tmp_path / "keys.backup")
    tables.Learner.delete().execute()
    db.execute_sql(f"DELETE FROM {KEY_STORE}.data_key")
    restore_backup(db_url, tmp_path / "main.backup")
    assert missing_keys(pen.keyring) == MissingKeys((), 1)
    restore_key_backup(db_url, tmp_path / "keys.backup")
    assert missing_keys(pen.keyring) is None
    assert pen.texts(anna) == [TEXT]
    assert not database.pending_migrations()


def test_a_backup_holds_no_key(pen: Pen, anna: Learner, db_url: str, tmp_path: Path) -> None:
    pen.write(anna)
    write_backup(db_url, tmp_path / "main.backup")
    [key] = keys.keys_of(anna.id, keys.Purpose.JOURNAL)
    held = (tmp_path / "main.backup").read_bytes()
    assert key.wrapped not in held and key.wrapped.hex().encode() not in held
    assert b"data_key" not in held


def test_keys_are_rotated_while_people_write_and_no_text_is_touched(
    pen: Pen, anna: Learner, bram: Learner, keyring: Keyring, clock: Clock
) -> None:
    pen.write(anna)
    pen.write(bram, "Van Bram.")
    before = [reflections.reflections_of(each.id, clock(), 9) for each in (anna, bram)]
    fresh = Keyring.of_text(new_reflection_keys("fresh"))
    both = Keyring({**fresh.keys, **keyring.keys})
    assert rotate_reflection_keys(both) == 2
    assert rotate_reflection_keys(both) == 0
    assert keys.wrapping_names() == ["fresh"]
    assert [reflections.reflections_of(each.id, clock(), 9) for each in (anna, bram)] == before
    assert missing_keys(fresh) is None
    assert Pen(fresh, clock).texts(anna) == [TEXT]
    assert missing_keys(keyring) == MissingKeys(("fresh",), 0)
    with pytest.raises(Unreadable, match="fresh"):
        read_journal(keyring, anna)
    with pytest.raises(Unreadable):
        rotate_reflection_keys(keyring)


def test_what_a_guest_wrote_joins_the_account(
    pen: Pen, anna: Learner, bram: Learner, clock: Clock
) -> None:
    with transaction():
        assert learners.give_account(bram.id, "bram@voorbeeld.nl", "a hash")
    change_journal_wishes(pen.keyring, anna, JournalWishes(Keeping.DEVICE), clock())
    as_guest = device_keys(pen.keyring, anna)
    pen.write(anna, "Als gast.")
    pen.write(bram, "Op mijn laptop.")
    end_moment(anna, clock().date(), "dichtbij", None, clock())
    merge_guest(anna, bram)
    assert pen.texts(bram) == ["Op mijn laptop.", "Als gast."]
    pen.write(bram, "Nu samen.")
    assert pen.texts(bram)[0] == "Nu samen."
    # What the guest kept on the device opens too, and the choice is the guest's as there was none.
    assert set(as_guest) <= set(device_keys(pen.keyring, bram))
    assert moments.wishes_of(bram.id).keeping is Keeping.DEVICE
    assert moments.moment_of(bram.id, clock().date()) is not None
    empty_journal(pen.keyring, bram, clock())
    assert pen.texts(bram) == []
    # Not even the copy of the key that the guest had is left; the one there is, is new.
    [left] = keys.keys_after(None)
    assert left.id not in {UUID(name) for name, _ in as_guest}


def test_somebody_elses_key_does_not_come_with_their_seed(
    pen: Pen, anna: Learner, bram: Learner, clock: Clock
) -> None:
    # A file of an export holds the seed, and whoever brings it in gets it.
    pen.write(anna)
    learners.set_seed(bram.id, anna.seed)
    thief = learners.learner_of(bram.id)
    assert thief and thief.seed == anna.seed
    assert device_keys(pen.keyring, thief) == []
    empty_journal(pen.keyring, thief, clock())
    assert pen.texts(anna) == [TEXT]
    # And whoever brings in another seed keeps what they wrote.
    learners.set_seed(anna.id, 7)
    changed = learners.learner_of(anna.id)
    assert changed and pen.texts(changed) == [TEXT]


def test_a_search_looks_at_everything(pen: Pen, anna: Learner, small_course: Course) -> None:
    for number in range(120):
        pen.write(anna, f"Tekst {number} " + "woord " * 100)
    found = search_journal(pen.keyring, small_course, anna, "tekst 0")
    assert [each.text[:7] for each in found.reflections][-1] == "Tekst 0"
