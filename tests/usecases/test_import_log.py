"""A log comes in from a file: merged by id, once, all or nothing, whatever the file is."""

import json
import struct
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from uuid import uuid4
from zipfile import ZIP_LZMA, ZipFile

import pytest

from app.archive.log_file import LOG_FILE
from app.learning.attempts import TooManyAttempts
from app.learning.course import Course
from app.learning.imports import BadFile, FileFlaw, LeftOut
from app.learning.own_cards import CardChange, ChangeKind, OwnCard, Words
from app.learning.people import Learner, Track
from app.learning.reflections import JournalWishes, Keeping, Reflection
from app.learning.reports import Report
from app.learning.reviews import Grade, Review, WhyMissed
from app.secrets.sealing import Keyring, new_reflection_keys
from app.storage import keys, learners, lessons, moments, own_cards, reflections, reports, reviews
from app.storage.keys import Purpose
from app.usecases.change_card import change_card
from app.usecases.change_preferences import change_preferences
from app.usecases.check_data import check_data
from app.usecases.delete_reflection import delete_reflection
from app.usecases.empty_journal import empty_journal
from app.usecases.import_log import Imported, import_log
from app.usecases.list_reports import list_reports
from app.usecases.read_journal import read_journal
from app.usecases.read_words import read_all_words, read_words
from app.usecases.record_reviews import record_reviews
from app.usecases.report_card import report_card
from app.usecases.undo_change import redo_change, undo_change
from app.usecases.undo_review import undo_review
from app.usecases.write_reflection import change_reflection, write_reflection
from app.usecases.write_words import write_words
from tests.conftest import KEYRING, Clock
from tests.logs import random_log
from tests.packages import made_package, our_guid, package_of, zip_of, zipped

Make = Callable[..., Review]
Bring = Callable[..., Imported]


@pytest.fixture
def bring(small_course: Course, clock: Clock) -> Bring:
    """Reads a file in for somebody."""

    def bringing(learner: Learner, file: bytes | BytesIO, **given: bool) -> Imported:
        stream = BytesIO(file) if isinstance(file, bytes) else file
        return import_log(KEYRING, small_course, learner, stream, clock(), **given)

    return bringing


@pytest.fixture
def studious(anna: Learner, small_course: Course, clock: Clock) -> Learner:
    """Anna after a month: four buttons, the whole course, some answers taken back."""
    clock.forward(days=30)
    change_preferences(
        anna, track=Track.VERDIEPING, buttons=4, zone_name="America/Paramaribo", now=clock()
    )
    found = learners.learner_of(anna.id)
    assert found is not None
    lessons.open_lessons(anna.id, ["hoofdstuk1/eerste-les"], clock())
    random = Random(8)
    log = random_log(random, found, clock(), list(small_course.cards), 50)
    record_reviews(small_course, found, log, clock())
    for review in random.sample(log, 5):
        undo_review(found, review.id, clock())
    return found


def refused(bring: Bring, learner: Learner, file: bytes | BytesIO, **given: bool) -> FileFlaw:
    """Why the file is refused; nothing may have changed."""
    before = list(reviews.log_of(learner.id)), reviews.memories_of(learner.id)
    with pytest.raises(BadFile) as error:
        bring(learner, file, **given)
    assert (list(reviews.log_of(learner.id)), reviews.memories_of(learner.id)) == before
    assert list(check_data()) == []
    return error.value.flaw


# There and back


def test_a_fresh_install_has_every_card_on_the_same_day(
    studious: Learner, bram: Learner, clock: Clock, bring: Bring
) -> None:
    imported = bring(bram, zip_of(studious, clock))
    assert (imported.added, imported.voided, imported.known) == (50, 5, 0)
    assert reviews.memories_of(bram.id) == reviews.memories_of(studious.id)
    assert list(reviews.log_of(bram.id)) == list(reviews.log_of(studious.id))
    assert lessons.openings_of(bram.id) == lessons.openings_of(studious.id)
    found = learners.learner_of(bram.id)
    assert found is not None
    assert (found.seed, found.track, found.buttons) == (studious.seed, Track.VERDIEPING, 4)
    assert (found.zone_name, found.email) == ("America/Paramaribo", None)
    assert list(check_data()) == []


def test_what_is_brought_twice_is_there_once(
    studious: Learner, bram: Learner, clock: Clock, bring: Bring
) -> None:
    file = zip_of(studious, clock)
    bring(bram, file)
    before = list(reviews.log_of(bram.id)), reviews.memories_of(bram.id)
    again = bring(bram, file)
    assert (again.added, again.known, again.voided) == (0, 50, 0)
    assert bring(studious, file).added == 0
    assert (list(reviews.log_of(bram.id)), reviews.memories_of(bram.id)) == before


def test_what_was_done_meanwhile_stays_and_what_either_took_back_does_not_count(
    studious: Learner, clock: Clock, bring: Bring, small_course: Course, review: Make
) -> None:
    file = zip_of(studious, clock)
    clock.forward(days=1)
    undone_here = reviews.all_reviews(studious.id)[0]
    undo_review(studious, undone_here.id, clock())
    record_reviews(small_course, studious, [review()], clock())
    imported = bring(studious, file)
    assert (imported.added, imported.known) == (0, 50)
    kept = reviews.all_reviews(studious.id)
    assert len(kept) == 50 - 6 + 1
    assert undone_here.id not in {each.id for each in kept}


def test_only_looking_changes_nothing_and_says_the_same(
    studious: Learner, bram: Learner, clock: Clock, bring: Bring
) -> None:
    file = zip_of(studious, clock)
    seen = bring(bram, file, only_look=True)
    assert (seen.added, seen.is_kept) == (50, False)
    assert list(reviews.log_of(bram.id)) == []
    assert learners.learner_of(bram.id) == bram
    assert lessons.openings_of(bram.id) == {}


