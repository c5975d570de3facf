"""The log is read page after page, all of one moment, while others go on."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from random import Random
from threading import Thread

from app.learning.course import Course
from app.learning.people import Learner
from app.learning.reviews import LogEntry, Review
from app.learning.scheduling import in_log_order
from app.storage import database, reviews
from app.storage.database import snapshot
from app.usecases.record_reviews import record_reviews
from app.usecases.undo_review import undo_review
from tests.conftest import Clock
from tests.logs import random_log

Make = Callable[..., Review]


def test_a_long_log_comes_whole_and_in_order_a_page_at_a_time(
    anna: Learner,
    small_course: Course,
    clock: Clock,
    count_queries: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    clock.forward(days=90)
    log = random_log(Random(1), anna, clock(), list(small_course.cards), 1200)
    reviews.add_reviews(anna.id, log)
    undo_review(anna, log[7].id, clock())
    with count_queries() as queries:
        read = list(reviews.log_of(anna.id))
    assert len(queries) == 4  # three pages, and one that is empty
    expected = [
        LogEntry(review, clock() if review.id == log[7].id else None)
        for card in sorted(small_course.cards)
        for review in in_log_order(review for review in log if review.card == card)
    ]
    assert sorted(read, key=lambda entry: entry.review.card) == expected


def test_reviews_of_one_moment_are_on_one_page_each_once(
    anna: Learner, clock: Clock, review: Make
) -> None:
    same = [review() for _ in range(1100)]
    reviews.add_reviews(anna.id, same)
    read = [entry.review.id for entry in reviews.log_of(anna.id)]
    assert len(read) == len(set(read)) == 1100


def test_a_snapshot_is_of_one_moment_and_holds_up_nobody(
    anna: Learner, bram: Learner, small_course: Course, clock: Clock, review: Make
) -> None:
    first, second = review(), review()
    record_reviews(small_course, anna, [first], clock())

    def answer() -> None:
        record_reviews(small_course, anna, [second], clock())
        database.db.close()

    with snapshot():
        assert len(reviews.memories_of(anna.id)) == 1
        thread = Thread(target=answer)
        thread.start()
        thread.join(timeout=5)
        assert not thread.is_alive()
        assert [entry.review for entry in reviews.log_of(anna.id)] == [first]
        assert reviews.memories_of(anna.id)[first.card].reviews == 1
    assert len(list(reviews.log_of(anna.id))) == 2
