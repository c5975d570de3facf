"""The chapter, its lessons and the glossary, as somebody reads them."""

import re

from flask.testing import FlaskClient

from tests.conftest import Clock, Visitor

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
