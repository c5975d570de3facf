"""Reviewing over HTTP: sittings, forms without script, fragments, and what they cost."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from app.storage import learners, reviews
from tests.conftest import Clock, Visitor

Counting = Callable[[], AbstractContextManager[list[str]]]


def fields_of(page: str, action: str = "/herhalen") -> dict[str, str]:
    """The hidden fields of the first form with that action."""
    form = re.search(rf'<form method="post" action="{action}".*?</form>', page, re.DOTALL)
    assert form, f"no form for {action} in {page}"
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]))


def answer(visitor: Visitor, page: str, grade: str, **more: str) -> str:
    """Press a grade in the page; gives the page that follows."""
    data = {**fields_of(page), "grade": grade, **more}
    response = visitor.client.post("/herhalen", data=data, follow_redirects=True)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def sitting(visitor: Visitor) -> str:
    visitor.get("/hoofdstuk1/eerste-les")
    return visitor.get("/herhalen")


def card_in(page: str) -> str | None:
    found = re.search(r'<div class="kaart" role="group" data-card="([\w-]+)"', page)
    return found[1] if found else None


def test_a_whole_sitting_works_without_script_and_ends_with_one_next_step(
    learner: Visitor,
) -> None:
    page = sitting(learner)
    asked = []
    while card := card_in(page):
        asked.append(card)
        page = answer(learner, page, "good")
    assert asked == ["band-afstand", "band-engels", "band-lena", "band-verschil"]
    assert "Klaar voor nu" in page
    assert "Vandaag herhaalde je 4 kaarten" in page
    assert "Lees verder: De tweede les" in page


def test_a_missed_card_comes_back_in_the_sitting_until_it_is_remembered_once(
    learner: Visitor,
) -> None:
    page = answer(learner, sitting(learner), "again")
    assert "De vorige kaart komt straks terug" in page
    asked = []
    while card := card_in(page):
        asked.append(card)
        page = answer(learner, page, "again" if len(asked) == 4 else "good")
    assert asked == ["band-engels", "band-lena", "band-verschil", "band-afstand", "band-afstand"]


def test_a_skip_leaves_no_trace_and_the_card_comes_on_a_later_sitting(learner: Visitor) -> None:
    page = sitting(learner)
    before = reviews.all_reviews(1), reviews.memories_of(1)
    skip = re.search(r'class="overslaan" href="([^"]+)"', page)
    assert skip
    page = learner.get(skip[1].replace("&amp;", "&"))
    assert card_in(page) == "band-engels"
    assert (reviews.all_reviews(1), reviews.memories_of(1)) == before
    while card_in(page):
        page = answer(learner, page, "good")
    assert "Wat je oversloeg, komt een volgende keer weer langs" in page
    assert card_in(learner.get("/herhalen")) == "band-afstand"


def test_several_answers_can_be_taken_back_one_after_the_other(learner: Visitor) -> None:
    first = sitting(learner)
    second = answer(learner, first, "good")
    after_one = reviews.memories_of(1)
    third = answer(learner, second, "again")
    assert card_in(third) == "band-lena"

    back = learner.client.post(
        "/herhalen/ongedaan", data=fields_of(third, "/herhalen/ongedaan"), follow_redirects=True
    ).get_data(as_text=True)
    assert card_in(back) == "band-engels"
    assert reviews.memories_of(1) == after_one

    back = learner.client.post(
        "/herhalen/ongedaan", data=fields_of(back, "/herhalen/ongedaan"), follow_redirects=True
    ).get_data(as_text=True)
    assert card_in(back) == "band-afstand"
    assert reviews.memories_of(1) == {}
    assert fields_of(back)["left"] == fields_of(first)["left"]
    assert "hidden" in back[back.index('class="ongedaan"') :][:30]


def test_sending_a_form_twice_counts_once(learner: Visitor) -> None:
    page = sitting(learner)
    answer(learner, page, "good")
    answer(learner, page, "good")
    assert len(reviews.all_reviews(1)) == 1


def test_each_button_says_when_the_card_returns_and_that_is_what_happens(
    learner: Visitor, clock: Clock
) -> None:
    page = sitting(learner)
    days = dict(re.findall(r'value="(again|good)">.*?datetime="([\d-]+)"', page, re.DOTALL))
    assert days["again"] == clock().date().isoformat()
    answer(learner, page, "good")
    assert reviews.memories_of(1)["band-afstand"].due_on == date.fromisoformat(days["good"])


def test_a_reason_for_a_miss_is_kept_and_leads_on(learner: Visitor, clock: Clock) -> None:
    page = answer(learner, sitting(learner), "again", why_missed="not_understood")
    assert '<a href="/hoofdstuk1/eerste-les#zin-band-afstand">Lees de zin na' in page
    clock.forward(minutes=1)
    page = answer(learner, page, "again", why_missed="confused")
    clock.forward(minutes=1)
    assert '<a href="/kaart/los-of-vast">losse band</a>' in page
    answer(learner, page, "good", why_missed="forgot")
    kept = [event.why_missed and event.why_missed.value for event in reviews.all_reviews(1)]
    assert kept == ["not_understood", "confused", None]


def test_who_forgot_can_make_a_mnemonic_at_once(learner: Visitor) -> None:
    page = answer(learner, sitting(learner), "again", why_missed="forgot")
    assert 'href="/kaart/band-afstand/woorden#note">Bedenk een geheugensteun</a>' in page
    assert 'id="note"' in learner.get("/kaart/band-afstand/woorden")


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("forgot", 'href="/kaart/band-afstand/woorden#note">Bedenk een geheugensteun</a>'),
        ("not_understood", '<a href="/hoofdstuk1/eerste-les#zin-band-afstand">Lees de zin na'),
        ("confused", '<a href="/kaart/los-of-vast">losse band</a>'),
        ("bad_question", 'href="/kaart/band-afstand/melding">Zeg erbij wat er niet klopt</a>'),
    ],
)
def test_a_reason_that_is_given_in_a_lesson_leads_on_too(
    learner: Visitor, why: str, said: str
) -> None:
    data = {**fields_of(learner.get("/hoofdstuk1/eerste-les")), "grade": "again", "why_missed": why}
    response = learner.client.post("/herhalen", data=data, headers={"X-Fragment": "1"})
    card = response.get_data(as_text=True)
    assert "Deze kaart komt straks terug" in card and said in card
    # It belongs to the answer, not to the card.
    assert said not in learner.get("/hoofdstuk1/eerste-les")


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("forgot", 'href="/kaart/band-afstand/woorden#note">Bedenk een geheugensteun</a>'),
        ("confused", '<a href="/kaart/los-of-vast">losse band</a>'),
    ],
)
def test_a_reason_that_is_given_in_a_lesson_leads_on_without_script_as_well(
    learner: Visitor, why: str, said: str
) -> None:
    lesson = learner.get("/hoofdstuk1/eerste-les")
    data = {**fields_of(lesson), "grade": "again", "why_missed": why}
    response = learner.client.post("/herhalen", data=data)
    assert response.status_code == 302
    page = learner.get(response.headers["Location"].partition("#")[0])
    assert page.count(said) == 1
    assert said not in learner.get("/hoofdstuk1/eerste-les")


def test_the_miss_too_many_in_a_lesson_is_said_without_script_as_well(
    learner: Visitor, clock: Clock
) -> None:
    for grade in ("good", *["again", "good"] * 5, "again"):
        page = learner.get("/hoofdstuk1/eerste-les")
        data = {**fields_of(page), "card": "band-afstand", "id": uuid4().hex, "grade": grade}
        response = learner.client.post("/herhalen", data=data)
        clock.forward(days=30)
    assert "vorige=band-afstand" in response.headers["Location"]
    page = learner.get(response.headers["Location"].partition("#")[0])
    assert page.count("Deze kaart ontglipt je steeds weer") == 1


@pytest.mark.parametrize("asked", ["vorige=niets", "vorige=band-afstand&waarom=onzin", "vorige="])
def test_an_address_that_tells_of_nothing_that_helps_gives_the_lesson_as_it_is(
    learner: Visitor, asked: str
) -> None:
    data = {**fields_of(learner.get("/hoofdstuk1/eerste-les")), "grade": "again"}
    learner.client.post("/herhalen", data=data)
    page = learner.get(f"/hoofdstuk1/eerste-les?{asked}")
    assert "Deze kaart komt straks terug" in page
    # The same but for the ids that the next answers will have.
    ids = r'name="id" value="[^"]+"'
    assert re.sub(ids, "", page) == re.sub(ids, "", learner.get("/hoofdstuk1/eerste-les"))


def test_a_form_made_for_somebody_is_never_counted_for_somebody_else(
    app: Flask, learner: Visitor
) -> None:
    fields = fields_of(sitting(learner))
    other = Visitor(app).begin()
    data = {**fields, "csrf_token": other.token(), "grade": "good"}
    assert other.client.post("/herhalen", data=data).status_code == 401
    stranger = Visitor(app)
    data["csrf_token"] = stranger.token()
    assert stranger.client.post("/herhalen", data=data).status_code == 401
    assert learners.learner_ids() == [1, 2]


def test_a_card_of_a_lesson_shows_its_state_and_is_asked_again_when_due(
    learner: Visitor, clock: Clock
) -> None:
    lesson = learner.get("/hoofdstuk1/eerste-les")
    lesson = answer(learner, lesson, "good")
    card = lesson[lesson.index('id="kaart-band-afstand"') : lesson.index('id="kaart-band-engels"')]
    assert "Deze kaart komt over 2 dagen terug" in card
    assert 'name="grade"' not in card
    assert "Maak je antwoord ongedaan" in card
    clock.forward(days=2)
    lesson = learner.get("/hoofdstuk1/eerste-les")
    card = lesson[lesson.index('id="kaart-band-afstand"') : lesson.index('id="kaart-band-engels"')]
    assert "Deze kaart is aan de beurt" in card
    assert 'name="grade"' in card
    assert "Maak je antwoord ongedaan" not in card


def test_an_answer_in_a_lesson_can_be_taken_back_there(learner: Visitor) -> None:
    lesson = answer(learner, learner.get("/hoofdstuk1/eerste-les"), "good")
    back = learner.client.post(
        "/herhalen/ongedaan", data=fields_of(lesson, "/herhalen/ongedaan"), follow_redirects=True
    )
    assert back.request.path == "/hoofdstuk1/eerste-les"
    assert reviews.memories_of(1) == {}


def test_a_visitor_begins_with_the_first_answer(visitor: Visitor) -> None:
    lesson = answer(visitor, visitor.get("/hoofdstuk1/eerste-les"), "good")
    assert "Deze kaart komt" in lesson
    answer(visitor, lesson, "good")
    assert learners.learner_ids() == [1]
    assert set(reviews.memories_of(1)) == {"band-afstand", "band-engels"}


def test_a_first_answer_that_makes_no_sense_begins_nobody(visitor: Visitor) -> None:
    form = fields_of(visitor.get("/hoofdstuk1/eerste-les"))
    for wrong in ({"grade": "great"}, {"grade": "good", "card": "verzonnen"}):
        assert visitor.client.post("/herhalen", data={**form, **wrong}).status_code == 400
    assert learners.learner_ids() == []


def test_a_lesson_mentions_cards_of_the_other_track_quietly(learner: Visitor) -> None:
    lesson = learner.get("/hoofdstuk1/eerste-les")
    assert "horen nog 2 kaarten van de verdieping" in lesson
    assert "verdieping" not in learner.get("/hoofdstuk1/tweede-les")


@pytest.mark.parametrize(
    "address",
    [
        "/herhalen?kaarten=999999999",
        "/herhalen?kaarten=-1",
        "/herhalen?kaarten=twee&over=%00,x&laatste=nonsens",
        "/herhalen?kaart=bestaat-niet&vorige=ook-niet&waarom=zomaar",
        "/herhalen?kaarten=3&kaart=band-afstand&vorige=band-afstand&waarom=zomaar",
    ],
)
def test_a_strange_address_gives_a_page(learner: Visitor, address: str) -> None:
    sitting(learner)
    assert "Herhalen" in learner.get(address)


def test_what_today_says_follows_the_learner(learner: Visitor, clock: Clock) -> None:
    today = learner.get("/vandaag")
    assert "Je hebt nog geen kaarten" in today
    assert "Lees: De eerste les" in today

    page = sitting(learner)
    today = learner.get("/vandaag")
    assert "Er staan 4 kaarten voor je klaar. Dat kost je ongeveer 1 minuut." in today

    while card_in(page):
        page = answer(learner, page, "good")
    today = learner.get("/vandaag")
    assert "Voor vandaag ben je klaar.\nJe volgende kaart komt over 2 dagen" in today
    assert "Lees: De tweede les" in today

    clock.forward(days=1)
    assert "Vandaag is er niets te herhalen." in learner.get("/vandaag")
    clock.forward(days=60)
    assert "4 kaarten" in learner.get("/vandaag")


def test_pages_of_reviewing_ask_the_database_a_fixed_number_of_times(
    learner: Visitor, count_queries: Counting
) -> None:
    page = sitting(learner)
    answer(learner, page, "good")
    token = learner.token()
    data = {**fields_of(learner.get("/herhalen")), "grade": "good"}
    event = {
        "id": str(uuid4()),
        "card": "band-lena",
        "grade": "good",
        "reviewed_at": "2026-03-02T09:00:00+00:00",
        "duration_ms": 0,
        "why_missed": None,
    }
    cases: list[tuple[int, Callable[[], Any]]] = [
        (8, lambda: learner.client.get("/vandaag")),
        (13, lambda: learner.client.get("/herhalen")),
        (7, lambda: learner.client.get("/herhalen?kaarten=3")),
        (5, lambda: learner.client.get("/herhalen/stapel?dagen=1")),
        (11, lambda: learner.client.post("/herhalen", data=data, headers={"X-Fragment": "1"})),
        (
            5,
            lambda: learner.client.post(
                "/herhalen/beoordelingen",
                json={"reviews": [event]},
                headers={"X-CSRF-Token": token},
            ),
        ),
    ]
    counted = []
    for _, ask in cases:
        with count_queries() as queries:
            assert ask().status_code == 200
        counted.append(len(queries))
    assert counted == [expected for expected, _ in cases]


def test_a_grade_costs_seven_queries_where_cards_are_due(
    learner: Visitor, clock: Clock, count_queries: Counting
) -> None:
    page = sitting(learner)
    while card_in(page):
        page = answer(learner, page, "good")
    clock.forward(days=9)
    # The first post of a day also notes that the session is in use.
    page = answer(learner, learner.get("/herhalen"), "good")
    data = {**fields_of(page), "grade": "good"}
    with count_queries() as queries:
        learner.client.post("/herhalen", data=data, headers={"X-Fragment": "1"})
    assert len(queries) == 7, "\n".join(queries)
