"""A load generator in a process of its own: `python -m bench.load` reads a job and prints what came of it.

It is as small as can be, because it shares the machine with the server it measures: requests are
bytes made beforehand, and of an answer only its end and the next card are looked for.
"""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import cycle, pairwise
from statistics import median, quantiles
from time import perf_counter
from typing import Any
from uuid import uuid4

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_NEXT_CARD = re.compile(rb'data-card="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Job:
    """What to ask of a server on loopback, for how long, over how many connections.

    `kind` is "review" (`browsers` are pairs of cookie and token, one a connection, `cards` what
    they answer first), "anki" (`cards` are the ids to answer), "anki_next" (the same, and what the
    next card says) or "page" (`path`, as a browser).
    """

    kind: str
    port: int
    seconds: float
    connections: int
    browsers: Sequence[tuple[str, str]] = ()
    cards: Sequence[str] = ()
    path: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Requests answered with 200 and otherwise, the former a second, and the time one takes (s)."""

    answered: int
    failed: int
    a_second: float
    p50: float
    p99: float


def run(job: Job) -> Outcome:
    """Let a process of its own do the job."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps(asdict(job)),
        capture_output=True,
        text=True,
        check=True,
    )
    return Outcome(**json.loads(done.stdout))


class _Connection(asyncio.Protocol):
    """One request at a time, the next as soon as the answer is whole."""

    def __init__(self, request_after: Callable[[bytes], bytes]) -> None:
        self._request_after = request_after
        self._buffer = b""
        self._started = 0.0
        self.took: list[float] = []
        self.failed = 0
        self.stopping = False
        self.stopped = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask(b"")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = _LENGTH.search(head)
        assert length, head
        if len(body) < int(length[1]):
            return
        self.took.append(perf_counter() - self._started)
        self.failed += not head.startswith(b"HTTP/1.1 200")
        self._buffer = b""
        if self.stopping:
            self._transport.close()
        else:
            self._ask(body)

    def connection_lost(self, exc: Exception | None) -> None:
        self.failed += not self.stopping
        self.stopped.set_result(None)

    def _ask(self, answer: bytes) -> None:
        request = self._request_after(answer)
        self._started = perf_counter()
        self._transport.write(request)


async def _do(job: Job) -> Outcome:
    loop = asyncio.get_running_loop()
    connections = []
    for number in range(job.connections):
        protocol = partial(_Connection, _asker(job, number))
        _, connection = await loop.create_connection(protocol, "127.0.0.1", job.port)
        connections.append(connection)
    started = perf_counter()
    await asyncio.sleep(job.seconds)
    for connection in connections:
        connection.stopping = True
    elapsed = perf_counter() - started
    answered = sum(len(connection.took) - connection.failed for connection in connections)
    await asyncio.gather(*(connection.stopped for connection in connections))
    took = [seconds for connection in connections for seconds in connection.took]
    return Outcome(
        answered=answered,
        failed=sum(connection.failed for connection in connections),
        a_second=answered / elapsed,
        p50=median(took),
        p99=quantiles(took, n=100)[-1],
    )


def _asker(job: Job, number: int) -> Callable[[bytes], bytes]:
    match job.kind:
        case "review":
            return _reviewer(*job.browsers[number], job.cards[0])
        case "anki" | "anki_next":
            return _anki_client(job.cards[number :: job.connections], job.kind == "anki_next")
        case _:
            cookie = f"Cookie: {job.browsers[number][0]}\r\n" if job.browsers else ""
            request = f"GET {job.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{cookie}\r\n".encode()
            return lambda _: request


def _reviewer(cookie: str, token: str, first_card: str) -> Callable[[bytes], bytes]:
    """A browser in a session: it grades the card it was given, and gets the next."""
    head = (
        "POST /herhalen HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Fragment: kaart\r\n"
        f"Cookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        "Content-Length: {}\r\n\r\n{}"
    )
    grades = cycle(("good", "good", "easy", "good", "hard", "good", "good", "again"))
    # One sitting after another, but for the last card of each: its answer is another page.
    left = cycle(range(30, 1, -1))

    def ask(answer: bytes) -> bytes:
        found = _NEXT_CARD.search(answer)
        card = found[1].decode() if found else first_card
        form = (
            f"csrf_token={token}&id={uuid4()}&card={card}&grade={next(grades)}"
            f"&duration_ms=4000&left={next(left)}"
        )
        return head.format(len(form), form).encode()

    return ask


def _anki_client(cards: Sequence[str], wants_next: bool) -> Callable[[bytes], bytes]:
    """A client of AnkiConnect that grades one card after another, and may ask for the next too."""
    waiting = pairwise(cycle(int(card) for card in cards))
    eases = cycle((3, 3, 4, 3, 2, 3, 3, 1))

    def ask(_: bytes) -> bytes:
        card, following = next(waiting)
        answer = {"answers": [{"cardId": card, "ease": next(eases)}]}
        action: dict[str, Any] = {"action": "answerCards", "version": 6, "params": answer}
        if wants_next:
            show = {"action": "cardsInfo", "version": 6, "params": {"cards": [following]}}
            action = {"action": "multi", "version": 6, "params": {"actions": [action, show]}}
        body = json.dumps(action)
        return (
            "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    return ask


def main() -> None:
    given: dict[str, Any] = json.load(sys.stdin)
    print(json.dumps(asdict(asyncio.run(_do(Job(**given))))))


if __name__ == "__main__":
    main()