def test_whoever_has_a_log_is_asked_before_that_of_another_account_joins_it(
    studious: Learner, bram: Learner, clock: Clock, bring: Bring, small_course: Course, review: Make
) -> None:
    record_reviews(small_course, bram, [review()], clock())
    file = zip_of(studious, clock)
    assert refused(bring, bram, file) is FileFlaw.SOMEBODY_ELSES
    assert refused(bring, bram, file, only_look=True) is FileFlaw.SOMEBODY_ELSES
    imported = bring(bram, file, is_mine=True)
    assert imported.added == 50
    found = learners.learner_of(bram.id)
    # The choices of an account that is in use stay, and so do the days its cards were spread to.
    assert found is not None and (found.seed, found.buttons) == (bram.seed, 2)
    assert list(check_data()) == []


def test_whoever_shares_a_review_with_a_file_is_not_asked_whose_it_is(
    anna: Learner, bram: Learner, clock: Clock, bring: Bring, tmp_path: Path
) -> None:
    """As after a restore from a package alone, and for a guest's deck after signing in."""
    now_ms = int(clock().timestamp() * 1000)
    entries = [(now_ms - 9000, 1, 3, 5000, 0, 0)]
    bring(bram, made_package(tmp_path, entries, guids=[our_guid(anna)]))
    entries.append((now_ms - 5000, 1, 3, 5000, 0, 0))
    imported = bring(bram, made_package(tmp_path, entries, guids=[our_guid(anna)]))
    assert (imported.added, imported.known) == (1, 1)


def test_a_package_with_two_strangers_in_it_asks_whose_it_is_even_of_a_newcomer(
    anna: Learner, bram: Learner, clock: Clock, bring: Bring, tmp_path: Path
) -> None:
    now_ms = int(clock().timestamp() * 1000)
    package = made_package(
        tmp_path,
        [(now_ms - 1, 1, 3, 5000, 0, 0), (now_ms - 2, 2, 3, 5000, 0, 0)],
        guids=["haven:band-afstand:0123456789ab", "haven:band-afstand:ba9876543210"],
    )
    assert refused(bring, anna, package) is FileFlaw.SOMEBODY_ELSES


def test_of_a_package_with_two_learners_only_the_own_reviews_are_taken(
    anna: Learner, bram: Learner, clock: Clock, bring: Bring, tmp_path: Path
) -> None:
    now_ms = int(clock().timestamp() * 1000)
    package = made_package(
        tmp_path,
        [(now_ms - 1, 1, 3, 5000, 0, 0), (now_ms - 2, 2, 3, 5000, 0, 0)],
        guids=[our_guid(anna), our_guid(bram)],
    )
    imported = bring(anna, package)
    assert imported.added == 1
    assert imported.left_out == {LeftOut.SOMEBODY_ELSES: 1}


def test_reading_in_is_bounded_for_everybody_together(
    anna: Learner, bring: Bring, clock: Clock
) -> None:
    for _ in range(30):
        with pytest.raises(BadFile):
            bring(anna, b"nothing")
    with pytest.raises(TooManyAttempts):
        bring(anna, b"nothing")


# What was made of cards


WORDS = Words("mijn *vraag*\n\nen meer", "mijn “antwoord”", "oma 🌊", "de vraag", "het antwoord")
Told = tuple[list[CardChange], list[Words], dict[str, OwnCard], dict[str, Words], list[Report]]


NOTHING: Told = ([], [], {}, {}, [])


@pytest.fixture
def writer(anna: Learner, small_course: Course, clock: Clock, review: Make) -> Learner:
    """Anna said a card in her own words, put others away, took that back and did it again."""
    write_words(KEYRING, anna, "band-lena", WORDS, clock())
    aside = change_card(anna, "band-lena", ChangeKind.ASIDE, clock())
    bury = change_card(anna, "band-afstand", ChangeKind.BURY, clock())
    undone = change_card(anna, "band-engels", ChangeKind.ASIDE, clock())
    assert aside and bury and undone
    undo_change(anna, undone.id, clock())
    undo_change(anna, aside.id, clock())
    redo_change(anna, aside.id, clock())
    undo_change(anna, bury.id, clock())
    clock.forward(days=3)
    redo_change(anna, bury.id, clock())
    report_card(anna, small_course.cards["band-lena"], "een tikfout", clock())
    missed = review(grade=Grade.AGAIN, why_missed=WhyMissed.BAD_QUESTION)
    taken_back = review("band-engels", Grade.AGAIN, why_missed=WhyMissed.BAD_QUESTION)
    record_reviews(small_course, anna, [missed, taken_back], clock())
    undo_review(anna, taken_back.id, clock())
    return anna


def made_by(learner: Learner, keyring: Keyring = KEYRING) -> Told:
    """Every change and what was ever written, what holds after them and the words that hold, as the
    learner reads them, and what authors read of this learner's reports."""
    changes = sorted(own_cards.all_changes(learner.id), key=lambda change: change.id.int)
    opened = read_all_words(keyring, learner)
    own = own_cards.own_cards_of(learner.id)
    told = [
        report
        for card in ("band-lena", "band-afstand", "band-engels")
        for report in reports.reports_of_card(learner.id, card)
    ]
    return (
        [replace(change, words=None) for change in changes],
        [opened[change.card, change.words] for change in changes if change.words],
        {card: replace(made, words=None) for card, made in own.items()},
        read_words(keyring, learner, own.values()),
        told,
    )


