"""The chapter, its lessons and the glossary, as somebody reads them."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.content.library import read_library
from app.learning.course import Course, Load
from app.settings import Settings
from app.web import create_app
from tests.conftest import SMALL_COURSE, Clock, Visitor

CARD = "5a3c2c58-9d6a-4b11-9f3e-0d4cf7a0b00"


def answer(learner: Visitor, clock: Clock, *cards: str) -> None:
    reviews = [
        {"id": f"{CARD}{n}", "card": card, "grade": "good", "reviewed_at": clock().isoformat(),
         "duration_ms": 4000, "why_missed": None}
        for n, card in enumerate(cards)
    ]  # fmt: skip
    assert learner.send("/herhalen/beoordelingen", {"reviews": reviews}).status_code == 200


def words_of(page: str) -> str:
    """The page as it reads: without tags and with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_visitor_sees_what_each_lesson_costs(visitor: Visitor) -> None:
    page = words_of(visitor.get("/hoofdstuk1"))
    assert "De eerste les Over een band die blijft. 1 minuut, met 4 kaarten" in page
    assert "Begin met: De eerste les" in page


@pytest.mark.parametrize(("load", "is_folded"), [(Load.MODERATE, False), (Load.HEAVY, True)])
def test_a_question_that_can_be_heavy_is_read_only_by_who_opens_it(
    settings: Settings, clock: Clock, small_course: Course, load: Load, is_folded: bool
) -> None:
    prompts = {name: replace(prompt, load=load) for name, prompt in small_course.prompts.items()}
    course = replace(small_course, prompts=prompts)
    page = Visitor(create_app(settings, clock, course)).get("/hoofdstuk1/eerste-les")
    question = re.search(r'(<details class="zwaar">.*)?<p class="vraag">Wie was vandaag', page)
    assert question
    assert bool(question[1]) is is_folded


def test_the_chapter_says_in_words_where_a_learner_stands(learner: Visitor, clock: Clock) -> None:
    answer(learner, clock, "band-afstand", "los-vaster")
    page = words_of(learner.get("/hoofdstuk1"))
    assert "1 van 4 kaarten beantwoord; de volgende komt over 2 dagen" in page
    assert "Alle 1 kaarten beantwoord" not in page
    assert "De kaart is beantwoord" in page
    clock.forward(days=3)
    page = words_of(learner.get("/hoofdstuk1"))
    assert "1 kaart om vandaag te herhalen; 3 nog niet beantwoord" in page


def test_the_chapter_has_one_next_step(learner: Visitor, clock: Clock) -> None:
    assert learner.get("/hoofdstuk1").count('class="knop"') == 1
    answer(learner, clock, "band-afstand")
    page = learner.get("/hoofdstuk1")
    assert page.count('class="knop"') == 1
    assert "Verder met: De tweede les" in page


def test_a_source_links_to_its_doi_without_telling_where_one_came_from(visitor: Visitor) -> None:
    page = visitor.get("/hoofdstuk1/eerste-les")
    assert '<a href="https://doi.org/10.1000/proef" rel="noreferrer">' in page
    assert 'id="bron-proef2020"' in page and 'href="#bron-proef2020"' in page


def test_every_sentence_of_a_card_can_be_found(visitor: Visitor) -> None:
    page = visitor.get("/hoofdstuk1/eerste-les")
    for card in ("band-afstand", "band-engels", "band-lena", "band-verschil", "band-keuze"):
        assert page.count(f'id="zin-{card}"') == 1


def test_a_part_that_can_hurt_is_closed_and_has_an_equal_beside_it(visitor: Visitor) -> None:
    page = visitor.get("/hoofdstuk1/eerste-les")
    part = page[page.index('class="gevoelig"') :].split("</div>")[0]
    assert "Dit stuk gaat over afscheid." in part
    assert part.count("<details><summary>") == 2
    assert "<details open" not in part
    assert "Iemand gaat weg en komt niet terug." in part and "Een band kan veranderen." in part


def test_a_prompt_has_a_lighter_and_a_distant_variant_and_asks_for_nothing(
    visitor: Visitor,
) -> None:
    page = words_of(visitor.get("/hoofdstuk1/eerste-les"))
    assert "Wie was vandaag even dichtbij?" in page
    assert "Welk geluid vond je vandaag fijn?" in page
    assert "Wie is dichtbij in een film die je kent?" in page
    assert "Je hoeft niets op te schrijven." in page


