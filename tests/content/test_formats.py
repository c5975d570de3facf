"""What the parsers make of a text, and that no text whatsoever breaks them."""

import json
import shutil
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.content.entries import parse_entries
from app.content.lesson_format import parse_lesson, replace_spans, spans
from app.content.library import inspect_library
from app.content.problems import Problem
from app.learning.course import (
    CardKind,
    Course,
    EmbeddedCard,
    EmbeddedPrompt,
    Place,
    Prose,
    Sensitive,
)
from app.web.course_html import CourseHtml
from tests.conftest import SMALL_COURSE


def entries_of(text: str) -> list[tuple[str, dict[str, list[tuple[str, int]]]]]:
    problems: list[Problem] = []
    found = parse_entries("f.md", text, problems)
    assert problems == []
    return [
        (
            entry.id,
            {key: [(v.text, v.line) for v in values] for key, values in entry.values.items()},
        )
        for entry in found
    ]


def test_a_value_runs_on_over_the_next_lines() -> None:
    text = "## a\nvraag: Wie\n  ben\njij?\nantwoord: Ik.\n"
    assert entries_of(text) == [("a", {"vraag": [("Wie ben jij?", 2)], "antwoord": [("Ik.", 5)]})]


def test_a_value_may_begin_on_the_line_below_its_key() -> None:
    assert entries_of("## a\nvraag:\nWie?\n") == [("a", {"vraag": [("Wie?", 2)]})]


def test_a_blank_line_ends_a_value_and_not_the_entry() -> None:
    text = "## a\nvraag: Wie?\n\nantwoord: Ik.\n"
    assert entries_of(text) == [("a", {"vraag": [("Wie?", 2)], "antwoord": [("Ik.", 4)]})]


def test_a_key_may_stand_on_several_lines() -> None:
    assert entries_of("## a\nfout: x | 1\nfout: y | 2\n") == [
        ("a", {"fout": [("x | 1", 2), ("y | 2", 3)]})
    ]


def test_what_stands_above_the_first_entry_is_a_remark() -> None:
    assert entries_of("Een opmerking: zomaar.\n# Kop\nvraag: nee\n## a\nvraag: ja\n") == [
        ("a", {"vraag": [("ja", 5)]})
    ]


def test_an_address_at_the_start_of_a_line_is_no_key() -> None:
    assert entries_of("## a\ntekst: Zie\nhttps://voorbeeld.nl/x: daar.\n") == [
        ("a", {"tekst": [("Zie https://voorbeeld.nl/x: daar.", 2)]})
    ]


def test_a_value_may_hold_colons_bars_and_quotation_marks() -> None:
    text = '## a\nvraag: Wat is "nabij": dit | of dat?\n'
    assert entries_of(text) == [("a", {"vraag": [('Wat is "nabij": dit | of dat?', 2)]})]


def test_only_the_line_breaks_of_an_editor_are_line_breaks() -> None:
    text = "## a\nvraag: één\u2028twee\x0cdrie\nantwoord: ja\n"
    assert [line for _, line in entries_of(text)[0][1]["antwoord"]] == [3]


def test_a_lesson_is_cut_where_a_directive_stands(small_course: Course) -> None:
    _, lesson = small_course.lessons["hoofdstuk1", "eerste-les"]
    assert [type(block) for block in lesson.blocks] == [
        Prose, Prose, EmbeddedCard, EmbeddedCard, Sensitive, Prose,
        EmbeddedCard, EmbeddedCard, EmbeddedCard, EmbeddedCard, EmbeddedPrompt,
    ]  # fmt: skip
    opening, prose, card, *_ = lesson.blocks
    assert opening == Prose("Wat gebeurt er als iemand weggaat?", 11, "beginvraag")
    assert isinstance(prose, Prose)
    assert (prose.line, prose.box) == (14, "")
    assert card == EmbeddedCard("band-afstand", 19)
    assert lesson.blocks[4] == Sensitive(
        note="Dit stuk gaat over afscheid.",
        text="Iemand gaat weg en komt niet terug.",
        line=24,
        alternative="Een band kan veranderen.",
        alternative_line=26,
    )