def test_what_was_made_of_cards_is_the_same_in_a_fresh_install(
    writer: Learner, bram: Learner, clock: Clock, bring: Bring
) -> None:
    file = zip_of(writer, clock, KEYRING)
    seen = bring(bram, file, only_look=True)
    assert made_by(bram) == NOTHING
    imported = bring(bram, file)
    for said in (seen, imported):
        assert (said.changes, said.changed_cards, said.reports) == (9, 3, 3)
        assert said.left_out == {}
    assert made_by(bram) == made_by(writer)
    assert len(made_by(bram)[-1]) == 2, "one was taken back with its answer"
    assert made_by(bram)[3] == {"band-lena": WORDS}
    assert list(check_data()) == []


def test_own_words_are_sealed_again_with_the_keys_of_the_fresh_install(
    writer: Learner, bram: Learner, small_course: Course, clock: Clock
) -> None:
    file, theirs = zip_of(writer, clock, KEYRING), Keyring.of_text(new_reflection_keys("other"))
    for added in (9, 0):
        imported = import_log(theirs, small_course, bram, BytesIO(file), clock())
        assert imported.changes == added
        assert made_by(bram, theirs) == made_by(writer)
    assert reviews.memories_of(bram.id) == reviews.memories_of(writer.id)
    hers = {change.words for change in own_cards.all_changes(writer.id)}
    his = {change.words for change in own_cards.all_changes(bram.id)}
    assert hers & his == {None}
    assert "mijn" not in repr(his) and WORDS.note not in repr(his)


def test_a_look_or_a_file_without_own_words_makes_no_key(
    writer: Learner, studious: Learner, bram: Learner, clock: Clock, bring: Bring
) -> None:
    bring(bram, zip_of(writer, clock, KEYRING), only_look=True)
    bring(bram, zip_of(writer, clock))
    assert keys.keys_of(bram.id, Purpose.CARDS) == []


def test_what_an_operator_took_along_has_no_words_and_they_can_still_come_later(
    writer: Learner, bram: Learner, clock: Clock, bring: Bring
) -> None:
    theirs = zip_of(writer, clock)
    with ZipFile(BytesIO(theirs)) as archive:
        log = archive.read(LOG_FILE).decode()
    assert "mijn" not in log and "oma" not in log
    assert bring(bram, theirs).changes == 8
    assert made_by(bram)[2] == made_by(writer)[2] and made_by(bram)[3] == {}
    assert bring(bram, zip_of(writer, clock, KEYRING)).changes == 1
    assert made_by(bram) == made_by(writer)


def test_what_was_made_of_cards_and_is_brought_twice_is_there_once(
    writer: Learner, bram: Learner, clock: Clock, bring: Bring, small_course: Course
) -> None:
    file = zip_of(writer, clock, KEYRING)
    bring(bram, file)
    before = made_by(bram)
    for learner in (bram, writer):
        again = bring(learner, file)
        assert (again.added, again.changes, again.changed_cards, again.reports) == (0, 0, 0, 0)
    assert made_by(bram) == before == made_by(writer)
    # To authors it is what it was, whoever brought it along.
    assert [len(about.reports) for about in list_reports(small_course)] == [1, 1]


def test_what_was_done_with_a_card_meanwhile_comes_after_what_the_file_says(
    writer: Learner, clock: Clock, bring: Bring
) -> None:
    file = zip_of(writer, clock, KEYRING)
    clock.forward(days=1)
    change_card(writer, "band-lena", ChangeKind.BACK, clock())
    last = write_words(KEYRING, writer, "band-lena", Words(note="later"), clock())
    assert last
    before = made_by(writer)
    assert bring(writer, file).changes == 0
    assert made_by(writer) == before
    assert before[2]["band-lena"] == OwnCard("band-lena")
    assert before[3] == {"band-lena": Words(note="later")}


def test_a_zip_from_before_own_words_is_read_as_ever(
    writer: Learner, bram: Learner, clock: Clock, bring: Bring
) -> None:
    older = [
        line for line in map(json.loads, lines_of(zip_of(writer, clock, KEYRING))) if is_older(line)
    ]
    imported = bring(bram, log_with(older))
    assert (imported.added, imported.changes, imported.reports) == (2, 0, 0)
    assert made_by(bram) == NOTHING


def is_older(line: dict[str, object]) -> bool:
    return not {"change", "report", "reflection"} & line.keys()


def test_whoever_only_wrote_is_asked_too_before_the_words_of_another_join_theirs(
    writer: Learner, bram: Learner, clock: Clock, bring: Bring
) -> None:
    lines = [json.loads(line) for line in lines_of(zip_of(writer, clock, KEYRING))]
    file = log_with([line for line in lines if "grade" not in line])
    file_of_bytes = file.getvalue()
    write_words(KEYRING, bram, "band-lena", Words(note="van Bram"), clock())
    before = made_by(bram)
    assert refused(bring, bram, file_of_bytes) is FileFlaw.SOMEBODY_ELSES
    assert made_by(bram) == before
    assert bring(bram, file_of_bytes, is_mine=True).changes == 9
    # From then on they share changes.
    assert bring(bram, file_of_bytes).changes == 0
    assert list(check_data()) == []


