"""What a learner makes of a card, over HTTP: on its page, in a sitting, with and without script."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape
from uuid import uuid4

import pytest
from click.testing import CliRunner
from flask import Flask

from app.__main__ import main
from app.learning.own_cards import NO_WORDS, Words
from app.learning.reviews import Grade, Review
from app.secrets.sealing import Keyring
from app.storage import database, learners, own_cards, reports, reviews, tables
from app.usecases.read_words import read_words
from app.usecases.record_reviews import record_reviews
from tests.conftest import SMALL_COURSE, Clock, Visitor
from tests.web.test_reviews import answer, card_in, fields_of, sitting

Counting = Callable[[], AbstractContextManager[list[str]]]

CARD = "/kaart/band-afstand"
HOSTILE = (
    "<script>alert(1)</script> <img src=//kwaad.nl/x onerror=alert(2)> [klik](javascript:alert(3)) "
)


def press(visitor: Visitor, page: str, action: str, **more: str) -> str:
    """Press a button of the form that carries the sitting; gives the page that follows."""
    data = {**fields_of(page, "/herhalen/ongedaan"), **more}
    response = visitor.client.post(action, data=data, follow_redirects=True)
    assert response.status_code == 200, action
    return response.get_data(as_text=True)


def redo(visitor: Visitor, page: str) -> str:
    step = re.search(r'formaction="/herhalen/opnieuw" name="step" value="([^"]+)"', page)
    assert step
    return press(visitor, page, "/herhalen/opnieuw", step=step[1])


def left(page: str) -> int:
    found = re.search(r'class="aantal">(\d+)<', page)
    assert found
    return int(found[1])


def words_of(keyring: Keyring, card: str = "band-afstand") -> Words:
    """What the only learner wrote at a card, opened."""
    who, own = learners.learner_of(1), own_cards.own_card_of(1, card)
    assert who and own
    return read_words(keyring, who, [own]).get(card, NO_WORDS)


def write(visitor: Visitor, card: str = "band-afstand", **texts: str) -> int:
    status: int = visitor.post(f"/kaart/{card}/woorden", **texts).status_code
    return status


def test_a_card_is_put_away_in_a_sitting_and_each_step_undone_and_done_again(
    learner: Visitor,
) -> None:
    first = answer(learner, sitting(learner), "good")
    assert (card_in(first), left(first)) == ("band-engels", 3)
    second = press(learner, first, "/kaart/band-engels/apart")
    assert (card_in(second), left(second)) == ("band-lena", 2)
    assert "De kaart ligt apart." in second
    third = press(learner, second, "/kaart/band-lena/morgen")
    assert (card_in(third), left(third)) == ("band-verschil", 1)
    assert "De kaart rust tot morgen." in third

    page = third
    for card, to_go in (("band-lena", 2), ("band-engels", 3), ("band-afstand", 4)):
        page = press(learner, page, "/herhalen/ongedaan")
        assert (card_in(page), left(page)) == (card, to_go)
    assert own_cards.own_cards_of(1) == {} == reviews.memories_of(1)

    for to_go in (3, 2, 1):
        page = redo(learner, page)
        assert left(page) == to_go
    assert card_in(page) == "band-verschil"
    assert 'name="step"' not in page
    assert set(own_cards.own_cards_of(1)) == {"band-engels", "band-lena"}
    assert set(reviews.memories_of(1)) == {"band-afstand"}


def test_a_new_answer_takes_the_place_of_what_could_be_done_again(learner: Visitor) -> None:
    page = press(learner, sitting(learner), "/kaart/band-afstand/apart")
    page = press(learner, page, "/herhalen/ongedaan")
    assert "Laat het toch zo" in page
    assert "Laat het toch zo" not in answer(learner, page, "good")


def test_a_script_gets_the_next_card_alone(learner: Visitor) -> None:
    data = fields_of(sitting(learner), "/herhalen/ongedaan")
    response = learner.client.post(
        "/kaart/band-afstand/morgen", data=data, headers={"X-Fragment": "1"}
    )
    page = response.get_data(as_text=True)
    assert page.startswith('<div class="beurt"') and card_in(page) == "band-engels"


def test_steps_go_back_and_forth_in_json(learner: Visitor, clock: Clock) -> None:
    sitting(learner)
    event = {
        "id": str(uuid4()), "card": "band-lena", "grade": "good",
        "reviewed_at": clock().isoformat(), "duration_ms": 0,
    }  # fmt: skip
    due = learner.send("/herhalen/beoordelingen", {"reviews": [event]}).get_json()["due"]
    undone = learner.send("/herhalen/ongedaan", {"id": event["id"]}).get_json()
    assert undone == {"card": "band-lena", "due": None}
    redone = learner.send("/herhalen/opnieuw", {"id": event["id"]}).get_json()
    assert (redone["card"], redone["due"]) == ("band-lena", due["band-lena"])
    assert learner.send("/herhalen/ongedaan", {"id": redone["id"]}).status_code == 200
    nonsense: list[object] = [{"id": str(uuid4())}, {"id": "nonsens"}, {}, [], {"id": 7}]
    for wrong in nonsense:
        assert learner.send("/herhalen/opnieuw", wrong).status_code == 404


def test_the_page_of_a_card_puts_it_away_and_takes_every_step_back(learner: Visitor) -> None:
    learner.post(f"{CARD}/apart")
    page = learner.get(CARD)
    assert "Je legde deze kaart apart." in page and "Zet hem terug" in page
    learner.post(f"{CARD}/terug")
    page = learner.get(CARD)
    assert "Leg hem apart" in page
    for label, sentence in (("teruggezet", "Je legde deze kaart apart."), ("apart gelegd", "")):
        assert f"Maak ongedaan: {label}" in page
        learner.post("/herhalen/ongedaan", id=fields_of(page, "/herhalen/ongedaan")["id"])
        page = learner.get(CARD)
        assert sentence in page
    for label in ("apart gelegd", "teruggezet"):
        assert f"Toch: {label}" in page
        learner.post("/herhalen/opnieuw", id=fields_of(page, "/herhalen/opnieuw")["id"])
        page = learner.get(CARD)
    assert "Toch:" not in page and "Je legde deze kaart apart." not in page


def test_own_words_stand_beside_the_authors_in_a_sitting_on_the_page_and_in_the_lesson(
    learner: Visitor,
) -> None:
    assert (
        write(learner, front="Blijft een band **ver weg**?", back="Ja.", note="Oma in Spanje")
        == 302
    )
    for page in (sitting(learner), learner.get(CARD), learner.get("/hoofdstuk1/eerste-les")):
        assert "Blijft een band <strong>ver weg</strong>?" in page
        assert "Wat doet een band op afstand?" in page
        assert "Oma in Spanje" in page
    stack = learner.client.get("/herhalen/stapel?dagen=0").get_json()["cards"]
    assert "<strong>ver weg</strong>" in stack[0]["front"]
    assert "Oma in Spanje" in stack[0]["back"]
    assert stack[0]["concepts"] == ["band"]


def test_nobody_else_sees_what_somebody_wrote(app: Flask, learner: Visitor) -> None:
    write(learner, front="geheim", note="dagboek")
    other = Visitor(app).begin()
    stranger = Visitor(app)
    for page in (CARD, "/hoofdstuk1/eerste-les"):
        for who in (other, stranger):
            assert "geheim" not in who.get(page) and "dagboek" not in who.get(page)
    assert "geheim" not in other.get(f"{CARD}/woorden")
    assert stranger.client.get(f"{CARD}/woorden").status_code == 302


def test_own_text_is_markdown_that_can_do_nothing(learner: Visitor) -> None:
    write(
        learner,
        front=HOSTILE + "# kop\n\n![x](https://kwaad.nl/y.png)\n\n    vier spaties",
        note=HOSTILE,
    )
    for page in (sitting(learner), learner.get(CARD), learner.get("/hoofdstuk1/eerste-les")):
        assert "<script>alert" not in page and "<img" not in page
        assert 'href="javascript' not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<pre" not in page and "<h1># kop" not in page and "<h1>kop" not in page
    form = learner.get(f"{CARD}/woorden")
    assert "<script>alert" not in form
    area = re.search(r'<textarea id="front".*?>\n(.*?)</textarea>', form, re.DOTALL)
    assert area and unescape(area[1]).startswith(HOSTILE.strip())


@pytest.mark.parametrize("name", ["front", "back", "note"])
def test_ten_thousand_characters_of_markup_are_refused_and_kept_in_the_page(
    learner: Visitor, name: str
) -> None:
    text = (HOSTILE * 200)[:10_000]
    response = learner.post(
        f"{CARD}/woorden", **{name: text, "note": text[:0] or "kort"} | {name: text}
    )
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "te lang" in page and 'role="alert"' in page
    area = re.search(rf'<textarea id="{name}".*?>\n(.*?)</textarea>', page, re.DOTALL)
    assert area and unescape(area[1]) == text.strip()
    assert "<script>alert" not in page
    assert own_cards.own_cards_of(1) == {}


def test_strange_characters_come_to_nothing(learner: Visitor, keyring: Keyring) -> None:
    assert write(learner, front="a\x00b\x1b[31mc\u202ed\r\ne", note="\u200d👩‍👧 é\xa0x") == 302
    words = words_of(keyring)
    assert words.front == "ab[31mcd\ne"
    assert words.note == "\u200d👩‍👧 é\xa0x"
    assert write(learner, front="  \r\n ") == 302
    assert words_of(keyring) == NO_WORDS


@pytest.mark.parametrize("text", ["[" * 4000, "*a " * 1333, "> " * 2000, "`" * 4000, "<" * 4000])
def test_markup_that_is_made_to_take_long_does_not(learner: Visitor, text: str) -> None:
    assert write(learner, front=text) == 302
    assert learner.client.get(CARD).status_code == 200


def test_what_the_author_changed_is_shown_and_own_words_are_kept(
    app: Flask, learner: Visitor, keyring: Keyring
) -> None:
    write(learner, front="mijn vraag", back="mijn antwoord")
    assert "De cursus heeft deze kaart veranderd" not in learner.get(f"{CARD}/woorden")
    # As it was when these words were written: the author has another text since.
    for table in (tables.OwnCard, tables.CardChange):
        table.update(author_front="Wat doet een touw op afstand?").execute()
    for page in (sitting(learner), learner.get(CARD)):
        assert "mijn vraag" in page and "De cursus heeft deze kaart veranderd" in page
    form = learner.get(f"{CARD}/woorden")
    assert "<del>touw</del><ins>band</ins>" in form
    assert "In de cursus" not in form and "mijn vraag" in form
    assert "Veranderd in de cursus" in learner.get("/kaarten")
    write(learner, front="mijn vraag", back="mijn antwoord")
    assert "De cursus heeft deze kaart veranderd" not in learner.get(CARD)
    write(learner, front="mijn vraag", back="mijn antwoord", note="blijft", take="author")
    assert words_of(keyring) == Words(note="blijft")


def test_words_whose_key_is_lost_are_told_and_the_card_is_asked_as_the_author_wrote_it(
    learner: Visitor,
) -> None:
    write(learner, front="mijn vraag", note="blijft")
    database.db.execute_sql(f"DELETE FROM {database.KEY_STORE}.data_key")
    for page in (
        sitting(learner),
        learner.get(CARD),
        learner.get("/hoofdstuk1/eerste-les"),
        learner.get(f"{CARD}/woorden"),
    ):
        assert "Wat doet een band op afstand?" in page
        assert "kunnen nu niet geopend worden" in page
    assert "In je eigen woorden" in learner.get("/kaarten")


def test_an_edit_in_a_sitting_leads_back_to_it_and_is_a_step_of_it(learner: Visitor) -> None:
    page = answer(learner, sitting(learner), "good")
    address = re.search(r'data-address="/herhalen\?([^"]+)"', page)
    assert address
    form = learner.get(f"/kaart/band-engels/woorden?{unescape(address[1])}")
    form = form[form.index('class="formulier"') :]
    data = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    data["front"] = "mijn vraag"
    page = learner.client.post(
        "/kaart/band-engels/woorden", data=data, follow_redirects=True
    ).get_data(as_text=True)
    assert (card_in(page), left(page)) == ("band-engels", 3)
    assert "mijn vraag" in page
    page = press(learner, page, "/herhalen/ongedaan")
    assert (card_in(page), left(page)) == ("band-engels", 3)
    assert "mijn vraag" not in page
    page = press(learner, page, "/herhalen/ongedaan")
    assert (card_in(page), left(page)) == ("band-afstand", 4)


def lapse(learner: Visitor, clock: Clock, app: Flask, times: int) -> None:
    """The only learner forgets a card so often, and knows it again each time."""
    who = learners.learner_of(1)
    assert who
    course = app.extensions["haven"].course
    for number in range(times + 1):
        grades = [Grade.AGAIN, Grade.GOOD] if number else [Grade.GOOD]
        for grade in grades:
            clock.forward(seconds=1)
            event = Review(uuid4(), "band-afstand", grade, clock(), who.day_at(clock()), 4000)
            record_reviews(course, who, [event], clock())
        clock.forward(days=25)


@pytest.mark.parametrize("fragment", [{}, {"X-Fragment": "1"}])
def test_on_the_sixth_lapse_a_card_is_offered_another_wording_the_passage_or_a_rest(
    app: Flask, learner: Visitor, clock: Clock, fragment: dict[str, str]
) -> None:
    sitting(learner)
    lapse(learner, clock, app, 5)
    page = learner.get("/herhalen?kaart=band-afstand&kaarten=3")
    data = {**fields_of(page), "grade": "again"}
    page = learner.client.post(
        "/herhalen", data=data, headers=fragment, follow_redirects=True
    ).get_data(as_text=True)
    assert "Deze kaart ontglipt je steeds weer." in page
    assert 'href="/kaart/band-afstand/woorden"' in page
    assert 'href="/hoofdstuk1/eerste-les#zin-band-afstand">Lees de passage' in page
    assert "Deze kaart ontglipte je al 6 keer." in learner.get(CARD)
    assert "Wat je blijft ontglippen" in learner.get("/kaarten")
    before = left(page)
    page = press(learner, page, "/kaart/band-afstand/apart")
    assert left(page) == before - 1
    assert "Apart gelegd" in learner.get("/kaarten")


def test_on_the_sixth_lapse_in_a_lesson_it_is_said_there(
    app: Flask, learner: Visitor, clock: Clock
) -> None:
    lapse(learner, clock, app, 5)
    data = {**fields_of(learner.get("/hoofdstuk1/eerste-les")), "grade": "again"}
    assert data["card"] == "band-afstand"
    response = learner.client.post("/herhalen", data=data, headers={"X-Fragment": "1"})
    card = response.get_data(as_text=True)
    assert "Deze kaart ontglipt je steeds weer." in card
    assert (
        'href="/kaart/band-afstand#eigen">Leg hem apart</a>' in card
        and 'form="zitting"' not in card
    )


def test_a_report_reaches_the_authors_with_the_version_of_the_card_and_without_a_name(
    learner: Visitor, clock: Clock, settings: object, db_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = learner.get(f"{CARD}/melding")
    assert "zonder je naam" in page
    learner.post(f"{CARD}/melding", message="Er staat\neen fout. \x1b[2J")
    learner.post(f"{CARD}/melding", message="Er staat\neen fout. \x1b[2J")
    assert "Je meldde de auteurs" in learner.get(CARD)
    clock.forward(seconds=1)
    page = answer(learner, sitting(learner), "again", why_missed="bad_question")
    assert "De auteur krijgt je melding." in page
    given = {"DATABASE_URL": db_url, "SECRET_KEY": "k" * 40, "COURSE_ROOT": str(SMALL_COURSE)}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    version = reports.all_reports()[0].version
    tables.Report.update(version="0" * 12).where(tables.Report.message == "").execute()
    database.close()
    shown = CliRunner().invoke(main, ["list-reports"])
    assert shown.exit_code == 0
    assert shown.output.splitlines() == [
        "band-afstand  cards/hoofdstuk1/01-eerste-les.md, regel 3",
        f"  2026-03-02  {version}  over deze tekst",
        "    Er staat",
        "    een fout. [2J",
        "  2026-03-02  000000000000  over een eerdere tekst",
        "    De vraag deugt niet.",
        "2 meldingen",
    ]
    database.close()
    assert CliRunner().invoke(main, ["list-reports", "band-lena"]).output == "0 meldingen\n"


@pytest.mark.parametrize("message", ["", "   \n ", "x" * 2001])
def test_a_report_that_is_empty_or_too_long_is_kept_in_the_page(
    learner: Visitor, message: str
) -> None:
    response = learner.post(f"{CARD}/melding", message=message)
    assert response.status_code == 422
    assert message.strip() in response.get_data(as_text=True)
    assert reports.all_reports() == []


def test_cards_that_do_not_exist_are_not_found(learner: Visitor) -> None:
    for action in ("apart", "morgen", "terug", "woorden", "melding"):
        assert learner.post(f"/kaart/bestaat-niet/{action}", front="x").status_code == 404
    assert own_cards.own_cards_of(1) == {}


def test_a_hidden_card_says_so_in_its_lesson_and_the_chapter_counts_it_apart(
    learner: Visitor, clock: Clock
) -> None:
    learner.get("/hoofdstuk1/tweede-les")
    learner.post("/kaart/los-vaster/apart")
    assert "Deze kaart ligt apart." in learner.get("/hoofdstuk1/tweede-les")
    assert "De kaarten van deze les liggen apart" in learner.get("/hoofdstuk1")
    learner.post("/kaart/band-lena/morgen")
    assert "Deze kaart rust tot morgen." in learner.get("/hoofdstuk1/eerste-les")
    clock.forward(days=1)
    assert "rust tot morgen" not in learner.get("/hoofdstuk1/eerste-les")
    assert "1 kaart ligt apart en telt hier niet mee" in learner.get("/voortgang")


def test_an_empty_list_of_own_cards_says_where_they_come_from(learner: Visitor) -> None:
    page = learner.get("/kaarten")
    assert "Meer met deze kaart" in page and page.count('class="knop"') == 1


def test_the_pages_ask_the_database_a_fixed_number_of_times(
    learner: Visitor, count_queries: Counting
) -> None:
    page = answer(learner, sitting(learner), "again")
    write(learner, front="mijn vraag")
    data = fields_of(page, "/herhalen/ongedaan")
    fragment = {"X-Fragment": "1"}
    client = learner.client
    cases: list[tuple[int, Callable[[], object]]] = [
        # With own words each asks for their key once.
        (5, lambda: client.get(CARD)),
        (3, lambda: client.get(f"{CARD}/woorden")),
        (1, lambda: client.get(f"{CARD}/melding")),
        (3, lambda: client.get("/kaarten")),
        (4, lambda: client.get("/hoofdstuk1/eerste-les")),
        (4, lambda: client.get("/hoofdstuk1")),
        # Who asks, three to write, and seven for the next card: all that are left are sisters.
        (11, lambda: client.post("/kaart/band-engels/apart", data=data, headers=fragment)),
    ]
    counted = []
    for _, ask in cases:
        with count_queries() as queries:
            ask()
        counted.append(len(queries))
    assert counted == [expected for expected, _ in cases]


def test_a_card_with_own_words_costs_a_grade_one_question_more_and_another_card_none(
    learner: Visitor, clock: Clock, count_queries: Counting
) -> None:
    page = sitting(learner)
    while card_in(page):
        page = answer(learner, page, "good")
    for card in ("band-engels", "band-lena"):
        write(learner, card, front="mijn vraag")
    clock.forward(days=9)
    page = answer(learner, learner.get("/herhalen"), "good")
    asked = []
    for _ in range(2):
        data = {**fields_of(page), "grade": "good"}
        with count_queries() as queries:
            response = learner.client.post("/herhalen", data=data, headers={"X-Fragment": "1"})
        page = response.get_data(as_text=True)
        asked.append((card_in(page), "mijn vraag" in page, len(queries)))
    # The key of the words; none of it where there are none.
    assert asked == [("band-lena", True, 8), ("band-verschil", False, 7)]