def test_lessons_lead_to_each_other(visitor: Visitor) -> None:
    first, last = visitor.get("/hoofdstuk1/eerste-les"), visitor.get("/hoofdstuk1/tweede-les")
    assert 'rel="next"' in first and 'rel="prev"' not in first
    assert 'rel="prev"' in last and 'rel="next"' not in last


def test_the_glossary_goes_by_letter_and_links_terms_that_are_confused(visitor: Visitor) -> None:
    page = visitor.get("/begrippen")
    assert 'href="#letter-b"' in page and 'id="letter-l"' in page
    entry = words_of(page[page.index('id="band"') :].split("</dd>")[0])
    assert "Niet te verwarren met losse band" in entry
    assert "Les: De eerste les" in entry
    assert "Ook: dunne band" in words_of(page)


def test_the_welcome_page_knows_who_comes_back(client: FlaskClient, learner: Visitor) -> None:
    assert 'action="/begin"' in client.get("/").get_data(as_text=True)
    page = learner.get("/")
    assert 'href="/vandaag"' in page and 'action="/begin"' not in page


ENGLISH = '<span lang="en">'


@pytest.fixture
def english(settings: Settings, clock: Clock, tmp_path: Path) -> Visitor:
    """Somebody at a course with English in every place where an author can put it."""
    files = Path(shutil.copytree(SMALL_COURSE, tmp_path / "cursus"))
    for name, before, after in (
        ("cards/hoofdstuk1/01-eerste-les.md", "{bond}", "{[tie]{taal: en}}, in [slang]{taal: en}"),
        ("cards/hoofdstuk1/01-eerste-les.md", "situatie: Lena", "situatie: [Nan]{taal: en} Lena"),
        ("cards/hoofdstuk1/01-eerste-les.md", "Een band.", "Een [band]{taal: en}."),
        ("cards/hoofdstuk1/01-eerste-les.md", "hint: Denk", "hint: [Think]{taal: en} Denk"),
        ("cards/hoofdstuk1/01-eerste-les.md", "Het woord komt", "Het [word]{taal: en} komt"),
        (
            "cards/hoofdstuk1/01-eerste-les.md",
            "goed: een band | Precies",
            "goed: een [band]{taal: en} | [Yes]{taal: en}",
        ),
        ("course/hoofdstuk1/begrippen.md", "term: band\n", "term: attachment\ntaal: en\n"),
        ("course/hoofdstuk1/begrippen.md", "dunne band", "[loose tie]{taal: en} (Engels)"),
        ("course/hoofdstuk1/begrippen.md", "laat makkelijker los", "is [loose]{taal: en}"),
        ("course/hoofdstuk1/begrippen.md", "Wat twee mensen", "Wat [two]{taal: en} mensen"),
    ):
        file = files / name
        text = file.read_text(encoding="utf-8")
        assert before in text
        file.write_text(text.replace(before, after, 1), encoding="utf-8")
    return Visitor(create_app(settings, clock, read_library(files))).begin()


def test_english_is_marked_in_a_lesson_and_on_its_cards(english: Visitor) -> None:
    english.post("/instellingen", track="verdieping", page="/instellingen")
    lesson = english.get("/hoofdstuk1/eerste-les")
    for word in ("bond", "tie", "slang", "Nan", "band", "Think", "word", "Yes"):
        assert f"{ENGLISH}{word}</span>" in lesson, word
    cards = {item["card"]: item for item in english.client.get("/herhalen/stapel?dagen=1").get_json()["cards"]}  # fmt: skip
    assert f"{ENGLISH}slang</span>" in cards["band-engels"]["front"]
    assert f"{ENGLISH}tie</span>" in cards["band-engels"]["back"]
    assert f"{ENGLISH}word</span>" in cards["band-engels"]["back"]
    assert f"{ENGLISH}Nan</span>" in cards["band-lena"]["front"]


def test_english_is_marked_in_the_glossary(english: Visitor) -> None:
    page = english.get("/begrippen")
    for word in ("attachment", "loose tie", "loose", "two"):
        assert f"{ENGLISH}{word}</span>" in page, word


def test_a_title_is_plain_text(english: Visitor) -> None:
    page = english.get("/kaart/band-engels")
    assert "<title>Een band heet in het Engels een …, in slang." in page
    assert f'<a href="/begrippen#band">{ENGLISH}attachment</span></a>' in page
