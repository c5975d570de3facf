"""Stand-in until the half of the page is merged, which replaces this file."""

from dataclasses import dataclass
from enum import Enum

from app.learning.course import ReflectivePrompt


class Reason(Enum):
    """Why a day has the prompt it has."""

    SHOWN_BEFORE = "shown_before"
    NEW = "new"
    FREE_DAY = "free_day"


@dataclass(frozen=True, slots=True)
class Choice:
    """The prompt of a day, or None where there is none, and why."""

    prompt: ReflectivePrompt | None
    reason: Reason
