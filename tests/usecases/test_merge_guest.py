"""Somebody reviewed as a guest, on another device, before signing in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.learning.course import Course
from app.learning.own_cards import ChangeKind, Words
from app.learning.people import Learner
from app.learning.reviews import Grade, Review, WhyMissed
from app.learning.scheduling import fold
from app.storage import learners, lessons, own_cards, reports, reviews, sessions, tables
from app.usecases.begin_session import begin_session
from app.usecases.change_card import change_card
from app.usecases.check_data import check_data
from app.usecases.merge_guest import merge_guest
from app.usecases.read_words import read_words
from app.usecases.rebuild_memory import memories_from_log
from app.usecases.record_reviews import record_reviews
from app.usecases.report_card import report_card
from app.usecases.undo_change import undo_change
from app.usecases.undo_review import undo_review
from app.usecases.write_words import write_words
from tests.conftest import KEYRING, Clock

Make = Callable[..., Review]


@pytest.fixture
def account(bram: Learner) -> Learner:
    """Bram made an account on his laptop."""
    assert learners.give_account(bram.id, "bram@voorbeeld.nl", "a hash")
    found = learners.learner_of(bram.id)
    assert found is not None
    return found


def log_of(learner: Learner) -> list[Any]:
    return [event.id for event in reviews.all_reviews(learner.id)]


def test_the_logs_become_one_and_a_review_that_both_have_counts_once(
    anna: Learner, account: Learner, review: Make, clock: Clock, small_course: Course
) -> None:
    both, his = review(), review(card=list(small_course.cards)[-1])
    hers = review(reviewed_at=clock() + timedelta(minutes=1), grade=Grade.AGAIN)
    record_reviews(small_course, anna, [both, hers], clock())
    record_reviews(small_course, account, [both, his], clock())

    assert merge_guest(anna, account) == 1

    assert set(log_of(account)) == {both.id, hers.id, his.id}
    kept, log = reviews.memories_of(account.id), reviews.all_reviews(account.id)
    assert kept[both.card].reviews == 2
    assert kept == {memory.card: memory for memory in memories_from_log(account, log)}
    assert list(check_data()) == []


def test_the_merged_memory_is_that_of_somebody_who_did_it_all_in_one_place(
    anna: Learner, account: Learner, review: Make, clock: Clock, small_course: Course
) -> None:
    day = timedelta(days=1)
    events = [
        review(reviewed_at=clock() + day * n, day=(clock() + day * n).date(), grade=grade)
        for n, grade in enumerate((Grade.GOOD, Grade.AGAIN, Grade.GOOD, Grade.EASY))
    ]
    clock.forward(days=5)
    record_reviews(small_course, anna, events[::2], clock())
    record_reviews(small_course, account, events[1::2], clock())
    merge_guest(anna, account)
    assert reviews.memory_of(account.id, "band-afstand") == fold(events, account.spacing)


def test_what_either_side_took_back_does_not_count(
    anna: Learner, account: Learner, review: Make, clock: Clock, small_course: Course
) -> None:
    first, second, third = (review(reviewed_at=clock() + timedelta(seconds=n)) for n in range(3))
    record_reviews(small_course, anna, [first, second], clock())
    record_reviews(small_course, account, [second, third], clock())
    undo_review(anna, first.id, clock())
    undo_review(account, second.id, clock())
    merge_guest(anna, account)
    assert log_of(account) == [third.id]
    assert list(check_data()) == []


def test_the_guest_is_gone_with_every_session(
    anna: Learner, account: Learner, review: Make, clock: Clock, small_course: Course
) -> None:
    record_reviews(small_course, anna, [review()], clock())
    session = begin_session(anna, "a secret", "a browser", clock())
    merge_guest(anna, account)
    assert learners.learner_of(anna.id) is None
    assert sessions.session_of(session.key, clock() - timedelta(days=1)) is None
    assert reviews.all_reviews(anna.id) == []
    assert reviews.memories_of(anna.id) == {}


def test_the_account_began_when_the_first_of_the_two_began(
    anna: Learner, clock: Clock, review: Make, small_course: Course
) -> None:
    clock.forward(days=3)
    later = learners.add_guest(seed=1, now=clock(), zone_name="Europe/Amsterdam")
    learners.give_account(later.id, "anna@voorbeeld.nl", "a hash")
    merge_guest(anna, later)
    found = learners.learner_of(later.id)
    assert found is not None
    assert found.joined_at == anna.joined_at
    # So what another device of the guest still holds is taken.
    early = review(reviewed_at=anna.joined_at, day=anna.joined_at.date())
    assert record_reviews(small_course, found, [early], clock()).refused == {}


def test_a_lesson_was_opened_when_it_was_first_opened_anywhere(
    anna: Learner, account: Learner, clock: Clock
) -> None:
    early, late = clock(), clock() + timedelta(days=2)
    lessons.open_lessons(anna.id, ["h/een"], early)
    lessons.open_lessons(anna.id, ["h/twee"], late)
    lessons.open_lessons(account.id, ["h/een"], late)
    lessons.open_lessons(account.id, ["h/drie"], early)
    merge_guest(anna, account)
    assert set(lessons.opened_lessons(account.id)) == {"h/een", "h/twee", "h/drie"}
    # Opened again by another guest, later: the first moment stays.
    other = learners.add_guest(seed=2, now=late, zone_name="Europe/Amsterdam")
    lessons.open_lessons(other.id, ["h/een"], late)
    merge_guest(other, account)
    opening = tables.LessonOpening.get_by_id((account.id, "h/een"))
    assert opening.opened_at == early


def test_what_the_guest_made_of_cards_and_told_authors_comes_along(
    anna: Learner, account: Learner, clock: Clock, small_course: Course, review: Make
) -> None:
    card = small_course.cards["band-lena"]
    aside = change_card(anna, "band-engels", ChangeKind.ASIDE, clock())
    assert aside and undo_change(anna, aside.id, clock())
    write_words(KEYRING, anna, card.id, Words("mijn vraag", note="oma"), clock())
    said = report_card(anna, card, "een tikfout", clock())
    missed = review(grade=Grade.AGAIN, why_missed=WhyMissed.BAD_QUESTION)
    record_reviews(small_course, anna, [missed], clock())
    undo_review(anna, missed.id, clock())
    changes = {change.id for change in own_cards.all_changes(anna.id)}
    his = change_card(account, "band-afstand", ChangeKind.ASIDE, clock())
    assert his
    merge_guest(anna, account)
    assert {each.id for each in own_cards.all_changes(account.id)} == changes | {his.id}
    own = own_cards.own_cards_of(account.id)
    assert set(own) == {"band-afstand", card.id}
    words = {card.id: Words("mijn vraag", note="oma")}
    assert read_words(KEYRING, account, own.values()) == words
    assert {report.id for report in reports.reports_of(account.id)} == {said.id, missed.id}
    assert reports.all_reports() == [said]
    assert list(check_data()) == []


def test_only_a_guest_is_merged(anna: Learner, account: Learner) -> None:
    assert learners.give_account(anna.id, "anna@voorbeeld.nl", "a hash")
    assert merge_guest(anna, account) == 0
    assert merge_guest(account, account) == 0
    assert learners.learner_of(anna.id) is not None
