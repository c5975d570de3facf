"""The grade that passes Flask by: the same answer, and at the first doubt Flask's own."""

import re
from collections.abc import Sequence
from threading import Event, Thread
from time import sleep
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.storage import database, reviews
from app.web.short_cut import ShortCut
from tests.conftest import Clock, Visitor
from tests.web.test_reviews import answer, card_in, fields_of, sitting

FRAGMENT = {"X-Fragment": "1"}


@pytest.fixture
def ways(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which way each request went, "short" or "whole"."""
    taken: list[str] = []
    short_cut = app.wsgi_app
    assert isinstance(short_cut, ShortCut)
    whole_way, page = short_cut._whole_way, short_cut._page

    def noting_whole(*arguments: Any) -> Any:
        taken.append("whole")
        return whole_way(*arguments)

    def noting_short(environ: dict[str, Any]) -> bytes | None:
        made = page(environ)
        if made is not None:
            taken.append("short")
        return made

    monkeypatch.setattr(short_cut, "_whole_way", noting_whole)
    monkeypatch.setattr(short_cut, "_page", noting_short)
    return taken


def grade(learner: Visitor, page: str, word: str = "good", **more: str) -> TestResponse:
    """Press a grade as our script does."""
    data = {**fields_of(page), "grade": word, **more}
    return learner.client.post("/herhalen", data=data, headers=FRAGMENT)


def in_a_sitting(learner: Visitor) -> str:
    """A page of a sitting, after the first answer has stored which lesson was read."""
    return answer(learner, sitting(learner), "good")


def without_new_id(response: TestResponse) -> str:
    """The text, without the id that the next answer will have."""
    return re.sub(r'name="id" value="[^"]+"', "", response.get_data(as_text=True))


@pytest.mark.parametrize(
    "more",
    [
        {"grade": "good"},
        {"grade": "again", "why_missed": "confused"},
        {"grade": "again", "why_missed": "not_understood"},
        {"grade": "good", "why_missed": "forgot"},
        {"grade": "hard", "reviewed_at": "2026-03-02T10:00:00+01:00", "duration_ms": "4000"},
        {"grade": "good", "skipped": "band-lena,<script>", "given": uuid4().hex, "left": "2"},
    ],
)
def test_both_ways_give_the_same_answer(
    learner: Visitor, ways: list[str], more: dict[str, str]
) -> None:
    page = in_a_sitting(learner)
    data = {**fields_of(page), **more}
    ways.clear()
    short = learner.client.post("/herhalen", data=data, headers=FRAGMENT)
    # Lessons that were read meanwhile are to be stored, and that is more than a grade.
    learner.client.set_cookie("haven_gelezen", "niets/hiervan")
    whole = learner.client.post("/herhalen", data=data, headers=FRAGMENT)
    assert ways == ["short", "whole"]
    assert short.status_code == whole.status_code == 200
    assert without_new_id(short) == without_new_id(whole)
    ours = {name: value for name, value in short.headers if name != "Content-Length"}
    theirs = {name: value for name, value in whole.headers if name != "Content-Length"}
    theirs.pop("Set-Cookie")  # it takes the cookie back
    assert ours == theirs
    assert len(reviews.all_reviews(1)) == 2


def test_a_whole_sitting_passes_flask_by_until_its_end(learner: Visitor, ways: list[str]) -> None:
    page = in_a_sitting(learner)
    ways.clear()
    while card_in(page):
        page = grade(learner, page).get_data(as_text=True)
    assert ways == ["short", "short", "whole"]
    assert "Klaar voor nu" in page
    assert len(reviews.all_reviews(1)) == 4


@pytest.mark.parametrize(
    ("more", "headers", "status"),
    [
        ({"csrf_token": "vals"}, {}, 400),
        ({}, {"Sec-Fetch-Site": "cross-site"}, 403),
        ({"learner": "999"}, {}, 401),
        ({"card": "bestaat-niet"}, {}, 400),
        ({"grade": "prima"}, {}, 400),
        ({"id": "geen-id"}, {}, 400),
        ({"reviewed_at": "2027-01-01T00:00:00Z"}, {}, 400),
        ({"reviewed_at": "2026-03-02T09:00:00"}, {}, 400),
        ({"why_missed": "x" * 20_000}, {}, 200),
        ({"lesson": "hoofdstuk1/eerste-les"}, {}, 200),
    ],
)
def test_at_the_first_doubt_flask_answers_as_it_always_did(
    learner: Visitor,
    ways: list[str],
    more: dict[str, str],
    headers: dict[str, str],
    status: int,
) -> None:
    page = in_a_sitting(learner)
    data = {**fields_of(page), "grade": "good", **more}
    ways.clear()
    response = learner.client.post("/herhalen", data=data, headers={**FRAGMENT, **headers})
    assert (ways, response.status_code) == (["whole"], status)


def test_a_body_that_is_no_form_reaches_flask_as_it_came(learner: Visitor, ways: list[str]) -> None:
    page = in_a_sitting(learner)
    data = {**fields_of(page), "grade": "good"}
    bodies = [
        b"\xff\xfe",
        b"csrf_token=%FF&grade=good",
        "&".join([f"{name}={value}" for name, value in data.items()] * 2).encode(),
    ]
    ways.clear()
    codes = [
        learner.client.post(
            "/herhalen",
            data=body,
            headers=FRAGMENT,
            content_type="application/x-www-form-urlencoded",
        ).status_code
        for body in bodies
    ]
    assert (ways, codes) == (["whole"] * 3, [400, 400, 200])


def test_what_fails_on_the_short_way_is_done_on_the_whole(
    learner: Visitor, ways: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = in_a_sitting(learner)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("app.web.short_cut.sitting_page", broken)
    ways.clear()
    assert card_in(grade(learner, page).get_data(as_text=True)) == "band-lena"
    assert ways == ["whole"]
    assert len(reviews.all_reviews(1)) == 2


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_grades_that_come_at_once_are_stored_in_one_go_and_each_gets_its_own_answer(
    app: Flask, ways: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [Visitor(app).begin() for _ in range(4)]
    pages = [in_a_sitting(each) for each in people]
    # One of them answers a card that does not exist.
    words = [{}, {}, {"card": "bestaat-niet"}, {"grade": "again"}]
    short_cut = app.wsgi_app
    assert isinstance(short_cut, ShortCut)
    store, groups, is_at_work, may_go_on = short_cut._together, list[int](), Event(), Event()
    store_all = store._do

    def storing(grades: Sequence[Any]) -> None:
        groups.append(len(grades))
        is_at_work.set()
        assert may_go_on.wait(10)
        store_all(grades)

    answers: dict[int, TestResponse] = {}

    def press(number: int) -> None:
        answers[number] = grade(people[number], pages[number], **words[number])
        database.db.close()

    monkeypatch.setattr(store, "_do", storing)
    ways.clear()
    threads = [Thread(target=press, args=[number]) for number in range(4)]
    threads[0].start()
    assert is_at_work.wait(10)
    for thread in threads[1:]:
        thread.start()
    while len(store._waiting) < 3:
        sleep(0.01)
    may_go_on.set()
    for thread in threads:
        thread.join(10)
    assert groups == [1, 3]
    assert sorted(ways) == ["short", "short", "short", "whole"]
    assert [answers[number].status_code for number in range(4)] == [200, 200, 400, 200]
    assert [len(reviews.all_reviews(number)) for number in range(1, 5)] == [2, 2, 1, 2]
    shown = [fields_of(answers[number].get_data(as_text=True)) for number in (0, 1, 3)]
    assert [each["learner"] for each in shown] == ["1", "2", "4"]


@pytest.mark.parametrize("db_url", ["postgresql"], indirect=True)
def test_where_many_can_write_nobody_waits_for_the_grade_of_another(
    app: Flask, learner: Visitor, ways: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def waits(_grades: object) -> None:
        pytest.fail("this would be its turn")

    page = in_a_sitting(learner)
    short_cut = app.wsgi_app
    assert isinstance(short_cut, ShortCut)
    monkeypatch.setattr(short_cut._together, "_do", waits)
    ways.clear()
    assert grade(learner, page).status_code == 200
    assert ways == ["short"]
    assert len(reviews.all_reviews(1)) == 2


def test_the_first_post_of_a_day_takes_the_whole_way_and_notes_that_the_session_is_in_use(
    learner: Visitor, clock: Clock, ways: list[str]
) -> None:
    in_a_sitting(learner)
    clock.forward(days=9)
    page = learner.get("/herhalen")
    ways.clear()
    page = grade(learner, page).get_data(as_text=True)
    grade(learner, page)
    assert ways == ["whole", "short"]


def test_a_session_that_was_ended_elsewhere_is_heard_by_nobody(
    learner: Visitor, ways: list[str]
) -> None:
    page = in_a_sitting(learner)
    data = {**fields_of(page), "grade": "good"}
    cookie = learner.client.get_cookie("haven")
    assert cookie
    assert learner.post("/uitloggen").status_code == 302
    learner.client.set_cookie("haven", cookie.value)
    ways.clear()
    response = learner.client.post("/herhalen", data=data, headers=FRAGMENT)
    assert ways == ["whole"]
    assert response.status_code == 401
    assert len(reviews.all_reviews(1)) == 1
