"""The guides for authors: what they show must pass the check they describe."""

from pathlib import Path

from app.content.library import inspect_library
from app.learning.course import CardKind, PromptKind
from tests.guides import write_examples


def test_the_examples_of_the_author_guides_are_a_course_without_mistakes(tmp_path: Path) -> None:
    write_examples(tmp_path, "voorbeeld")

    course, problems = inspect_library(tmp_path)

    assert [str(problem) for problem in problems] == []
    assert {card.kind for card in course.cards.values()} == set(CardKind)
    assert course.retired
    assert {prompt.kind for prompt in course.prompts.values()} == set(PromptKind)
