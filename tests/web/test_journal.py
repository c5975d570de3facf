"""The journal: read, searched, changed and deleted by its learner."""

import re
from uuid import uuid4

import pytest

from app.storage import tables
from app.storage.database import KEY_STORE, db
from tests.conftest import Clock, Visitor
from tests.web.test_moments import end, writer


@pytest.fixture
def author(learner: Visitor, clock: Clock) -> Visitor:
    """Somebody who wrote in February and in March."""
    writer(learner)
    end(learner, "written", id=uuid4(), text="In de tram zat een hond.")
    clock.forward(days=30)
    end(learner, "written", id=uuid4(), text="Mijn zus belde.")
    return learner


def ids(page: str) -> list[str]:
    return re.findall(r'href="/schrift/([0-9a-f-]{36})">', page)


def test_the_last_written_stands_on_top_under_its_month(author: Visitor) -> None:
    page = author.get("/schrift")
    places = [page.index(text) for text in ("april 2026", "Mijn zus", "maart 2026", "In de tram")]
    assert places == sorted(places)


def test_an_empty_journal_says_that_writing_is_no_duty(learner: Visitor) -> None:
    page = learner.get("/schrift")
    assert "in je hoofd telt even veel" in page
    assert "Zoek in je schrift" not in page


def test_the_words_of_a_search_are_in_no_address(author: Visitor) -> None:
    page = author.post("/schrift/zoeken", woorden="  HOND tram ").get_data(as_text=True)
    assert "1 tekst met “HOND tram”" in page
    assert "In de tram" in page and "Mijn zus" not in page
    nothing = author.post("/schrift/zoeken", woorden="poes").get_data(as_text=True)
    assert "Er is geen tekst met “poes”" in nothing
    assert author.post("/schrift/zoeken", woorden=" ").headers["Location"] == "/schrift"
    assert author.client.get("/schrift/zoeken").headers["Location"] == "/schrift"
    assert author.post("/schrift/zoeken", woorden="<b>" * 500).status_code == 200


def test_a_text_is_changed(author: Visitor) -> None:
    last = ids(author.get("/schrift"))[0]
    changed = author.post(f"/schrift/{last}", text="Mijn zus belde weer.")
    assert changed.headers["Location"].startswith("/schrift?gewijzigd=1#r-")
    page = author.get("/schrift?gewijzigd=1")
    assert "Mijn zus belde weer." in page and "· gewijzigd" in page
    assert "Je wijziging is bewaard" in page


@pytest.mark.parametrize("text", ["", "  ", "a" * 20_001])
def test_a_change_that_cannot_be_kept_changes_nothing(author: Visitor, text: str) -> None:
    last = ids(author.get("/schrift"))[0]
    refused = author.post(f"/schrift/{last}", text=text)
    assert refused.status_code == 422 and text.strip() in refused.get_data(as_text=True)
    assert "Mijn zus belde." in author.get("/schrift")


def test_a_text_is_deleted_after_a_question(author: Visitor) -> None:
    last = ids(author.get("/schrift"))[0]
    asked = author.get(f"/schrift/{last}/verwijderen")
    assert "Mijn zus belde." in asked and "reservekopieën" in asked
    author.post(f"/schrift/{last}/verwijderen")
    page = author.get("/schrift?verwijderd=1")
    assert "Mijn zus" not in page and "In de tram" in page
    for path in (f"/schrift/{last}", f"/schrift/{last}/verwijderen"):
        assert author.client.get(path).status_code == 404
        assert author.post(path, text="x").status_code == 404


def test_the_whole_journal_is_deleted_with_its_key(author: Visitor) -> None:
    [before] = db.execute_sql(f"SELECT id FROM {KEY_STORE}.data_key").fetchall()
    assert "niet ongedaan" in author.get("/schrift/verwijderen")
    author.post("/schrift/verwijderen")
    assert "Je schrift is leeg" in author.get("/schrift?leeg=1")
    [after] = db.execute_sql(f"SELECT id FROM {KEY_STORE}.data_key").fetchall()
    assert before != after and tables.Reflection.select().count() == 0


def test_texts_whose_key_is_lost_are_counted_and_not_hidden(author: Visitor) -> None:
    db.execute_sql(f"DELETE FROM {KEY_STORE}.data_key")
    page = author.get("/schrift")
    assert "2 teksten kunnen nu niet geopend worden" in page


@pytest.mark.parametrize("path", ["/schrift/1", "/schrift/00000000", f"/schrift/{'f' * 40}"])
def test_what_is_no_id_is_not_there(author: Visitor, path: str) -> None:
    assert author.client.get(path).status_code == 404


@pytest.mark.parametrize("voor", ["x", "2026-03-02", "", "9999-12-31T23:59:59+00:00"])
def test_a_page_back_that_makes_no_sense_is_the_first(author: Visitor, voor: str) -> None:
    assert "Mijn zus" in author.client.get("/schrift", query_string={"voor": voor}).text