def test_a_change_or_report_that_cannot_be_right_is_left_out_with_its_reason(
    writer: Learner, bram: Learner, clock: Clock, bring: Bring
) -> None:
    lines = [json.loads(line) for line in lines_of(zip_of(writer, clock, KEYRING))]
    head = lines[0]
    change = next(line for line in lines if line.get("change") == "words")
    report = next(line for line in lines if line.get("report"))
    long = "<script>alert(1)</script>" * 400
    tomorrow = (clock() + timedelta(days=1)).isoformat()
    wrong: list[object] = [
        change | {"card": "nooit-bestaan"},
        change | {"card": "band-\ud800"},
        change | {"changed_at": tomorrow},
        change | {"changed_at": "1999-01-01T00:00:00+00:00"},
        *(change | {"words": change["words"] | {name: long}} for name in change["words"]),
        report | {"card": "nooit-bestaan"},
        report | {"reported_at": tomorrow},
        report | {"report": long},
    ]
    imported = bring(bram, log_with([head, *wrong]))
    assert (imported.changes, imported.reports) == (0, 0)
    assert imported.left_out == {
        LeftOut.UNKNOWN_CARD: 3,
        LeftOut.IN_FUTURE: 2,
        LeftOut.TOO_OLD: 1,
        LeftOut.TOO_LONG: 6,
    }
    assert made_by(bram) == NOTHING


@pytest.mark.parametrize(
    "change",
    [
        {"id": 5}, {"id": None}, {"card": 5}, {"change": "burn"}, {"change": []},
        {"changed_at": "gisteren"}, {"changed_at": "2026-03-01T10:00:00"}, {"until": "2026-03-03"},
        {"until": 5}, {"undoes": "x"}, {"undoes": f"{5:032x}"}, {"words": "veel"}, {"words": [1]},
        {"words": {}}, {"change": "aside"}, {"change": "undo"}, {"change": "bury"},
        {"change": "bury", "words": None, "until": "9999-12-30"},
        {"words": dict.fromkeys(("front", "back", "note", "author_front", "author_back"), 5)},
    ],
)  # fmt: skip
def test_a_change_that_makes_no_sense_is_left_out_alone(
    change: dict[str, object], writer: Learner, bram: Learner, clock: Clock, bring: Bring
) -> None:
    lines = [json.loads(line) for line in lines_of(zip_of(writer, clock, KEYRING))]
    good = next(line for line in lines if line.get("change") == "words")
    imported = bring(bram, log_with([lines[0], good, good | change]))
    assert (imported.changes, imported.left_out) == (1, {LeftOut.UNREADABLE: 1})


@pytest.mark.parametrize(
    "change",
    [{"id": []}, {"report": 5}, {"version": None}, {"version": "12\n45"}, {"reported_at": None}],
)
def test_a_report_that_makes_no_sense_is_left_out_alone(
    change: dict[str, object], writer: Learner, bram: Learner, clock: Clock, bring: Bring
) -> None:
    lines = [json.loads(line) for line in lines_of(zip_of(writer, clock, KEYRING))]
    good = next(line for line in lines if "report" in line)
    imported = bring(bram, log_with([lines[0], good, good | change]))
    assert (imported.reports, imported.left_out) == (1, {LeftOut.UNREADABLE: 1})


def test_what_only_a_terminal_would_obey_is_no_part_of_a_text(
    writer: Learner, bram: Learner, clock: Clock, bring: Bring
) -> None:
    lines = [json.loads(line) for line in lines_of(zip_of(writer, clock, KEYRING))]
    change = next(line for line in lines if line.get("change") == "words")
    report = next(line for line in lines if line.get("report"))
    change["words"]["note"] = report["report"] = "a\u0000b\u001b[2J\ud800\u202e\r\nc"
    bring(bram, log_with([lines[0], change, report]))
    *_, own, told = made_by(bram)
    assert own["band-lena"].note == told[0].message == "ab[2J\nc"


def test_the_longest_texts_there_can_be_fit_on_a_line(
    anna: Learner, bram: Learner, clock: Clock, bring: Bring
) -> None:
    write_words(KEYRING, anna, "band-lena", Words(*["🌊" * 4000] * 5), clock())
    assert bring(bram, zip_of(anna, clock, KEYRING)).changes == 1
    assert made_by(bram) == made_by(anna)


# What was written in the journal


@pytest.fixture
def diarist(anna: Learner, clock: Clock) -> Learner:
    """Anna wrote twice, and changed the first text."""
    first = uuid4()
    write_reflection(KEYRING, anna, first, "dichtbij", clock().date(), "Mijn zus.", clock())
    clock.forward(days=1)
    write_reflection(KEYRING, anna, uuid4(), "weg", clock().date(), "“Later”\n\nen 🌊", clock())
    clock.forward(days=1)
    change_reflection(KEYRING, anna, first, "Mijn zus belde.", clock())
    return anna


def journal_of(learner: Learner, keyring: Keyring = KEYRING) -> list[Reflection]:
    journal = read_journal(keyring, learner, is_whole=True)
    assert journal.unreadable == 0
    return list(journal.reflections)


def test_what_was_written_comes_back_once_and_sealed_with_the_keys_of_the_fresh_install(
    diarist: Learner, bram: Learner, small_course: Course, clock: Clock, bring: Bring
) -> None:
    file, theirs = zip_of(diarist, clock, KEYRING), Keyring.of_text(new_reflection_keys("other"))
    assert bring(bram, file, only_look=True).reflections == 2
    assert journal_of(bram) == [] and keys.keys_of(bram.id, Purpose.JOURNAL) == []
    for added in (2, 0):
        imported = import_log(theirs, small_course, bram, BytesIO(file), clock())
        assert (imported.reflections, imported.left_out) == (added, {})
        assert journal_of(bram, theirs) == journal_of(diarist)
    rows = [reflections.reflection_of(bram.id, each.id) for each in journal_of(diarist)]
    assert all(row and b"zus" not in row.text and b"Later" not in row.text for row in rows)
    assert bring(diarist, file).reflections == 0
    assert list(check_data()) == []