def test_each_kind_of_card_is_read_as_it_is_asked(small_course: Course) -> None:
    cards = small_course.cards
    assert {card.kind for card in cards.values()} == set(CardKind)
    assert cards["band-engels"].question == "Een band heet in het Engels een …."
    assert cards["band-engels"].answer == "bond"
    assert cards["band-lena"].situation.startswith("Lena zwaait")
    assert cards["los-of-vast"].concepts == ("losse-band", "band")
    right = [option.text for option in cards["band-keuze"].options if option.is_right]
    assert right == ["een band"] == [cards["band-keuze"].answer]
    assert cards["band-afstand"].place == Place("cards/hoofdstuk1/01-eerste-les.md", 3)


def test_a_span_may_hold_several_names_and_stand_on_any_line() -> None:
    text = "Eerst.\n[zo]{kaart: a, b} en\n[dit]{taal: en}"
    assert [(span.text, span.key, span.names, span.line) for span in spans(text, 10)] == [
        ("zo", "kaart", ("a", "b"), 11),
        ("dit", "taal", ("en",), 12),
    ]
    assert replace_spans(text, {"taal": ("<{names}>", "</>")}) == "Eerst.\nzo en\n<en>dit</>"


def test_a_lesson_without_a_head_is_no_lesson() -> None:
    problems: list[Problem] = []
    assert parse_lesson("f.md", "01-a.md", "Zomaar tekst.", problems) is None
    assert [problem.place for problem in problems] == [Place("f.md", 1)]


def test_nothing_an_author_types_becomes_script(tmp_path: Path) -> None:
    files = Path(shutil.copytree(SMALL_COURSE, tmp_path / "cursus"))
    for file in files.glob("c*/hoofdstuk1/*.md"):
        text = file.read_text(encoding="utf-8")
        for word in ("Een band", "Lena", "Wat twee", "dichtbij in een film"):
            text = text.replace(
                word, f"{word}<script>alert(1)</script><img src=x onerror=alert(2)>"
            )
        text = text.replace("{taal: en}", '{taal: en" onclick="alert(3)}')
        file.write_text(text, encoding="utf-8")
    html = CourseHtml(inspect_library(files)[0])
    pieces = [piece for lesson in html.lessons.values() for piece in lesson]
    prompts = [text for texts in html.prompts.values() for text in texts]
    shown = "".join(
        [
            *(piece.html + piece.alternative for piece in pieces),
            *(card.front + card.back + card.hint for card in html.cards.values()),
            *html.meanings.values(),
            *prompts,
        ]
    )
    assert shown.count("alert(1)") > 5
    assert "<script" not in shown
    assert "<img" not in shown
    assert 'onclick="' not in shown


# Pieces of the format, in any order and with anything between them.
PIECES = st.sampled_from(
    ["## ", "---", ":::", "::: vignet", "::: gevoelig Let op", "::: anders", "[[kaart: band-lena]]",
     "[[moment: dichtbij]]", "[[", "]]", "[zin]{kaart: band-lena}", "]{", "{", "}", "titel: x",
     "soort: meerkeuze", "soort: invul", "soort: verschil", "tekst: {a} {b}", "goed: a | b", "fout:",
     "begrip: band, band", "paragraaf: 1.1", "leert:", "bronnen: proef2020", "begrippen: ,,",
     "verward: |", "[paragrafen]", "titel = 3", "\ue000kaart:a\ue001", "\ue002kaart\ue002", "\ufeff",
     "**", "[", "](", "| a | b |", "|---|---|", "<script>", "\r", "\0", "\u2028"]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=12), max_size=25).flatmap(
    lambda pieces: st.lists(
        st.sampled_from(["\n", "\n", " ", ""]), min_size=len(pieces), max_size=len(pieces)
    ).map(lambda ends: "".join(piece + end for piece, end in zip(pieces, ends, strict=True)))
)
FILES = sorted(
    path.relative_to(SMALL_COURSE).as_posix() for path in SMALL_COURSE.glob("c*/hoofdstuk1/*")
)


@settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(name=st.sampled_from(FILES), text=TEXTS, keeps_head=st.booleans())
def test_no_text_whatsoever_breaks_the_check_or_the_pages(
    tmp_path: Path, name: str, text: str, keeps_head: bool
) -> None:
    files = tmp_path / "cursus"
    if not files.exists():
        shutil.copytree(SMALL_COURSE, files)
    original = (SMALL_COURSE / name).read_text(encoding="utf-8")
    (files / name).write_text(original + text if keeps_head else text, encoding="utf-8", newline="")
    course, problems = inspect_library(files)
    (files / name).write_text(original, encoding="utf-8")
    for problem in problems:
        assert problem.place.line >= 1
        assert json.dumps(str(problem))
    if not problems:
        CourseHtml(course)
