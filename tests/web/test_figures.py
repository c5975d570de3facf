"""/voortgang/cijfers: numbers for who likes them, each picture with its table."""

import re
from xml.etree import ElementTree

from flask import Flask

from tests.conftest import Clock, Visitor
from tests.web.test_progress import answer, counted_queries, rows_of, text_of

PAGE = "/voortgang/cijfers"
PICTURES = ["komend", "kalender", "onthouden", "stabiliteit", "moeilijkheid", "kans", "tempo"]


def test_before_the_first_answer_it_says_so_and_points_back(learner: Visitor) -> None:
    page = learner.get(PAGE)
    assert "Hier staan cijfers zodra je een kaart hebt beantwoord" in page
    assert "<svg" not in page and "<table" not in page
    assert "/voortgang/cijfers" not in learner.get("/voortgang")


def test_a_visitor_is_sent_elsewhere(visitor: Visitor) -> None:
    assert visitor.client.get(PAGE).status_code == 302


def test_it_is_reached_quietly_from_progress(learner: Visitor, clock: Clock) -> None:
    answer(learner, clock, "band-afstand")
    assert '<a href="/voortgang/cijfers">Meer cijfers</a>' in learner.get("/voortgang")


def test_every_picture_has_its_table_beneath(learner: Visitor, clock: Clock) -> None:
    answer(learner, clock, "band-afstand", "band-engels")
    page = learner.get(PAGE)
    sections = re.findall(
        r'<section class="cijfer" aria-labelledby="(\w+)">(.*?)</section>', page, re.DOTALL
    )
    drawn = [name for name, section in sections if "<svg" in section]
    assert drawn == PICTURES
    for name, section in sections:
        if name in PICTURES:
            assert section.index("<svg") < section.index("<table"), name


def test_the_pictures_obey_the_content_policy_and_say_what_they_show(
    learner: Visitor, clock: Clock
) -> None:
    answer(learner, clock, "band-afstand")
    for picture in re.findall(r"<svg.*?</svg>", learner.get(PAGE), re.DOTALL):
        root = ElementTree.fromstring(picture)
        assert root.get("role") == "img" and root.get("aria-label")
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert tags <= {"svg", "g", "path", "rect", "text"}
        attributes = {name for element in root.iter() for name in element.attrib}
        assert not {"style", "id", "href"} & attributes


def test_today_and_the_days_are_told_without_a_streak(learner: Visitor, clock: Clock) -> None:
    answer(learner, clock, "band-afstand", "band-engels")
    answer(learner, clock, "band-lena", grade="again")
    page = learner.get(PAGE)
    assert re.search(r"antwoorden</dt><dd>3</dd>.*wist je</dt><dd>2</dd>", page, re.DOTALL)
    assert "maandag 2 maart 2026 1 3 0" in rows_of(page)
    assert "vandaag 1" in rows_of(page)
    clock.forward(days=1)
    page = text_of(learner.get(PAGE))
    assert "Vandaag heb je nog geen kaart beantwoord" in page
    for word in ("reeks", "op rij", "record", "streak", "!"):
        assert word not in page.partition("Terug naar je voortgang")[0].lower()


def test_what_was_known_stands_beside_what_was_expected(learner: Visitor, clock: Clock) -> None:
    answer(learner, clock, "band-afstand", "band-engels")
    clock.forward(days=2)
    answer(learner, clock, "band-afstand")
    answer(learner, clock, "band-engels", grade="again")
    page = learner.get(PAGE)
    [row] = [row for row in rows_of(page) if row.startswith("maandag 2 maart 2026 50 %")]
    assert re.fullmatch(r"maandag 2 maart 2026 50 % 9\d % 2", row)
    assert "band 4 antwoorden 75 % 4" in rows_of(page)


def test_the_figures_of_one_person_hold_nothing_of_another(
    app: Flask, learner: Visitor, clock: Clock
) -> None:
    answer(learner, clock, "band-afstand")
    assert "zodra je een kaart hebt beantwoord" in Visitor(app).begin().get(PAGE)


def test_the_page_reads_the_log_once_and_the_memories_once(learner: Visitor, clock: Clock) -> None:
    answer(learner, clock, "band-afstand", "band-engels")
    with counted_queries() as executed:
        learner.get(PAGE)
    assert len(executed) == 3, executed
