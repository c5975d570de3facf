"""What an author changed, word by word."""

from random import Random

import pytest

from app.learning.text_difference import Change, Run, difference


def test_words_that_went_and_came_are_told_apart_from_those_that_stayed() -> None:
    assert difference("Een band blijft.", "Een losse band gaat.") == [
        Run(Change.SAME, "Een"),
        Run(Change.ADDED, " losse"),
        Run(Change.SAME, " band "),
        Run(Change.REMOVED, "blijft."),
        Run(Change.ADDED, "gaat."),
    ]


def test_equal_texts_and_no_texts() -> None:
    assert difference("zo is het", "zo is het") == [Run(Change.SAME, "zo is het")]
    assert difference("", "") == []
    assert difference("", "nieuw") == [Run(Change.ADDED, "nieuw")]


@pytest.mark.parametrize("seed", range(20))
def test_both_texts_can_be_read_back(seed: int) -> None:
    chance = Random(seed)
    before, after = (
        " ".join(chance.choices(["een", "band", "los", "\n", "de"], k=chance.randrange(30)))
        for _ in range(2)
    )
    runs = difference(before, after)
    assert "".join(run.text for run in runs if run.change is not Change.ADDED) == before
    assert "".join(run.text for run in runs if run.change is not Change.REMOVED) == after
