"""What is wrong in a course file, told to its author: Dutch, with file and line."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.learning.course import Place


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake an author can mend."""

    place: Place
    text: str

    def __str__(self) -> str:
        return f"{self.place.file}, regel {self.place.line}: {self.text}"


class BrokenCourse(ValueError):
    """The course cannot be used; `problems` says why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)
