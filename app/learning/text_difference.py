"""What changed between two texts, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

_WORD = re.compile(r"\s+|\S+")


class Change(Enum):
    """What became of a run of words."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Run:
    """Some words in a row, with what became of them."""

    change: Change
    text: str


def difference(before: str, after: str) -> list[Run]:
    """The two texts in one: what stayed, and at each place first what went and then what came."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    runs = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            runs.append(Run(Change.SAME, "".join(old[old_from:old_to])))
            continue
        if old_to > old_from:
            runs.append(Run(Change.REMOVED, "".join(old[old_from:old_to])))
        if new_to > new_from:
            runs.append(Run(Change.ADDED, "".join(new[new_from:new_to])))
    return runs
