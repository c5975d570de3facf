"""Whatever goes wrong, a person reads in Dutch what to do, and a program gets the right status."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask, abort
from werkzeug.exceptions import TooManyRequests

from app.storage import database
from tests.conftest import Visitor


@pytest.fixture
def app(app: Flask) -> Flask:
    """The site with addresses that go wrong on purpose."""

    def refuse(code: int) -> str:
        if code == 429:
            raise TooManyRequests(retry_after=150)
        abort(code)

    def break_down() -> str:
        raise RuntimeError("broken on purpose")

    app.add_url_rule("/mis/<int:code>", view_func=refuse)
    app.add_url_rule("/mis/stuk", view_func=break_down)
    return app


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (400, "Ga terug en probeer het nog eens"),
        (401, "Begin of log in"),
        (403, "Er is niets veranderd"),
        (404, "Hier kun je verder"),
        (405, "Dit adres hoort bij een knop of een formulier"),
        (413, "stuur een kleiner stuk"),
        (429, "Probeer het over 3 minuten nog eens"),
        (500, "Dit ligt niet aan jou"),
        (503, "Meestal is dat na een minuut voorbij"),
    ],
)
def test_every_error_says_what_to_do(visitor: Visitor, code: int, sentence: str) -> None:
    response = visitor.client.get(f"/mis/{code}")
    assert response.status_code == code
    page = response.get_data(as_text=True)
    assert sentence in page
    assert '<html lang="nl">' in page and 'class="knop"' in page
    assert "Content-Security-Policy" in response.headers


@pytest.mark.parametrize(
    ("code", "word"), [(400, "bad_request"), (404, "not_found"), (429, "too_many"), (500, "broken")]
)
def test_a_program_gets_the_error_as_json(visitor: Visitor, code: int, word: str) -> None:
    response = visitor.client.get(f"/mis/{code}", headers={"Accept": "application/json"})
    assert response.status_code == code
    assert response.get_json()["error"] == word


def test_the_headers_of_an_error_stay(visitor: Visitor) -> None:
    assert visitor.client.get("/mis/429").headers["Retry-After"] == "150"
    assert "GET" in visitor.post("/hulp").headers["Allow"]


def test_a_breakdown_gives_a_reference_that_is_in_the_log(
    learner: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        response = learner.client.get("/mis/stuk")
    assert response.status_code == 500
    page = response.get_data(as_text=True)
    reference = re.search(r"<strong>([0-9a-f]{8})</strong>", page)
    assert reference
    assert f"reference {reference[1]}: GET /mis/stuk" in caplog.text
    assert "broken on purpose" in caplog.text
    assert "broken on purpose" not in page


def test_the_page_of_a_breakdown_needs_no_database(
    learner: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    with _queries() as asked:
        response = learner.client.get("/mis/stuk")
    assert response.status_code == 500
    assert "Dit ligt niet aan jou" in response.get_data(as_text=True)
    assert asked == []


def test_without_a_database_people_are_told_to_come_back(
    learner: Visitor, db_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database.close()
    is_file = db_url.startswith("sqlite")
    database.bind(f"sqlite:///{tmp_path}" if is_file else "postgresql://nobody@127.0.0.1:1/haven")
    response = learner.client.get("/vandaag")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    assert "Haven kan nu niet bij de gegevens" in response.get_data(as_text=True)
    assert "cannot be reached" in caplog.text


def test_a_page_that_was_open_too_long_gives_back_what_was_written(learner: Visitor) -> None:
    response = learner.client.post(
        "/herhalen",
        data={"csrf_token": "old", "note": "twee hele <zinnen>", "password": "een geheime zin"},
    )
    assert response.status_code == 400
    page = response.get_data(as_text=True)
    assert "te lang open" in page
    assert "twee hele &lt;zinnen&gt;" in page
    assert "een geheime zin" not in page


def test_a_program_hears_that_its_token_is_old(learner: Visitor) -> None:
    response = learner.client.post(
        "/herhalen/beoordelingen", json={"reviews": []}, headers={"X-CSRF-Token": "old"}
    )
    assert (response.status_code, response.get_json()) == (400, {"error": "csrf"})


def test_a_post_from_another_site_is_refused(learner: Visitor) -> None:
    response = learner.client.post("/herhalen", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"reviews": [', 400),
        (b'{"reviews": "\xff\xfe"}', 400),
        (b"", 400),
        (b"null", 400),
        (b'{"reviews": [' + b"[" * 100_000 + b"]}", 400),
        (b'{"reviews": "' + b"x" * 10_000_000 + b'"}', 413),
    ],
    ids=["broken", "not UTF-8", "empty", "null", "deep", "10 MB"],
)
def test_json_that_makes_no_sense_is_the_senders_mistake(
    learner: Visitor, body: bytes, status: int
) -> None:
    response = learner.client.post(
        "/herhalen/beoordelingen",
        data=body,
        content_type="application/json",
        headers={"X-CSRF-Token": learner.token()},
    )
    assert response.status_code == status
    assert "error" in response.get_json()


@pytest.mark.parametrize(
    ("body", "status"), [(b"grade=\xff\xfe", 400), (b"x=" + b"y" * 10_000_000, 413)]
)
def test_a_form_that_makes_no_sense_is_the_senders_mistake(
    learner: Visitor, body: bytes, status: int
) -> None:
    response = learner.client.post(
        "/herhalen",
        data=body + b"&csrf_token=" + learner.token().encode(),
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == status
    assert "<h1>" in response.get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    ["/hoofdstuk1/%FF%FE", "/%00", "/kaart/%00", "/hoofdstuk1/..%2f..%2fetc", "/static/../app.py"],
)
def test_an_address_that_makes_no_sense_is_not_found(learner: Visitor, path: str) -> None:
    assert learner.client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/herhalen?kaarten=%FF", "/herhalen?kaarten=-1&over=%00"])
def test_a_question_mark_with_nonsense_is_ignored(learner: Visitor, path: str) -> None:
    assert learner.client.get(path).status_code == 200


@contextmanager
def _queries() -> Iterator[list[str]]:
    """The SQL that is executed meanwhile."""
    asked: list[str] = []
    original = database.db.obj.execute_sql

    def execute_sql(sql: str, *args: object, **kwargs: object) -> object:
        asked.append(sql)
        return original(sql, *args, **kwargs)

    database.db.obj.execute_sql = execute_sql
    try:
        yield asked
    finally:
        del database.db.obj.execute_sql


def test_what_is_wrong_with_a_field_is_said_in_one_sentence_that_stands_once(app: Flask) -> None:
    source = Path(app.root_path, "templates", "_form.html").read_text()
    table = source[source.index("{% set sentences") : source.index("%}", source.index("sentences"))]
    # A second entry of a name would silently take the place of the first.
    names = re.findall(r'^  "(\w+)":', table, re.MULTILINE)
    assert len(names) > 20
    assert len(names) == len(set(names))
