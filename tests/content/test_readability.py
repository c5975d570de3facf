"""How a lesson reads, against texts that were counted by hand."""

import pytest

from app.content.lesson_format import parse_lesson, running_text
from app.content.problems import Problem
from app.content.readability import Readability, measure, readability_report, remarks, syllables
from app.learning.course import Course

SYLLABLES = {
    "ik": 1, "jij": 1, "nieuw": 1, "leeuw": 1, "één": 1, "zo'n": 1, "1969": 1, "groeit": 1,
    "open": 2, "oma": 2, "avond": 2, "idee": 2, "niveau": 2, "mooie": 2, "zeeën": 2, "moeite": 2,
    "relatie": 3, "theorie": 3, "sociaal": 3, "geruststelling": 4, "egoïsme": 4, "uitvalsbasis": 4,
    "financiële": 5, "objectconstantie": 5, "geïnteresseerd": 5,
}  # fmt: skip


@pytest.mark.parametrize("word", SYLLABLES)
def test_syllables_are_counted_as_they_sound(word: str) -> None:
    assert syllables(word) == SYLLABLES[word]


def test_words_and_sentences_are_counted_per_paragraph() -> None:
    counts = measure(["Noor belt oma. Zij neemt op!", "‘Wat fijn.’ Meer niet"])
    assert counts == Readability(words=10, sentences=4, long_sentences=0, syllables=11)
    assert counts.words_per_sentence == 2.5


def test_a_sentence_of_more_than_twenty_words_is_long() -> None:
    twenty = "ja " * 19 + "ja."
    assert measure([twenty]).long_sentences == 0
    assert measure([f"ja {twenty} {twenty}"]).long_sentences == 1


def test_the_ease_is_that_of_flesch_and_douma() -> None:
    # 130 syllables per hundred words, ten words a sentence: 206.8 - 0.77 * 130 - 0.93 * 10.
    assert Readability(100, 10, 0, 130).ease == pytest.approx(97.4)


def test_only_what_one_reads_through_is_counted() -> None:
    text = """---
titel: Een titel
paragraaf: 1.1
zin: Een zin.
leert: band
bronnen: proef2020
---

## Een kop telt niet
**Een** [twee]{kaart: a-b, c-d} drie.

* Vier [five]{taal: en}
* zes ([Proef]{bron: proef2020}).

[[kaart: a-b]]

::: gevoelig Een aankondiging.
Acht negen.
::: anders
Een andere weg.
:::

::: vignet
Tien.
:::
"""
    problems: list[Problem] = []
    lesson = parse_lesson("f.md", "01-les.md", text, problems)
    assert lesson is not None and problems == []
    assert list(running_text(lesson.blocks)) == [
        "Een twee drie.", "Vier five", "zes (Proef).", "Acht negen.", "Tien.",
    ]  # fmt: skip
    assert lesson.words == 10


def test_a_text_within_the_bounds_gets_no_remark() -> None:
    assert list(remarks(Readability(300, 30, 3, 450))) == []
    assert list(remarks(Readability(700, 50, 0, 1000))) == []


def test_a_text_outside_the_bounds_gets_a_remark_for_each() -> None:
    assert list(remarks(Readability(299, 30, 0, 450))) == [
        "299 woorden; een les heeft er 300 tot 700."
    ]
    assert list(remarks(Readability(701, 40, 0, 1300))) == [
        "701 woorden; een les heeft er 300 tot 700.",
        "de zinnen zijn lang: gemiddeld boven 14 woorden.",
        "de tekst leest moeilijk: het leesgemak is onder 60.",
    ]


def test_the_report_has_a_line_for_each_lesson_and_its_remarks(small_course: Course) -> None:
    assert list(readability_report(small_course)) == [
        "les                                 woorden  per zin  zinnen boven 20  leesgemak",
        "course/hoofdstuk1/01-eerste-les.md  44       6,3      0 van 7          103",
        "course/hoofdstuk1/02-tweede-les.md  7        7,0      0 van 1          90",
        "Opmerking bij course/hoofdstuk1/01-eerste-les.md: 44 woorden; een les heeft er 300 tot 700.",
        "Opmerking bij course/hoofdstuk1/02-tweede-les.md: 7 woorden; een les heeft er 300 tot 700.",
    ]