def test_a_text_that_was_changed_meanwhile_stays_as_it_is_here(
    diarist: Learner, clock: Clock, bring: Bring
) -> None:
    file = zip_of(diarist, clock, KEYRING)
    last = journal_of(diarist)[0]
    change_reflection(KEYRING, diarist, last.id, "Beter gezegd.", clock())
    assert bring(diarist, file).reflections == 0
    assert journal_of(diarist)[0].text == "Beter gezegd."


def test_a_text_that_was_deleted_for_good_goes_not_along_and_comes_not_back(
    diarist: Learner, bram: Learner, clock: Clock, bring: Bring
) -> None:
    older = zip_of(diarist, clock, KEYRING)
    gone, kept = journal_of(diarist)
    delete_reflection(diarist, gone.id, clock())
    assert bring(bram, zip_of(diarist, clock, KEYRING)).reflections == 1
    # Nor in the account that somebody made besides, where the ledger would delete it once more.
    for learner in (diarist, bram):
        imported = bring(learner, older)
        assert (imported.reflections, imported.left_out) == (0, {LeftOut.DELETED: 1})
        assert journal_of(learner) == [kept]
    empty_journal(KEYRING, diarist, clock())
    assert bring(diarist, older, is_mine=True).left_out == {LeftOut.DELETED: 2}
    assert journal_of(diarist) == []


@pytest.mark.parametrize("keeping", [Keeping.DEVICE, Keeping.NOWHERE])
def test_nothing_is_put_on_the_server_of_who_keeps_it_elsewhere(
    keeping: Keeping, diarist: Learner, bram: Learner, clock: Clock, bring: Bring
) -> None:
    moments.save_wishes(bram.id, JournalWishes(keeping))
    imported = bring(bram, zip_of(diarist, clock, KEYRING))
    assert (imported.reflections, imported.left_out) == (0, {LeftOut.KEPT_ELSEWHERE: 2})
    assert journal_of(bram) == []


def test_what_an_operator_took_along_has_no_journal(
    diarist: Learner, bram: Learner, clock: Clock, bring: Bring
) -> None:
    theirs = zip_of(diarist, clock)
    assert not any("reflection" in json.loads(line) for line in lines_of(theirs))
    assert bring(bram, theirs).reflections == 0


def test_whoever_only_wrote_in_their_journal_is_asked_too(
    diarist: Learner, bram: Learner, clock: Clock, bring: Bring
) -> None:
    write_reflection(KEYRING, bram, uuid4(), "dichtbij", clock().date(), "Van Bram.", clock())
    file = zip_of(diarist, clock, KEYRING)
    assert refused(bring, bram, file) is FileFlaw.SOMEBODY_ELSES
    assert len(journal_of(bram)) == 1
    assert bring(bram, file, is_mine=True).reflections == 2
    # From then on they share texts.
    assert bring(bram, file).reflections == 0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": 5}, LeftOut.UNREADABLE),
        ({"prompt": 5}, LeftOut.UNREADABLE),
        ({"prompt": "a" * 101}, LeftOut.UNREADABLE),
        ({"prompt": "../x"}, LeftOut.UNREADABLE),
        ({"reflection": 5}, LeftOut.UNREADABLE),
        ({"reflection": " \u0000\r\n"}, LeftOut.UNREADABLE),
        ({"day": "2026-01-01"}, LeftOut.UNREADABLE),
        ({"day": None}, LeftOut.UNREADABLE),
        ({"written_at": "2026-03-01T10:00:00"}, LeftOut.UNREADABLE),
        ({"changed_at": "gisteren"}, LeftOut.UNREADABLE),
        ({"reflection": "x" * 20_001}, LeftOut.TOO_LONG),
        ({"written_at": "1999-01-01T00:00:00+00:00", "day": "1999-01-01"}, LeftOut.TOO_OLD),
        ({"written_at": "2099-01-01T00:00:00+00:00", "day": "2099-01-01"}, LeftOut.IN_FUTURE),
    ],
)
def test_a_text_that_makes_no_sense_is_left_out_alone_with_its_reason(
    change: dict[str, object],
    reason: LeftOut,
    diarist: Learner,
    bram: Learner,
    clock: Clock,
    bring: Bring,
) -> None:
    lines = [json.loads(line) for line in lines_of(zip_of(diarist, clock, KEYRING))]
    good, other = (line for line in lines if "reflection" in line)
    imported = bring(bram, log_with([lines[0], good, other | change]))
    assert (imported.reflections, imported.left_out) == (1, {reason: 1})


def test_the_longest_text_there_can_be_fits_on_a_line(
    anna: Learner, bram: Learner, clock: Clock, bring: Bring
) -> None:
    write_reflection(KEYRING, anna, uuid4(), "weg", clock().date(), "🌊" * 20_000, clock())
    assert bring(bram, zip_of(anna, clock, KEYRING)).reflections == 1
    assert journal_of(bram) == journal_of(anna)


# Reviews that stay out


