"""How each lesson reads: its length, its sentences, and a measure of ease. Nothing here is a mistake."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.content.columns import aligned
from app.content.lesson_format import running_text
from app.learning.course import Course

# A lesson takes five to eight minutes.
FEWEST_WORDS, MOST_WORDS = 300, 700
# The guide asks for sentences of ten to fourteen words, and few above twenty.
LONGEST_AVERAGE = 14
LONGEST_SENTENCE = 20
# Below it Douma calls a text "tamelijk moeilijk", for who went on learning after primary school;
# from it on "normaal". It is no measure of B1 or B2, which no formula can tell (Jansen & Boersma,
# 2013), but what is written for B1 to B2 stays well above it.
LOWEST_EASE = 60

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+")
# What sounds as one syllable in Dutch, the longest row of vowels first. Hyphenation, by which
# textstat and pyphen count, does not see the first syllable of "open" or "avond".
_SYLLABLE = re.compile(
    "eau|eeu|ieu|aai|ooi|oei|aa|ee|oo|uu|éé|óó|ie|oe|eu|ui|ei|ij|au|ou"
    "|[aeiouyáàâäéèêëíìîïóòôöúùûü]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Readability:
    """What was counted in a text."""

    words: int
    sentences: int
    long_sentences: int
    syllables: int

    @property
    def words_per_sentence(self) -> float:
        return self.words / max(1, self.sentences)

    @property
    def ease(self) -> float:
        """Reading ease by Flesch's formula as Douma fitted it to Dutch: higher is easier.

        W. H. Douma (1960), De leesbaarheid van landbouwbladen, Wageningen; as printed in
        https://dbnl.org/tekst/_taa014197701_01/_taa014197701_01_0089.php
        """
        per_hundred = 100 * self.syllables / max(1, self.words)
        return 206.8 - 0.77 * per_hundred - 0.93 * self.words_per_sentence


def measure(paragraphs: Iterable[str]) -> Readability:
    """The counts of running text."""
    sentences = [
        words
        for paragraph in paragraphs
        for sentence in _SENTENCE_END.split(paragraph)
        if (words := sentence.split())
    ]
    return Readability(
        words=sum(map(len, sentences)),
        sentences=len(sentences),
        long_sentences=sum(len(words) > LONGEST_SENTENCE for words in sentences),
        syllables=sum(syllables(word) for words in sentences for word in words),
    )


def syllables(word: str) -> int:
    """How many syllables a Dutch word has; at least one, also a number."""
    return max(1, len(_SYLLABLE.findall(word)))


def readability_report(course: Course) -> Iterator[str]:
    """A table with a line for each lesson, and below it what an author could look at again."""
    measured = {
        lesson.place.file: measure(running_text(lesson.blocks))
        for _, lesson in course.lessons.values()
    }
    yield from aligned(
        [
            ("les", "woorden", "per zin", f"zinnen boven {LONGEST_SENTENCE}", "leesgemak"),
            *(
                (
                    file,
                    str(counts.words),
                    f"{counts.words_per_sentence:.1f}".replace(".", ","),
                    f"{counts.long_sentences} van {counts.sentences}",
                    f"{counts.ease:.0f}",
                )
                for file, counts in measured.items()
            ),
        ]
    )
    for file, counts in measured.items():
        for remark in remarks(counts):
            yield f"Opmerking bij {file}: {remark}"


def remarks(counts: Readability) -> Iterator[str]:
    """What falls outside the bounds: a reason to read the lesson once more, never a mistake."""
    if not FEWEST_WORDS <= counts.words <= MOST_WORDS:
        yield f"{counts.words} woorden; een les heeft er {FEWEST_WORDS} tot {MOST_WORDS}."
    if counts.words_per_sentence > LONGEST_AVERAGE:
        yield f"de zinnen zijn lang: gemiddeld boven {LONGEST_AVERAGE} woorden."
    if counts.ease < LOWEST_EASE:
        yield f"de tekst leest moeilijk: het leesgemak is onder {LOWEST_EASE}."
