"""Over HTTP: a grade beside the bare transaction and beside anki-connect-server, and a lesson page
beside an empty one. A block is some seconds of load from a process of its own."""

from collections.abc import Callable, Sequence
from itertools import count

from bench import load

BLOCK = 2.0  # seconds
CONNECTIONS = 8

_FIRST_CARD = "kaart-0"


def reviews(port: int, browsers: Sequence[tuple[str, str]]) -> Callable[[], load.Outcome]:
    """A block in which every browser grades card after card and gets the next as a fragment."""
    job = load.Job("review", port, BLOCK, len(browsers), browsers, (_FIRST_CARD,))
    return lambda: _without_failure(job)


def anki_answers(
    port: int, cards: Sequence[str], *, wants_next: bool
) -> Callable[[], load.Outcome]:
    """A block in which as many clients grade one card after another.

    With `wants_next` they also get what the next card says, as a browser of ours does; which card
    that is they are told for nothing.
    """
    # Another part of the cards each time, so that most are answered when they are due.
    parts = count()
    size = len(cards) // 50
    kind = "anki_next" if wants_next else "anki"

    def answer() -> load.Outcome:
        start = next(parts) * size % len(cards)
        some = cards[start : start + size]
        return _without_failure(load.Job(kind, port, BLOCK, CONNECTIONS, (), some))

    return answer


def page(port: int, path: str, browser: tuple[str, str]) -> Callable[[], load.Outcome]:
    """A block in which one signed-in browser asks for a page again and again."""
    job = load.Job("page", port, BLOCK, 1, (browser,), (), path)
    return lambda: _without_failure(job)


def _without_failure(job: load.Job) -> load.Outcome:
    outcome = load.run(job)
    if outcome.failed:
        raise RuntimeError(f"{outcome.failed} of {outcome.answered} requests failed: {job}")
    return outcome