def test_each_review_that_cannot_be_right_is_left_out_with_its_reason(
    anna: Learner, clock: Clock, bring: Bring, tmp_path: Path
) -> None:
    now_ms = int(clock().timestamp() * 1000)
    hour = 3_600_000
    entries = [
        (now_ms - hour, 1, 3, 5000, 1, 0),
        (now_ms + hour, 1, 3, 5000, 1, 0),
        (200_000_000_000, 1, 3, 5000, 1, 0),
        (5, 1, 3, 5000, 1, 0),
        (2**62, 1, 3, 5000, 1, 0),
        ("gisteren", 1, 3, 5000, 1, 0),
        (now_ms - 3, 1, 5, 5000, 1, 0),
        (now_ms - 4, 1, "3", 5000, 1, 0),
        (now_ms - 5, 1, 3, None, 1, 0),
        (now_ms - 6, 2, 3, 5000, 1, 0),
        (now_ms - 7, 3, 3, 5000, 1, 0),
        (now_ms - 2 * hour, 1, 2, -5, 1, 0),
        (now_ms - 3 * hour, 1, 1, 2**60, 1, 0),
    ]
    guids = [our_guid(anna), our_guid(anna, "nooit-bestaan"), "zelfgemaakt"]
    imported = bring(anna, made_package(tmp_path, entries, guids=guids))
    assert imported.added == 3
    assert imported.left_out == {
        LeftOut.IN_FUTURE: 1,
        LeftOut.TOO_OLD: 1,
        LeftOut.UNREADABLE: 6,
        LeftOut.UNKNOWN_CARD: 1,
    }
    assert imported.foreign_cards == 1
    assert {each.duration_ms for each in reviews.all_reviews(anna.id)} == {0, 5000, 86_400_000}
    assert list(check_data()) == []


@pytest.mark.parametrize(
    "change",
    [
        {"id": 5}, {"id": "x"}, {"id": None}, {"card": 5}, {"card": ["a"]}, {"grade": "best"},
        {"grade": {}}, {"reviewed_at": "gisteren"}, {"reviewed_at": 5},
        {"reviewed_at": "2026-03-01T10:00:00"}, {"reviewed_at": "0001-01-01T00:00:00+14:00"},
        {"day": "2026-03-09"}, {"day": 5}, {"duration_ms": -1}, {"duration_ms": True},
        {"duration_ms": 1.5}, {"duration_ms": 10**12}, {"why_missed": "moe"}, {"why_missed": []},
        {"voided_at": 5}, {"voided_at": "2026"},
    ],
)  # fmt: skip
def test_an_event_that_makes_no_sense_is_left_out_alone(
    change: dict[str, object], anna: Learner, bram: Learner, clock: Clock, bring: Bring,
    small_course: Course, review: Make,
) -> None:  # fmt: skip
    record_reviews(small_course, anna, [review(), review(grade=Grade.AGAIN)], clock())
    head, first, second = (json.loads(line) for line in lines_of(zip_of(anna, clock)))
    imported = bring(bram, log_with([head, first, second | change]))
    assert (imported.added, imported.left_out) == (1, {LeftOut.UNREADABLE: 1})


def lines_of(file: bytes) -> list[bytes]:
    with ZipFile(BytesIO(file)) as archive:
        return archive.read(LOG_FILE).splitlines()


def log_with(lines: list[object]) -> BytesIO:
    return zipped({LOG_FILE: b"\n".join(json.dumps(line).encode() for line in lines)})


# Files that cannot be read in


RHYTHM: dict[str, object] = {
    "retention": 90, "exam_retention": 95, "easy_days": [], "new_a_day": 8, "paused_until": None,
    "exam_on": "2020-01-01",
}  # fmt: skip


def test_an_exam_that_is_over_moves_no_card(
    studious: Learner, bram: Learner, clock: Clock, bring: Bring
) -> None:
    head, *log = [json.loads(line) for line in lines_of(zip_of(studious, clock))]
    head["learner"]["rhythm"] = RHYTHM
    assert bring(bram, log_with([head, *log])).with_choices
    found = learners.learner_of(bram.id)
    assert found is not None and found.rhythm.exam_on == date(2020, 1, 1)
    assert reviews.memories_of(bram.id) == reviews.memories_of(studious.id)


def head_with(**given: object) -> dict[str, object]:
    good = {"zone": "Europe/Amsterdam", "track": "kern", "buttons": 2, "seed": "5"}
    return {"haven": 1, "learner": good | given}


@pytest.mark.parametrize(
    ("head", "flaw"),
    [
        ({"haven": 2}, FileFlaw.TOO_NEW), ({}, FileFlaw.BROKEN), ([], FileFlaw.BROKEN),
        ({"haven": []}, FileFlaw.BROKEN), ({"haven": "x" * 5000}, FileFlaw.BROKEN),
        ({"haven": 1, "learner": 5}, FileFlaw.BROKEN),
        (head_with(zone="../../etc/passwd"), FileFlaw.BROKEN),
        (head_with(zone=["a"]), FileFlaw.BROKEN),
        (head_with(seed="-1"), FileFlaw.BROKEN),
        (head_with(seed=str(2**63)), FileFlaw.BROKEN),
        (head_with(track=[]), FileFlaw.BROKEN),
        (head_with(buttons=3), FileFlaw.BROKEN),
        *((head_with(rhythm=RHYTHM | {"retention": chance}), FileFlaw.BROKEN) for chance in (0, 1)),
    ],
)  # fmt: skip
def test_a_log_without_a_readable_first_line_is_refused(
    head: object, flaw: FileFlaw, anna: Learner, bring: Bring
) -> None:
    assert refused(bring, anna, log_with([head])) is flaw


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"\xff\xfe", b"[" * 3000, b"{" * 100_000, b'{"haven": 1' + b"0" * 4000 + b"}"],
)
def test_a_log_that_is_no_json_is_refused(content: bytes, anna: Learner, bring: Bring) -> None:
    refused(bring, anna, zipped({LOG_FILE: content}))


@pytest.mark.parametrize(
    "file",
    [b"", b"hello", b"%PDF-1.7", b"PK\x03\x04" + b"\0" * 50, b"PK\x05\x06", b"PK\x05\x06" + b"\0" * 18,
     b"PK\x05\x06" + b"\xff" * 18],
)  # fmt: skip
def test_what_is_no_zip_or_an_empty_one_is_no_export(
    file: bytes, anna: Learner, bring: Bring
) -> None:
    assert refused(bring, anna, file) in (FileFlaw.NOT_AN_EXPORT, FileFlaw.TOO_LARGE)


