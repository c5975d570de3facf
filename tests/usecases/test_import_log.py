"""A log comes in from a file: merged by id, once, all or nothing, whatever the file is."""

import json
import struct
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZIP_LZMA, ZipFile

import pytest

from app.archive.log_file import LOG_FILE
from app.learning.attempts import TooManyAttempts
from app.learning.course import Course
from app.learning.imports import BadFile, FileFlaw, LeftOut
from app.learning.people import Learner, Track
from app.learning.reviews import Grade, Review
from app.storage import learners, lessons, reviews
from app.usecases.change_preferences import change_preferences
from app.usecases.check_data import check_data
from app.usecases.import_log import Imported, import_log
from app.usecases.record_reviews import record_reviews
from app.usecases.undo_review import undo_review
from tests.conftest import Clock
from tests.logs import random_log
from tests.packages import made_package, our_guid, package_of, zip_of, zipped

Make = Callable[..., Review]
Bring = Callable[..., Imported]


@pytest.fixture
def bring(small_course: Course, clock: Clock) -> Bring:
    """Reads a file in for somebody."""

    def bringing(learner: Learner, file: bytes | BytesIO, **given: bool) -> Imported:
        stream = BytesIO(file) if isinstance(file, bytes) else file
        return import_log(small_course, learner, stream, clock(), **given)

    return bringing


@pytest.fixture
def studious(anna: Learner, small_course: Course, clock: Clock) -> Learner:
    """Anna after a month: four buttons, the whole course, some answers taken back."""
    clock.forward(days=30)
    change_preferences(anna, track=Track.VERDIEPING, buttons=4, zone_name="America/Paramaribo")
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
