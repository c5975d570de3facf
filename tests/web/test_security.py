"""What every answer carries."""

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.datastructures import Headers

from tests.conftest import Visitor

STATIC = Path(__file__).parents[2] / "app" / "web" / "static"


def headers_of(visitor: Visitor, path: str) -> Headers:
    with visitor.client.get(path) as response:
        return response.headers


@pytest.mark.parametrize("path", ["/", "/hulp", "/bestaat-niet", "/static/haven.css", "/healthz"])
def test_every_answer_carries_a_strict_policy(visitor: Visitor, path: str) -> None:
    headers = headers_of(visitor, path)
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "http" not in policy and "*" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_of_a_person_are_kept_nowhere(learner: Visitor) -> None:
    for path in ("/", "/vandaag", "/hoofdstuk1/eerste-les"):
        assert headers_of(learner, path)["Cache-Control"] == "no-store"


def test_a_file_with_its_hash_in_the_address_may_be_kept_for_ever(
    app: Flask, visitor: Visitor
) -> None:
    with app.test_request_context():
        address = app.url_for("static", filename="haven.css")
    assert address in visitor.get("/")
    assert "immutable" in headers_of(visitor, address)["Cache-Control"]


@pytest.mark.parametrize("path", ["/static/haven.css", "/static/haven.css?v=00000000"])
def test_a_file_under_any_other_address_is_asked_for_again(visitor: Visitor, path: str) -> None:
    assert headers_of(visitor, path)["Cache-Control"] == "no-cache"


def test_the_typeface_may_be_kept_and_is_the_one_the_page_asks_for_early(visitor: Visitor) -> None:
    page, style = visitor.get("/"), (STATIC / "haven.css").read_text()
    for font in (STATIC / "fonts").glob("*.woff2"):
        assert f'url("fonts/{font.name}")' in style
        kept = headers_of(visitor, f"/static/fonts/{font.name}")["Cache-Control"]
        assert "immutable" in kept
    assert 'href="/static/fonts/literata-5.3.0.woff2" as="font"' in page


def test_what_a_first_visit_downloads_stays_small() -> None:
    first = [STATIC / "haven.css", *(STATIC / "fonts").glob("literata-5*.woff2")]
    assert sum(file.stat().st_size for file in first) < 80_000
