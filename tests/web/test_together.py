"""What comes while another is at work is done in one go."""

from collections.abc import Sequence
from threading import Event, Thread
from time import monotonic, sleep

import pytest

from app.web.together import Together

PATIENCE = 10  # seconds


def test_who_comes_while_another_is_at_work_is_served_with_all_who_came() -> None:
    gone: list[list[str]] = []
    returned: list[str] = []
    is_at_work, may_go_on = Event(), Event()

    def do(jobs: Sequence[str]) -> None:
        gone.append(sorted(jobs))
        is_at_work.set()
        assert may_go_on.wait(PATIENCE)

    def come(job: str) -> None:
        together(job)
        returned.append(job)

    together = Together(do)
    threads = [Thread(target=come, args=[job]) for job in ("anna", "bram", "carla", "dirk")]
    threads[0].start()
    assert is_at_work.wait(PATIENCE)
    for thread in threads[1:]:
        thread.start()
    _until(lambda: len(together._waiting) == 3)
    assert returned == []
    may_go_on.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert gone == [["anna"], ["bram", "carla", "dirk"]]
    assert sorted(returned) == ["anna", "bram", "carla", "dirk"]


def test_what_goes_wrong_reaches_who_did_the_work_and_holds_up_nobody() -> None:
    seen: list[str] = []
    raised: list[str] = []
    is_at_work, may_go_on = Event(), Event()

    def do(jobs: Sequence[str]) -> None:
        is_at_work.set()
        assert may_go_on.wait(PATIENCE)
        if "anna" in jobs:
            raise ZeroDivisionError
        seen.extend(jobs)

    def come(job: str) -> None:
        try:
            together(job)
        except ZeroDivisionError:
            raised.append(job)

    together = Together(do)
    threads = [Thread(target=come, args=[job]) for job in ("anna", "bram")]
    threads[0].start()
    assert is_at_work.wait(PATIENCE)
    threads[1].start()
    _until(lambda: len(together._waiting) == 1)
    may_go_on.set()
    for thread in threads:
        thread.join(PATIENCE)
    together("carla")
    assert (raised, seen) == (["anna"], ["bram", "carla"])


def test_one_after_another_each_is_served_at_once() -> None:
    gone: list[list[str]] = []
    together = Together[str](lambda jobs: gone.append(list(jobs)))
    for job in ("anna", "bram"):
        together(job)
    assert gone == [["anna"], ["bram"]]


def _until(is_so) -> None:  # type: ignore[no-untyped-def]
    give_up_at = monotonic() + PATIENCE
    while not is_so():
        if monotonic() > give_up_at:
            pytest.fail("it did not come to that")
        sleep(0.01)