def test_a_zip_of_something_else_is_no_export(anna: Learner, bring: Bring) -> None:
    assert refused(bring, anna, zipped({"foto.jpg": b"x"})) is FileFlaw.NOT_AN_EXPORT


def test_a_truncated_file_is_refused_wherever_it_ends(
    studious: Learner, bram: Learner, clock: Clock, bring: Bring
) -> None:
    file = zip_of(studious, clock)
    for share in (0.01, 0.3, 0.6, 0.9, 0.99):
        refused(bring, bram, file[: int(len(file) * share)])


def test_a_file_without_its_beginning_is_refused(
    studious: Learner, bram: Learner, clock: Clock, bring: Bring
) -> None:
    assert refused(bring, bram, zip_of(studious, clock)[185:]) is FileFlaw.BROKEN


def test_a_damaged_file_is_refused(
    studious: Learner, bram: Learner, clock: Clock, bring: Bring
) -> None:
    file = bytearray(zip_of(studious, clock))
    for place in range(60, 100):
        file[place] ^= 0xFF
    assert refused(bring, bram, bytes(file)) is FileFlaw.BROKEN


@pytest.mark.parametrize("kind", ["zip", "package"])
def test_a_file_damaged_by_chance_is_refused_or_read_as_far_as_it_makes_sense(
    kind: str, studious: Learner, bram: Learner, clock: Clock, bring: Bring, small_course: Course
) -> None:
    whole = zip_of(studious, clock) if kind == "zip" else package_of(small_course, studious, clock)
    random = Random(11)
    for _ in range(150):
        clock.forward(minutes=3)
        damaged = bytearray(whole)
        for _ in range(random.choice((1, 3, 20))):
            place = random.randrange(len(damaged))
            if random.random() < 0.7:
                damaged[place] = random.randrange(256)
            else:
                del damaged[place : place + random.randrange(1, 100)]
        try:
            bring(bram, bytes(damaged), only_look=True)
        except BadFile:
            continue
    assert list(reviews.log_of(bram.id)) == []


def test_names_with_paths_are_never_followed(anna: Learner, bring: Bring, tmp_path: Path) -> None:
    evil = {"../../haven.jsonl": b"x", "/etc/cron.d/x": b"x", "..\\collection.anki21": b"x"}
    assert refused(bring, anna, zipped(evil)) is FileFlaw.NOT_AN_EXPORT
    assert sorted(path.name for path in tmp_path.rglob("haven.jsonl")) == []


def test_a_bomb_is_stopped_long_before_memory_is_full(anna: Learner, bring: Bring) -> None:
    zeros = b"\0" * 300_000_000
    for name in ("collection.anki21", LOG_FILE):
        bomb = zipped({name: zeros})
        assert len(bomb.getvalue()) < 400_000
        tracemalloc.start()
        assert refused(bring, anna, bomb) in (FileFlaw.TOO_LARGE, FileFlaw.BROKEN)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert most < 5_000_000


def test_a_bomb_of_zstd_is_stopped_too(anna: Learner, bring: Bring) -> None:
    zstd = pytest.importorskip("backports.zstd")
    bomb = zipped({"collection.anki21b": zstd.compress(b"\0" * 300_000_000)})
    tracemalloc.start()
    assert refused(bring, anna, bomb) is FileFlaw.TOO_LARGE
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 5_000_000


@pytest.mark.parametrize(
    "content", [b"", b"no zstd", b"\x28\xb5\x2f\xfd", b"\x28\xb5\x2f\xfd\xff" * 9]
)
def test_what_is_no_zstd_is_refused(content: bytes, anna: Learner, bring: Bring) -> None:
    assert refused(bring, anna, zipped({"collection.anki21b": content})) is FileFlaw.BROKEN


def test_a_zip_with_half_a_million_names_is_not_even_opened(anna: Learner, bring: Bring) -> None:
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, *[0] * 7, 1, *[0] * 6) + b"a"
    directory = entry * 400_000
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 65_535, 65_535, len(directory), 0, 0)
    assert refused(bring, anna, directory + end) is FileFlaw.TOO_LARGE


def test_a_way_of_packing_that_needs_gigabytes_is_refused(anna: Learner, bring: Bring) -> None:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_LZMA) as archive:
        archive.writestr(LOG_FILE, b"{}")
    assert refused(bring, anna, stream) is FileFlaw.BROKEN


def test_a_member_with_a_password_is_refused(anna: Learner, bring: Bring) -> None:
    file = bytearray(zipped({LOG_FILE: b"{}"}).getvalue())
    file[6] |= 1
    file[file.rfind(b"PK\x01\x02") + 8] |= 1
    assert refused(bring, anna, bytes(file)) is FileFlaw.BROKEN


# Collections that cannot be read in


