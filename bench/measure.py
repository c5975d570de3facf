"""Taking turns, so that a busy minute of the machine hits both sides, and comparing by medians."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table: `ratio` is ours against the peer, as the name says.

    `bound` is the promise, "<=" or ">=" and a number, or empty where nothing was promised.
    """

    name: str
    ours: str
    peer: str
    ratio: float
    bound: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the promise holds; always where there is none."""
        if not self.bound:
            return True
        sign, number = self.bound.split()
        return self.ratio <= float(number) if sign == "<=" else self.ratio >= float(number)


def take_turns(rounds: int, sides: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Run a block of each side in turn, `rounds` times; what each block gave, by side.

    The order turns round every time, so that nobody always comes first after a pause. A round
    that is not counted goes before, to warm everything up.
    """
    for run in sides.values():
        run()
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds):
        names = list(sides)
        for name in names if number % 2 == 0 else reversed(names):
            taken[name].append(sides[name]())
    return taken


def ratio(ours: Sequence[float], peer: Sequence[float]) -> float:
    """The median of the ratios of neighbouring blocks."""
    return median(a / b for a, b in zip(ours, peer, strict=True))


def median_seconds(action: Callable[[], object], times: int) -> float:
    """The p50 of one `action`, in seconds, over a block of so many."""
    seconds = []
    for _ in range(times):
        started = perf_counter()
        action()
        seconds.append(perf_counter() - started)
    return median(seconds)


def in_microseconds(seconds: Sequence[float]) -> str:
    return f"{median(seconds) * 1e6:,.0f} µs"


def in_milliseconds(seconds: Sequence[float]) -> str:
    return f"{median(seconds) * 1e3:,.1f} ms"


def a_second(rates: Sequence[float]) -> str:
    return f"{median(rates):,.0f}/s"


def table(results: Sequence[Result]) -> str:
    """The results as a Markdown table."""
    rows = [("what", "ours", "peer", "ratio", "bound", "met")]
    for result in results:
        met = "" if not result.bound else "yes" if result.is_met else "NO"
        rows.append(
            (result.name, result.ours, result.peer, f"{result.ratio:.2f}", result.bound, met)
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
