"""Grades come in: each counts once, in any order, and nothing is lost between processes."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from app.learning.course import Course
from app.learning.people import Learner
from app.learning.reviews import Grade, Refusal, Review, WhyMissed
from app.learning.scheduling import fold
from app.storage import reviews
from app.usecases.record_reviews import record_reviews
from tests.conftest import Clock
from tests.logs import random_log

MakeReview = Callable[..., Review]


def test_a_repeated_review_counts_once(
    anna: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    once = review()
    first = record_reviews(small_course, anna, [once], clock())
    memory = reviews.memory_of(anna.id, once.card)
    again = record_reviews(small_course, anna, [once, once], clock())
    assert first == replace(again, accepted=first.accepted)
    assert set(again.accepted) == {once.id}
    assert reviews.memory_of(anna.id, once.card) == memory
    assert reviews.all_reviews(anna.id) == [once]


def test_one_id_twice_in_a_batch_counts_once(
    anna: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    first = review(grade=Grade.GOOD)
    second = replace(first, grade=Grade.AGAIN)
    recorded = record_reviews(small_course, anna, [first, second], clock())
    assert set(recorded.accepted) == {first.id}
    assert reviews.all_reviews(anna.id) == [first]
    assert reviews.memory_of(anna.id, first.card) == fold([first], anna.spacing)


def test_the_id_of_a_refused_review_does_not_drag_its_twin_along(
    anna: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    good = review()
    bad = replace(good, card="bestaat-niet")
    recorded = record_reviews(small_course, anna, [bad, good], clock())
    assert list(recorded.accepted) == [good.id]
    assert reviews.all_reviews(anna.id) == [good]


def test_a_repeat_is_accepted_although_its_card_has_left_the_course(
    anna: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    sent, never_sent = review("los-vaster"), review("los-vaster")
    record_reviews(small_course, anna, [sent], clock())
    smaller = replace(small_course, cards={})
    recorded = record_reviews(smaller, anna, [sent, never_sent], clock())
    assert list(recorded.accepted) == [sent.id]
    assert recorded.refused == {never_sent.id: Refusal.UNKNOWN_CARD}


def test_a_bad_review_is_refused_and_the_others_are_taken(
    anna: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    batch = [
        review(),
        review("bestaat-niet"),
        review(reviewed_at=clock() + timedelta(hours=1)),
        review(reviewed_at=anna.joined_at - timedelta(hours=1)),
        review("band-engels"),
    ]
    recorded = record_reviews(small_course, anna, batch, clock())
    assert list(recorded.accepted) == [batch[0].id, batch[4].id]
    assert [recorded.refused[bad.id] for bad in batch[1:4]] == [
        Refusal.UNKNOWN_CARD,
        Refusal.IN_FUTURE,
        Refusal.BEFORE_ACCOUNT,
    ]
    assert set(recorded.due) == {"band-afstand", "band-engels"}
    assert reviews.memories_of(anna.id).keys() == recorded.due.keys()


def test_nothing_but_a_refusal_leaves_no_trace(
    anna: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    record_reviews(small_course, anna, [review("bestaat-niet")], clock())
    record_reviews(small_course, anna, [], clock())
    assert reviews.all_reviews(anna.id) == []
    assert reviews.memories_of(anna.id) == {}


def test_two_learners_may_use_the_same_id(
    anna: Learner, bram: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    shared = review()
    record_reviews(small_course, anna, [shared], clock())
    record_reviews(small_course, bram, [shared], clock())
    assert reviews.all_reviews(anna.id) == reviews.all_reviews(bram.id) == [shared]


@pytest.mark.parametrize("number", range(3))
def test_reviews_of_an_offline_phone_may_arrive_in_any_order_and_in_any_pieces(
    number: int, anna: Learner, small_course: Course, clock: Clock
) -> None:
    random = Random(number)
    clock.forward(days=30)
    log = random_log(random, anna, clock(), ["band-afstand", "band-engels", "los-vaster"], 40)
    arriving = random.sample(log, len(log))
    while arriving:
        size = random.randrange(1, 9)
        piece, arriving = arriving[:size], arriving[size:]
        recorded = record_reviews(small_course, anna, piece, clock())
        assert not recorded.refused
    for card in {event.card for event in log}:
        folded = fold([event for event in log if event.card == card], anna.spacing)
        assert folded is not None
        assert reviews.memory_of(anna.id, card) == folded
        if card in recorded.due:
            assert recorded.due[card] == folded.due_on


def test_what_is_stored_comes_out_as_it_went_in(
    anna: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    given = review(
        grade=Grade.AGAIN,
        why_missed=WhyMissed.CONFUSED,
        duration_ms=86_400_000,
        reviewed_at=clock() + timedelta(microseconds=1),
    )
    record_reviews(small_course, anna, [given], clock())
    assert reviews.review_of(anna.id, given.id) == given


def test_five_hundred_reviews_take_a_handful_of_statements(
    anna: Learner, small_course: Course, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    clock.forward(days=30)
    log = random_log(Random(1), anna, clock(), list(small_course.cards), 500)
    with caplog.at_level(logging.DEBUG, "peewee"):
        recorded = record_reviews(small_course, anna, log, clock())
    assert len(recorded.accepted) == 500
    assert len(caplog.records) <= 8
    assert len(reviews.all_reviews(anna.id)) == 500
