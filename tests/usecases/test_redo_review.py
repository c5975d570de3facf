"""Redo: the grade that was taken back counts again, and the log has only grown."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from uuid import uuid4

import pytest

from app.learning.course import Course
from app.learning.people import Learner
from app.learning.reviews import Grade, Review, WhyMissed, redo_id
from app.storage import reports, reviews
from app.usecases.check_data import check_data
from app.usecases.record_reviews import record_reviews
from app.usecases.redo_review import redo_review
from app.usecases.undo_review import undo_review
from tests.conftest import Clock
from tests.logs import random_log

MakeReview = Callable[..., Review]


@pytest.mark.parametrize("number", range(3))
def test_undone_and_done_again_the_memory_is_the_same_but_for_the_name_of_the_event(
    number: int, anna: Learner, small_course: Course, clock: Clock
) -> None:
    clock.forward(days=30)
    log = random_log(Random(number), anna, clock(), ["band-afstand", "band-engels"], 9)
    record_reviews(small_course, anna, log, clock())
    before = reviews.memories_of(anna.id)
    back = log[:-4:-1]
    for event in back:
        undo_review(anna, event.id, clock())
    for event in reversed(back):
        redone = redo_review(anna, event.id)
        assert redone and redone.due_on is not None
    for card, memory in reviews.memories_of(anna.id).items():
        was = before[card]
        assert (memory.stability, memory.difficulty, memory.due_on) == (
            was.stability,
            was.difficulty,
            was.due_on,
        )
        assert (memory.reviews, memory.lapses) == (was.reviews, was.lapses)
    assert list(check_data()) == []


def test_doing_it_again_twice_counts_once_and_it_can_be_undone_again(
    anna: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    first = review()
    record_reviews(small_course, anna, [first], clock())
    undo_review(anna, first.id, clock())
    assert redo_review(anna, first.id) == redo_review(anna, first.id)
    assert [event.id for event in reviews.all_reviews(anna.id)] == [redo_id(first.id)]
    undo_review(anna, redo_id(first.id), clock())
    assert reviews.memories_of(anna.id) == {}
    redone = redo_review(anna, redo_id(first.id))
    assert redone and len(reviews.all_reviews(anna.id)) == 1
    # A late repeat of the first one changes nothing.
    undo_review(anna, redone.review.id, clock())
    redo_review(anna, first.id)
    assert reviews.memories_of(anna.id) == {}
    assert reviews.review_of(anna.id, first.id) == first


def test_what_counts_is_unknown_or_somebody_elses_is_not_done_again(
    anna: Learner, bram: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    event = review()
    record_reviews(small_course, anna, [event], clock())
    assert redo_review(anna, event.id) is None
    assert redo_review(anna, uuid4()) is None
    undo_review(anna, event.id, clock())
    assert redo_review(bram, event.id) is None
    assert reviews.all_reviews(bram.id) == []


def test_a_question_that_is_no_good_is_told_to_the_author_and_taken_back_with_the_answer(
    anna: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    event = review(grade=Grade.AGAIN, why_missed=WhyMissed.BAD_QUESTION)
    record_reviews(small_course, anna, [event], clock())
    record_reviews(small_course, anna, [event], clock())
    (report,) = reports.all_reports()
    assert (report.id, report.card) == (event.id, "band-afstand")
    assert report.version == small_course.cards["band-afstand"].version
    undo_review(anna, event.id, clock())
    assert reports.all_reports() == []


def test_a_question_that_is_no_good_is_told_again_with_the_answer_that_is_given_again(
    anna: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    event = review(grade=Grade.AGAIN, why_missed=WhyMissed.BAD_QUESTION)
    record_reviews(small_course, anna, [event], clock())
    (told,) = reports.all_reports()
    for _ in range(2):
        undo_review(anna, event.id, clock())
        assert reports.all_reports() == []
        redone = redo_review(anna, event.id)
        assert redone and redo_review(anna, event.id) == redone
        event = redone.review
        assert reports.all_reports() == [replace(told, id=event.id)]
