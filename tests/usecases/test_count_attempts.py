"""A limit is exact, however many try at once."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from app.learning.attempts import Attempt, Limit, TooManyAttempts
from app.storage import database
from app.storage.tables import Attempt as AttemptRow
from app.usecases.count_attempts import count_attempts
from tests.conftest import Clock

DOOR = Limit("door", 10, timedelta(minutes=15))
STREET = Limit("street", 1000, timedelta(hours=1))


def test_of_many_tries_at_once_exactly_so_many_pass(db_url: str, clock: Clock) -> None:
    passed: list[int] = []
    refused: list[int] = []
    start = Barrier(6)

    def try_five_times(number: int) -> None:
        start.wait()
        try:
            for _ in range(5):
                try:
                    # In either order, so that the two could wait for each other.
                    both = [Attempt(DOOR, "anna"), Attempt(STREET, "here")]
                    count_attempts(both[:: 1 if number % 2 else -1], clock())
                    passed.append(number)
                except TooManyAttempts:
                    refused.append(number)
        finally:
            database.db.close()

    threads = [Thread(target=try_five_times, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(passed), len(refused)) == (10, 20)
    assert sorted(row.times for row in AttemptRow.select()) == [10, 10]


def test_limits_of_different_people_do_not_touch(db_url: str, clock: Clock) -> None:
    for _ in range(10):
        count_attempts([Attempt(DOOR, "anna")], clock())
    count_attempts([Attempt(DOOR, "bram")], clock())
    with pytest.raises(TooManyAttempts) as refused:
        count_attempts([Attempt(DOOR, "anna")], clock())
    assert refused.value.retry_at == clock() + DOOR.window
    count_attempts([Attempt(DOOR, "anna")], clock() + DOOR.window)
