"""Undo: the memory becomes exactly what it was, to the last bit."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from uuid import uuid4

import pytest

from app.learning.course import Course
from app.learning.people import Learner
from app.learning.reviews import Grade, Review
from app.learning.scheduling import fold
from app.storage import reviews
from app.usecases.record_reviews import record_reviews
from app.usecases.undo_review import undo_review
from tests.conftest import Clock
from tests.logs import random_log

MakeReview = Callable[..., Review]


def test_undoing_the_first_review_makes_the_card_new_again(
    anna: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    first = review()
    record_reviews(small_course, anna, [first], clock())
    undone = undo_review(anna, first.id, clock())
    assert undone is not None
    assert (undone.review, undone.due_on) == (first, None)
    assert reviews.memories_of(anna.id) == {}
    assert reviews.all_reviews(anna.id) == []
    assert reviews.review_of(anna.id, first.id) == first, "the log keeps what was undone"


@pytest.mark.parametrize("number", range(3))
def test_undoing_the_last_review_restores_the_memory_bit_for_bit(
    number: int, anna: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    clock.forward(days=30)
    log = random_log(Random(number), anna, clock(), ["band-afstand", "los-vaster"], 12)
    record_reviews(small_course, anna, log, clock())
    before = reviews.memories_of(anna.id)
    for grade in Grade:
        last = review(grade=grade)
        record_reviews(small_course, anna, [last], clock())
        assert reviews.memories_of(anna.id) != before
        undone = undo_review(anna, last.id, clock())
        assert undone is not None
        assert undone.due_on == before["band-afstand"].due_on
        assert reviews.memories_of(anna.id) == before


def test_undoing_a_review_in_the_middle_folds_the_others(
    anna: Learner, small_course: Course, clock: Clock
) -> None:
    clock.forward(days=30)
    log = random_log(Random(5), anna, clock(), ["band-afstand"], 7)
    record_reviews(small_course, anna, log, clock())
    undo_review(anna, log[3].id, clock())
    assert reviews.memory_of(anna.id, "band-afstand") == fold(log[:3] + log[4:], anna.spacing)


def test_undoing_twice_is_undoing_once(
    anna: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    first = review()
    clock.forward(days=2)
    second = review()
    record_reviews(small_course, anna, [first, second], clock())
    assert undo_review(anna, second.id, clock()) == undo_review(anna, second.id, clock())
    assert reviews.memory_of(anna.id, first.card) == fold([first], anna.spacing)


def test_several_reviews_are_undone_one_after_the_other(
    anna: Learner, small_course: Course, clock: Clock
) -> None:
    clock.forward(days=30)
    log = random_log(Random(6), anna, clock(), ["band-afstand", "band-engels"], 10)
    seen = []
    for event in log:
        seen.append(reviews.memories_of(anna.id))
        record_reviews(small_course, anna, [event], clock())
    for event in reversed(log):
        undo_review(anna, event.id, clock())
        assert reviews.memories_of(anna.id) == seen.pop()


def test_a_phone_that_sends_an_undone_review_again_does_not_bring_it_back(
    anna: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    first = review()
    record_reviews(small_course, anna, [first], clock())
    undo_review(anna, first.id, clock())
    recorded = record_reviews(small_course, anna, [first], clock())
    assert (list(recorded.accepted), recorded.due) == ([first.id], {})
    assert reviews.memories_of(anna.id) == {}


def test_after_an_undo_the_card_can_be_answered_again(
    anna: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    mistaken = review(grade=Grade.EASY)
    record_reviews(small_course, anna, [mistaken], clock())
    undo_review(anna, mistaken.id, clock())
    meant = replace(mistaken, id=uuid4(), grade=Grade.AGAIN)
    record_reviews(small_course, anna, [meant], clock())
    assert reviews.memory_of(anna.id, meant.card) == fold([meant], anna.spacing)


def test_an_id_that_is_not_in_the_log_cannot_be_undone(
    anna: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    record_reviews(small_course, anna, [review()], clock())
    before = reviews.memories_of(anna.id)
    assert undo_review(anna, uuid4(), clock()) is None
    assert reviews.memories_of(anna.id) == before


def test_nobody_undoes_the_review_of_somebody_else(
    anna: Learner, bram: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    of_anna = review()
    record_reviews(small_course, anna, [of_anna], clock())
    assert undo_review(bram, of_anna.id, clock()) is None
    assert reviews.all_reviews(anna.id) == [of_anna]
    assert reviews.memory_of(anna.id, of_anna.card) == fold([of_anna], anna.spacing)