@pytest.mark.parametrize(
    "content", [b"", b"no database", b"SQLite format 3\0", b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_what_is_no_database_is_refused(content: bytes, anna: Learner, bring: Bring) -> None:
    assert refused(bring, anna, zipped({"collection.anki2": content})) is FileFlaw.BROKEN


def test_a_database_with_holes_in_it_is_refused_or_read_as_far_as_it_makes_sense(
    anna: Learner, bring: Bring, tmp_path: Path, clock: Clock
) -> None:
    now_ms = int(clock().timestamp() * 1000)
    entries = [(now_ms - number, 1, 3, 5000, 1, 0) for number in range(1, 400)]
    package = made_package(tmp_path, entries, guids=[our_guid(anna)])
    with ZipFile(package) as archive:
        whole = archive.read("collection.anki21")
    random = Random(5)
    for _ in range(25):
        holed = bytearray(whole)
        for _ in range(40):
            holed[random.randrange(100, len(holed))] = random.randrange(256)
        try:
            bring(anna, zipped({"collection.anki21": bytes(holed)}), only_look=True, is_mine=True)
        except BadFile as error:
            assert error.flaw is FileFlaw.BROKEN
    assert list(reviews.log_of(anna.id)) == []


HOSTILE = {
    "a view in place of the log": [
        "ALTER TABLE revlog RENAME TO elsewhere",
        "CREATE VIEW revlog AS SELECT id, cid, ease, time, type, factor FROM elsewhere",
    ],
    "a log that never ends": [
        "DROP TABLE revlog",
        "CREATE VIEW revlog AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) "
        "SELECT id, 1 AS cid, 3 AS ease, 1 AS time, 1 AS type, 0 AS factor FROM n",
    ],
    "a table that a module makes up": [
        "DROP TABLE revlog",
        "CREATE VIRTUAL TABLE revlog USING fts5(id, cid, ease, time, type, factor)",
    ],
    "a column that is computed": [
        "DROP TABLE notes",
        "CREATE TABLE notes (id integer primary key, x, guid AS (hex(zeroblob(100000000))))",
        "INSERT INTO notes (id, x) VALUES (1, 1)",
    ],
    "a table too few": ["DROP TABLE cards"],
    "a column too few": ["ALTER TABLE revlog DROP COLUMN ease"],
}


@pytest.mark.parametrize("sql", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_schema_is_refused(
    sql: list[str], anna: Learner, bring: Bring, tmp_path: Path
) -> None:
    package = made_package(tmp_path, [(1, 1, 3, 1, 1, 0)], guids=[our_guid(anna)], also=sql)
    assert refused(bring, anna, package) is FileFlaw.BROKEN


def test_triggers_and_views_beside_the_tables_do_nothing(
    anna: Learner, bring: Bring, tmp_path: Path, clock: Clock
) -> None:
    now_ms = int(clock().timestamp() * 1000)
    sql = [
        "CREATE TRIGGER t AFTER INSERT ON revlog BEGIN DELETE FROM notes; END",
        "CREATE VIEW sfld AS SELECT load_extension('/tmp/x')",
    ]
    package = made_package(
        tmp_path, [(now_ms - 5, 1, 3, 1, 1, 0)], guids=[our_guid(anna)], also=sql
    )
    assert bring(anna, package).added == 1


def test_a_huge_text_is_not_even_loaded(
    anna: Learner, bring: Bring, tmp_path: Path, clock: Clock
) -> None:
    now_ms = int(clock().timestamp() * 1000)
    guids = ["x" * 50_000_000, b"\xff" * 3, None, 5, "haven:" + "a" * 3000, our_guid(anna)]
    package = made_package(tmp_path, [(now_ms - 5, 6, 3, 1, 1, 0)], guids=guids)
    tracemalloc.start()
    imported = bring(anna, package)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (imported.added, imported.foreign_cards) == (1, 5)
    assert most < 5_000_000


def test_a_million_entries_of_other_decks_are_passed_over(
    anna: Learner, bring: Bring, tmp_path: Path, clock: Clock
) -> None:
    now_ms = int(clock().timestamp() * 1000)
    entries = [(now_ms - number, 2, 3, 1, 1, 0) for number in range(1_000_000)]
    entries.append((now_ms - 1_000_001, 1, 3, 1, 1, 0))
    package = made_package(tmp_path, entries, guids=[our_guid(anna), "zelfgemaakt"])
    imported = bring(anna, package)
    assert (imported.added, imported.foreign_cards) == (1, 1)


def test_more_reviews_than_anybody_has_are_refused(
    anna: Learner, bring: Bring, tmp_path: Path, clock: Clock
) -> None:
    now_ms = int(clock().timestamp() * 1000)
    entries = [(now_ms - 2000 * number, 1, 3, 1, 1, 0) for number in range(100_001)]
    package = made_package(tmp_path, entries, guids=[our_guid(anna)])
    assert refused(bring, anna, package) is FileFlaw.TOO_MANY


def test_a_log_is_read_in_whole_or_not_at_all(
    studious: Learner, bram: Learner, clock: Clock, bring: Bring, small_course: Course
) -> None:
    """The last line is broken in a way that stops everything."""
    lines = lines_of(zip_of(studious, clock))
    file = zipped({LOG_FILE: b"\n".join([*lines, b'"' + b"x" * 200_000])})
    assert refused(bring, bram, file) is FileFlaw.BROKEN
    assert learners.learner_of(bram.id) == bram


def test_a_moment_before_the_year_2000_is_too_old_in_a_log_of_ours_too(
    anna: Learner, bram: Learner, clock: Clock, bring: Bring, small_course: Course, review: Make
) -> None:
    record_reviews(small_course, anna, [review()], clock())
    head, event = (json.loads(line) for line in lines_of(zip_of(anna, clock)))
    old = datetime(1999, 1, 1, tzinfo=UTC)
    event |= {"reviewed_at": old.isoformat(), "day": old.date().isoformat()}
    late = event | {"id": str(review().id)}
    moment = clock() + timedelta(days=1)
    late |= {"reviewed_at": moment.isoformat(), "day": moment.date().isoformat()}
    imported = bring(bram, log_with([head, event, late]))
    assert imported.left_out == {LeftOut.TOO_OLD: 1, LeftOut.IN_FUTURE: 1}
