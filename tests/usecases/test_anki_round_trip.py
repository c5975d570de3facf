"""To Anki and back, with Anki itself as the judge."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from random import Random

import pytest

from app.learning.course import Course
from app.learning.people import Learner
from app.learning.reviews import Grade, Review
from app.storage import learners, lessons, reviews
from app.usecases.begin_as_guest import begin_as_guest
from app.usecases.check_data import check_data
from app.usecases.import_log import import_log
from app.usecases.record_reviews import record_reviews
from app.usecases.undo_review import undo_review
from tests.conftest import Clock
from tests.logs import random_log
from tests.packages import Anki, fresh_anki, notes_of, package_of

pytest.importorskip("anki", reason="Anki is a tool of developers")

AGREEMENT = 1e-5
# Anki keeps a stability to four decimals and a difficulty to three.
ROUNDED = 1e-3

Make = Callable[..., Review]


@pytest.fixture
def clock() -> Clock:
    """Now, because Anki has a clock of its own."""
    clock = Clock()
    clock.now = datetime.now(UTC)
    return clock


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Anki]:
    with fresh_anki(tmp_path) as anki:
        yield anki


@pytest.fixture
def studious(db_url: str, clock: Clock, small_course: Course) -> Learner:
    """Somebody with a past of forty days, some of it taken back."""
    now = clock()
    random = Random(3)
    clock.now -= timedelta(days=40)
    # In UTC, where Anki counts its days in the tests, no hour is skipped.
    learner = begin_as_guest("Etc/UTC", clock())
    lessons.open_lessons(learner.id, ["hoofdstuk1/eerste-les"], clock())
    log = random_log(random, learner, now - timedelta(hours=1), list(small_course.cards)[:5], 60)
    record_reviews(small_course, learner, log, now)
    for review in random.sample(log, 6):
        undo_review(learner, review.id, now)
    clock.now = now
    return learner


def test_a_fresh_anki_has_the_same_days_and_memories(
    studious: Learner, small_course: Course, clock: Clock, anki: Anki
) -> None:
    report = anki.take(package_of(small_course, studious, clock))

    ours = reviews.memories_of(studious.id)
    today = studious.day_at(clock())
    assert len(ours) == 5
    assert not (report.conflicting or report.missing_notetype or report.missing_deck)
    counted = 0
    for card_id, card in anki.cards():
        memory = ours.get(card_id)
        if memory is None:
            assert card.type == 0
            continue
        counted += 1
        assert today + timedelta(days=card.due - anki.collection.sched.today) == memory.due_on
        assert (card.reps, card.lapses) == (memory.reviews, memory.lapses)
        assert card.desired_retention == pytest.approx(0.9)
        assert card.memory_state.stability == pytest.approx(memory.stability, abs=ROUNDED)
        assert card.memory_state.difficulty == pytest.approx(memory.difficulty, abs=ROUNDED)
        # What Anki makes of the log by itself.
        folded = anki.collection.compute_memory_state(card.id)
        assert folded.stability == pytest.approx(memory.stability, rel=AGREEMENT)
        assert folded.difficulty == pytest.approx(memory.difficulty, rel=AGREEMENT)
        assert folded.desired_retention == pytest.approx(0.9)
    assert counted == 5
    kept = anki.collection.db.scalar("SELECT count() FROM revlog")
    assert kept == 60 - 6 == sum(memory.reviews for memory in ours.values())
    assert anki.collection.fix_integrity()[1]


def test_anki_finds_nothing_to_mend_and_shows_a_calm_card_of_each_kind(
    studious: Learner, small_course: Course, clock: Clock, anki: Anki
) -> None:
    anki.take(package_of(small_course, studious, clock))
    kinds = {card.note_type()["name"] for _, card in anki.cards()}
    assert "Haven vraag" in kinds and "Haven invul" in kinds
    for card_id, card in anki.cards():
        assert small_course.cards[card_id].question in card.question()
        assert "{{" not in card.answer()
        assert card.note().tags == ["haven::proef"]
    deck = anki.collection.decks.id("Haven: Proef", create=False)
    assert anki.collection.decks.config_dict_for_deck_id(deck)["name"] == "Haven"


def test_taken_to_anki_twice_is_taken_once(
    studious: Learner, small_course: Course, clock: Clock, anki: Anki
) -> None:
    package = package_of(small_course, studious, clock)
    anki.take(package)
    before = anki.collection.db.all("SELECT * FROM revlog"), anki.collection.card_count()
    again = anki.take(package)
    assert not again.new
    after = anki.collection.db.all("SELECT * FROM revlog"), anki.collection.card_count()
    assert after == before


def test_cards_of_a_later_lesson_join_those_that_anki_has(
    studious: Learner, small_course: Course, clock: Clock, anki: Anki
) -> None:
    """Also when they get other places, and so other ids, in the package."""
    first = {card: note for card, note in notes_of(small_course).items() if card.endswith("s")}
    anki.take(package_of(small_course, studious, clock, first))
    before = {card_id: (card.id, card.due, card.ivl) for card_id, card in anki.cards()}
    log = anki.collection.db.all("SELECT id, cid, ease FROM revlog")
    lessons.open_lessons(studious.id, ["hoofdstuk1/tweede-les"], clock())
    anki.take(package_of(small_course, studious, clock))
    after = {card_id: (card.id, card.due, card.ivl) for card_id, card in anki.cards()}
    assert len(after) > len(before) > 0
    assert {card_id: after[card_id] for card_id in before} == before
    assert set(map(tuple, log)) <= set(
        map(tuple, anki.collection.db.all("SELECT id, cid, ease FROM revlog"))
    )
    back = import_log(small_course, studious, anki.give("apkg", legacy=False), clock())
    assert (back.added, back.known) == (0, 54)


@pytest.mark.parametrize("kind", ["apkg", "colpkg"])
@pytest.mark.parametrize("legacy", [True, False])
def test_what_was_done_in_anki_comes_back_once_whatever_it_is_packed_in(
    studious: Learner, small_course: Course, clock: Clock, anki: Anki, kind: str, legacy: bool
) -> None:
    anki.take(package_of(small_course, studious, clock))
    now_ms = int(clock().timestamp() * 1000)
    answered = dict(anki.cards())
    for number, card in enumerate(answered.values()):
        anki.add_review(card, now_ms - 1000 * (number + 1), 1 + number % 4)
    note = anki.collection.new_note(anki.collection.models.by_name("Basic"))
    note["Front"] = "Van iemand zelf"
    anki.collection.add_note(note, anki.collection.decks.id("Default"))
    package = anki.give(kind, legacy=legacy)

    seen = import_log(small_course, studious, package, clock(), only_look=True)
    assert list(check_data()) == []
    imported = import_log(small_course, studious, package, clock())
    assert (seen.added, seen.known, seen.is_kept) == (imported.added, imported.known, False)
    assert (imported.added, imported.known) == (len(answered), 54)
    assert (imported.foreign_cards, imported.left_out) == (1, {})
    assert list(check_data()) == []
    for card_id, card in anki.cards():
        memory = reviews.memory_of(studious.id, card_id)
        assert memory is not None
        folded = anki.collection.compute_memory_state(card.id)
        assert memory.stability == pytest.approx(folded.stability, rel=AGREEMENT)
        assert memory.difficulty == pytest.approx(folded.difficulty, rel=AGREEMENT)

    rows = list(reviews.log_of(studious.id))
    package.seek(0)
    again = import_log(small_course, studious, package, clock())
    assert (again.added, again.known) == (0, len(answered) + 54)
    assert list(reviews.log_of(studious.id)) == rows


def test_what_came_from_anki_and_goes_there_again_is_still_the_same(
    studious: Learner, small_course: Course, clock: Clock, anki: Anki, tmp_path: Path
) -> None:
    anki.take(package_of(small_course, studious, clock))
    _, card = next(anki.cards())
    anki.add_review(card, int(clock().timestamp() * 1000) - 5000, 3)
    import_log(small_course, studious, anki.give("apkg", legacy=False), clock())
    (tmp_path / "other").mkdir()
    with fresh_anki(tmp_path / "other") as other:
        other.take(package_of(small_course, studious, clock))
        back = import_log(small_course, studious, other.give("apkg", legacy=False), clock())
    assert (back.added, back.known) == (0, 55)


def test_a_review_taken_back_here_does_not_return_by_way_of_anki(
    studious: Learner, small_course: Course, clock: Clock, anki: Anki
) -> None:
    anki.take(package_of(small_course, studious, clock))
    last = reviews.all_reviews(studious.id)[-1]
    undo_review(studious, last.id, clock())
    imported = import_log(small_course, studious, anki.give("apkg", legacy=False), clock())
    assert imported.added == 0
    assert last.id not in {review.id for review in reviews.all_reviews(studious.id)}


def test_cards_reset_crammed_and_moved_by_hand_in_anki_are_no_reviews(
    studious: Learner, small_course: Course, clock: Clock, anki: Anki
) -> None:
    anki.take(package_of(small_course, studious, clock))
    cards = [card.id for _, card in anki.cards()]
    anki.collection.sched.schedule_cards_as_new(cards)
    anki.collection.sched.set_due_date(cards, "3")
    anki.collection.db.execute(
        "INSERT INTO revlog VALUES (?, ?, -1, 3, 0, 0, 0, 3000, 3)",
        int(clock().timestamp() * 1000) - 999, cards[0],
    )  # fmt: skip
    imported = import_log(small_course, studious, anki.give("apkg", legacy=False), clock())
    assert (imported.added, imported.left_out) == (0, {})


def test_reviews_of_one_millisecond_are_told_apart_in_anki_and_known_when_they_return(
    studious: Learner, small_course: Course, clock: Clock, anki: Anki, review: Make
) -> None:
    moment = clock() - timedelta(minutes=1)
    batch = [
        review(card=card, reviewed_at=moment, day=studious.day_at(moment), grade=Grade.GOOD)
        for card in small_course.cards
    ]
    record_reviews(small_course, studious, batch, clock())
    anki.take(package_of(small_course, studious, clock))
    assert anki.collection.db.scalar("SELECT count() FROM revlog") == 54 + len(batch)
    back = import_log(small_course, studious, anki.give("apkg", legacy=False), clock())
    assert (back.added, back.known) == (0, 54 + len(batch))


def test_an_answer_given_in_anki_by_its_own_scheduler_counts_here(
    studious: Learner, small_course: Course, clock: Clock, anki: Anki
) -> None:
    anki.take(package_of(small_course, studious, clock))
    scheduler = anki.collection.sched
    anki.collection.decks.select(anki.collection.decks.id("Haven: Proef"))
    card = scheduler.getCard()
    assert card is not None
    card.start_timer()
    scheduler.answerCard(card, 3)
    clock.now = datetime.now(UTC)
    imported = import_log(small_course, studious, anki.give("apkg", legacy=False), clock())
    assert imported.added == 1
    assert imported.first_day == studious.day_at(clock())


def test_anki_reviews_of_the_small_hours_belong_to_the_evening_before(
    db_url: str, small_course: Course, clock: Clock, anki: Anki
) -> None:
    """Whose day begins at four in Paramaribo, whatever Anki's computer thinks."""
    learner = begin_as_guest("America/Paramaribo", clock() - timedelta(days=9))
    lessons.open_lessons(learner.id, ["hoofdstuk1/eerste-les"], clock())
    anki.take(package_of(small_course, learner, clock))
    night = (clock() - timedelta(days=2)).replace(hour=6, minute=30)  # 03:30 in Paramaribo
    anki.add_review(next(anki.cards())[1], int(night.timestamp() * 1000), 3)
    imported = import_log(small_course, learner, anki.give("apkg", legacy=True), clock())
    assert imported.first_day == night.date() - timedelta(days=1)


def test_a_restored_package_makes_the_same_memories_elsewhere(
    studious: Learner, small_course: Course, clock: Clock
) -> None:
    package = package_of(small_course, studious, clock)
    other = begin_as_guest("Etc/UTC", clock())
    imported = import_log(small_course, other, BytesIO(package), clock())
    assert imported.added == 54
    theirs = reviews.memories_of(other.id)
    for card, memory in reviews.memories_of(studious.id).items():
        assert theirs[card].stability == pytest.approx(memory.stability, rel=1e-12)
    found = learners.learner_of(other.id)
    assert found is not None and found.joined_at < clock() - timedelta(days=30)
    assert list(check_data()) == []
