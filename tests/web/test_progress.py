"""/voortgang and /kaart/<id>: honest, in words, a picture and a table, for whoever asks."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4
from xml.etree import ElementTree

from flask import Flask

from app.storage.database import db
from tests.conftest import Clock, Visitor

_ALLOWED_URL = 'xmlns="http://www.w3.org/2000/svg"'


def answer(who: Visitor, clock: Clock, *cards: str, grade: str = "good") -> None:
    for card in cards:
        sent = who.send(
            "/herhalen/beoordelingen",
            {
                "reviews": [
                    {
                        "id": str(uuid4()),
                        "card": card,
                        "grade": grade,
                        "reviewed_at": clock().isoformat(),
                        "duration_ms": 4000,
                    }
                ]
            },
        )
        assert list(sent.get_json()["due"]) == [card]


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def rows_of(page: str) -> list[str]:
    return [text_of(row).strip() for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL)]


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    executed: list[str] = []
    original = db.obj.execute_sql

    def execute_sql(sql: str, *args: object, **kwargs: object) -> object:
        executed.append(sql)
        return original(sql, *args, **kwargs)

    db.obj.execute_sql = execute_sql
    try:
        yield executed
    finally:
        del db.obj.execute_sql


def test_a_beginner_reads_what_will_be_here_and_gets_one_next_step(learner: Visitor) -> None:
    page = learner.get("/voortgang")
    assert "zodra je je eerste kaart hebt beantwoord" in page
    assert '<a class="knop" href="/hoofdstuk1/eerste-les">Eerste les: De eerste les</a>' in page
    assert page.count('class="knop"') == 1
    assert "<svg" not in page and "<table" not in page


def test_a_visitor_is_sent_elsewhere(visitor: Visitor) -> None:
    assert visitor.client.get("/voortgang").status_code == 302


def test_each_concept_says_how_many_cards_are_known_and_for_how_long(
    learner: Visitor, clock: Clock
) -> None:
    answer(learner, clock, "band-afstand", "band-engels", "band-verschil")
    answer(learner, clock, "band-lena", grade="again")
    page = learner.get("/voortgang")
    assert rows_of(page)[1:3] == [
        "band 3 van 4 kaarten, 1 weggezakt ongeveer drie weken vast: drie dagen",
        "losse band 1 van 1 kaart, 1 nog niet beantwoord ongeveer drie weken vast: drie dagen",
    ]
    assert "Dit zijn schattingen" in page
    assert "%" not in text_of(page)


def test_what_is_not_reviewed_fades_from_week_to_week(learner: Visitor, clock: Clock) -> None:
    answer(learner, clock, "band-afstand")
    assert "band 1 van 1 kaart, 3 nog niet beantwoord" in rows_of(learner.get("/voortgang"))[1]
    clock.forward(days=7)
    assert "1 vervaagt" in rows_of(learner.get("/voortgang"))[1]
    clock.forward(days=60)
    row = rows_of(learner.get("/voortgang"))[1]
    assert row == "band 0 van 1 kaart, 1 weggezakt, 3 nog niet beantwoord tot je hem herhaalt"


def test_the_week_says_per_day_how_many_minutes(learner: Visitor, clock: Clock) -> None:
    answer(learner, clock, "band-afstand", "band-engels")
    week = rows_of(learner.get("/voortgang"))[-7:]
    assert week[0] == "vandaag 0 0"
    assert week[2] == "woensdag 4 2 1"


def test_the_next_step_is_to_review_where_something_is_due(learner: Visitor, clock: Clock) -> None:
    answer(learner, clock, "band-afstand")
    clock.forward(days=3)
    page = learner.get("/voortgang")
    assert "Vandaag: 1 kaart, ongeveer 1 minuut." in text_of(page)
    assert re.findall(r'class="knop" href="([^"]+)"', page) == ["/herhalen"]


def test_the_pictures_obey_the_content_policy_and_say_what_they_show(
    learner: Visitor, clock: Clock
) -> None:
    answer(learner, clock, "band-afstand")
    pictures = re.findall(r"<svg.*?</svg>", learner.get("/voortgang"), re.DOTALL)
    assert len(pictures) == 2
    for picture in pictures:
        root = ElementTree.fromstring(picture)
        assert root.get("role") == "img" and root.get("aria-label")
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert tags <= {"svg", "g", "path", "rect", "text"}
        attributes = {name for element in root.iter() for name in element.attrib}
        assert not {"style", "id", "href"} & attributes
        assert "//" not in picture.replace(_ALLOWED_URL, "")


def test_progress_asks_the_database_one_thing_per_section(learner: Visitor, clock: Clock) -> None:
    answer(learner, clock, "band-afstand", "band-engels")
    with counted_queries() as executed:
        learner.get("/voortgang")
    # Who asks; what is remembered; what was put away; which lessons; what is new today; when last;
    # how fast.
    assert len(executed) == 7, executed


def test_anybody_may_read_a_card_and_the_sentence_it_came_from(visitor: Visitor) -> None:
    page = visitor.get("/kaart/band-afstand")
    assert "Wat doet een band op afstand?" in page
    assert "Hij blijft." in page
    assert 'href="/hoofdstuk1/eerste-les#zin-band-afstand"' in page
    assert 'href="/begrippen#band"' in page
    assert "Hoe deze kaart ervoor staat" not in page


def test_a_card_that_does_not_exist_is_not_found(visitor: Visitor) -> None:
    assert visitor.client.get("/kaart/bestaat-niet").status_code == 404


def test_a_card_tells_its_history_and_why_it_returns_when_it_does(
    learner: Visitor, clock: Clock
) -> None:
    assert "Je hebt deze kaart nog niet beantwoord." in learner.get("/kaart/band-afstand")
    answer(learner, clock, "band-afstand", grade="again")
    page = text_of(learner.get("/kaart/band-afstand"))
    assert "Daarom komt hij vandaag terug, tot je hem een keer weet." in page
    clock.forward(minutes=1)
    answer(learner, clock, "band-afstand")
    clock.forward(days=1)
    rows = rows_of(learner.get("/kaart/band-afstand"))
    assert rows[1:] == [
        "2 mrt 2026 wist ik dezelfde dag 4 mrt",
        "2 mrt 2026 nog niet nieuw 2 mrt",
    ]
    clock.forward(days=5)
    page = text_of(learner.get("/kaart/band-afstand"))
    assert "Daarom komt hij vandaag terug: herhalen houdt hem langer vast." in page


def test_a_card_that_waits_says_the_chance_now_and_on_its_day(
    learner: Visitor, clock: Clock
) -> None:
    answer(learner, clock, "band-afstand", grade="easy")
    page = text_of(learner.get("/kaart/band-afstand"))
    assert "Je zou hem nu meer dan 9 van de 10 keer weten." in page
    assert "dan is dat ongeveer 9 van de 10 keer" in page


def test_one_persons_card_page_shows_nothing_of_anothers(
    app: Flask, learner: Visitor, clock: Clock
) -> None:
    answer(learner, clock, "band-afstand")
    other = Visitor(app).begin()
    assert "Je hebt deze kaart nog niet beantwoord." in other.get("/kaart/band-afstand")


def test_a_card_of_the_other_track_says_so(learner: Visitor) -> None:
    assert "hoort bij de verdieping" in learner.get("/kaart/band-keuze")
    assert "hoort bij de verdieping" not in learner.get("/kaart/band-afstand")
