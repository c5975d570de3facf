"""The guides for authors: what they show must pass the check they describe."""

import re
from pathlib import Path

from app.content.library import inspect_library
from app.learning.course import CardKind, PromptKind

ROOT = Path(__file__).resolve().parents[2]
GUIDES = (ROOT / "course/README.md", ROOT / "cards/README.md")

# A file name between backquotes, alone on a line, and the fenced text of that file below it.
_EXAMPLE = re.compile(r"^`(\S+/\S+)`\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_examples_of_the_author_guides_are_a_course_without_mistakes(tmp_path: Path) -> None:
    for guide in GUIDES:
        for name, text in _EXAMPLE.findall(guide.read_text(encoding="utf-8")):
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    course, problems = inspect_library(tmp_path)

    assert [str(problem) for problem in problems] == []
    assert {card.kind for card in course.cards.values()} == set(CardKind)
    assert course.retired
    assert {prompt.kind for prompt in course.prompts.values()} == set(PromptKind)
