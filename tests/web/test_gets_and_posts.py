"""A GET changes nothing, and a POST changes nothing unless it proves where it came from."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.storage.database import db
from tests.conftest import Clock, Visitor

# What stands for the variable parts of an address; a new one may need its own line here.
EXAMPLES = {
    "chapter_slug": "hoofdstuk1",
    "lesson_slug": "eerste-les",
    "card_id": "band-afstand",
    "card": "band-afstand",
    "filename": "haven.css",
    "name": "haven.zip",
}
QUERIES = ("", "?dagen=7", "?kaarten=5&kaart=band-afstand", "?next=/vandaag")


def rules(app: Flask, method: str) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()):
            yield rule


def address(app: Flask, rule: Rule) -> str:
    values: dict[str, Any] = {name: EXAMPLES.get(name, "1") for name in rule.arguments}
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values | dict(rule.defaults or {}))


def dump() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    return {
        table: sorted(db.execute_sql(f'SELECT * FROM "{table}"').fetchall(), key=repr)
        for table in db.get_tables()
    }


def with_a_past(visitor: Visitor, clock: Clock) -> Visitor:
    """Somebody who has read a lesson and answered a card, yesterday and before."""
    visitor.begin()
    visitor.get("/hoofdstuk1/eerste-les")
    visitor.post("/herhalen", card="band-afstand", grade="again", id=f"{1:032x}")
    visitor.post("/herhalen", card="band-engels", grade="good", id=f"{2:032x}")
    clock.forward(days=3)
    return visitor


@pytest.mark.parametrize("who", ["a stranger", "somebody with a past"])
def test_no_get_changes_anything(app: Flask, clock: Clock, who: str) -> None:
    visitor = Visitor(app)
    if who != "a stranger":
        with_a_past(visitor, clock)
    before = dump()
    seen = 0
    for rule in rules(app, "GET"):
        for query in QUERIES:
            with visitor.client.get(address(app, rule) + query) as response:
                assert response.status_code < 500, f"{rule} {query}"
                seen += response.status_code == 200
            assert dump() == before, f"{rule} {query} changed something"
        for method in ("HEAD", "OPTIONS"):
            visitor.client.open(address(app, rule), method=method).close()
        assert dump() == before, rule
    assert seen > 20


@pytest.mark.parametrize("who", ["a stranger", "somebody with a past"])
def test_no_post_without_proof_changes_anything(app: Flask, clock: Clock, who: str) -> None:
    visitor = Visitor(app)
    if who != "a stranger":
        with_a_past(visitor, clock)
    form = {"card": "band-afstand", "grade": "good", "id": f"{3:032x}", "email": "a@example.nl"}
    token = visitor.token()
    attempts: tuple[tuple[dict[str, str], dict[str, str], int], ...] = (
        (form, {}, 400),
        (form | {"csrf_token": "0" * 64}, {}, 400),
        (form | {"csrf_token": token}, {"Sec-Fetch-Site": "cross-site"}, 403),
    )
    before = dump()
    posts = list(rules(app, "POST"))
    assert len(posts) >= 4
    for rule in posts:
        for fields, headers, refusal in attempts:
            response = visitor.client.post(address(app, rule), data=fields, headers=headers)
            # A phone without a session learns first that it is not signed in.
            is_json = hasattr(app.view_functions[rule.endpoint], "speaks_json")
            expected = 401 if refusal == 400 and is_json and who == "a stranger" else refusal
            assert response.status_code == expected, f"{rule} {fields} {headers}"
            assert dump() == before, rule


def test_only_get_and_post_are_spoken(app: Flask) -> None:
    spoken = {method for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert spoken <= {"GET", "HEAD", "OPTIONS", "POST"}


def test_a_page_in_which_somebody_is_known_is_kept_by_no_cache(app: Flask, clock: Clock) -> None:
    visitor = with_a_past(Visitor(app), clock)
    for rule in rules(app, "GET"):
        if rule.endpoint != "static":
            with visitor.client.get(address(app, rule)) as response:
                assert response.headers["Cache-Control"] == "no-store", rule
