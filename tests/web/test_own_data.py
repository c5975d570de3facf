"""What a learner takes along, and brings back, by way of the page."""

import csv
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO, StringIO
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest
from flask import Flask

from app.learning.course import CardKind, Course
from app.learning.own_cards import Words
from app.learning.people import Learner
from app.storage import learners, lessons, own_cards, reviews
from app.usecases.read_words import read_words
from app.usecases.write_words import write_words
from app.web.uploads import MOST_UPLOADED
from tests.conftest import KEYRING, Clock, Visitor
from tests.packages import fresh_anki

FILES = (
    "haven.zip", "haven.apkg", "herhalingen.csv", "kaarten.csv", "haven.jsonl", "index.html",
    "teksten.md",
)  # fmt: skip


@pytest.fixture
def student(visitor: Visitor, clock: Clock) -> Visitor:
    """Somebody who answered two cards, three days ago, and took one answer back."""
    visitor.begin()
    visitor.get("/hoofdstuk1/eerste-les")
    visitor.post("/herhalen", card="band-afstand", grade="good", id=f"{1:032x}")
    visitor.post("/herhalen", card="band-engels", grade="again", id=f"{2:032x}")
    visitor.post("/herhalen", card="band-verschil", grade="good", id=f"{3:032x}")
    visitor.send("/herhalen/ongedaan", {"id": f"{3:032x}"})
    clock.forward(days=3)
    return visitor


def download(visitor: Visitor, name: str) -> bytes:
    with visitor.client.get(f"/gegevens/{name}") as response:
        assert response.status_code == 200
        assert response.headers["Content-Disposition"] == f"attachment; filename={name}"
        assert response.headers["Cache-Control"] == "no-store"
        return bytes(response.data)


def bring(visitor: Visitor, file: bytes, **form: str) -> tuple[int, str]:
    """The status, and the page as somebody reads it."""
    sent = (BytesIO(file), "haven.zip")
    response = visitor.post("/gegevens/terugzetten", page="/gegevens", file=sent, **form)
    text = re.sub(r"<[^>]+>", "", response.get_data(as_text=True))
    return response.status_code, re.sub(r"\s+", " ", text)


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def by_number() -> list[Learner]:
    found = [learners.learner_of(learner_id) for learner_id in learners.learner_ids()]
    return [learner for learner in found if learner is not None]


def test_a_stranger_has_no_data_to_take_along(visitor: Visitor) -> None:
    for path in ("/gegevens", *(f"/gegevens/{name}" for name in FILES)):
        assert visitor.client.get(path).headers["Location"].startswith("/inloggen")


def test_the_settings_lead_to_it(student: Visitor) -> None:
    assert 'href="/gegevens"' in student.get("/instellingen")


def test_the_page_asks_the_database_nothing_of_its_own(
    student: Visitor, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    with count_queries() as queries:
        student.client.get("/gegevens")
    assert len(queries) == 1, queries


def test_a_file_that_does_not_exist_is_not_there(student: Visitor) -> None:
    for name in ("x", "..", "%2e%2e%2fhaven.db", "haven.db"):
        assert student.client.get(f"/gegevens/{name}").status_code == 404


def test_everything_is_in_one_zip_that_tells_what_it_is(student: Visitor) -> None:
    with ZipFile(BytesIO(download(student, "haven.zip"))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "index.html", "teksten.md", "haven.jsonl", "haven.apkg", "herhalingen.csv", "kaarten.csv",
        ]  # fmt: skip
        page = archive.read("index.html").decode()
        assert "Wat doet een band op afstand?" in page
        assert "<main>" in page and "<script" not in page and "http-equiv" not in page
        for name in archive.namelist()[1:]:
            assert f'<dt><a href="{name}">{name}</a></dt>' in page
        assert archive.read("kaarten.csv") == download(student, "kaarten.csv")
        assert len(archive.read("haven.jsonl").splitlines()) == 1 + 1 + 3
        with ZipFile(BytesIO(archive.read("haven.apkg"))) as package:
            assert package.testzip() is None


def test_the_same_data_makes_the_same_files(student: Visitor) -> None:
    for name in FILES:
        assert download(student, name) == download(student, name), name


def test_the_reviews_are_a_table(student: Visitor) -> None:
    rows = table(download(student, "herhalingen.csv"))
    assert [(row["kaart"], row["beoordeling"], row["ongedaan gemaakt"]) for row in rows] == [
        ("band-afstand", "wist ik", "nee"),
        ("band-engels", "nog niet", "nee"),
        ("band-verschil", "wist ik", "ja"),
    ]
    assert rows[0]["dag"] == "2026-03-02"
    assert rows[0]["tijdstip"] == "2026-03-02 10:00:00"  # nine in UTC, ten in Amsterdam
    assert rows[0]["vraag"] == "Wat doet een band op afstand?"


def test_the_cards_are_a_table(student: Visitor) -> None:
    rows = {row["kaart"]: row for row in table(download(student, "kaarten.csv"))}
    answered, untouched = rows["band-afstand"], rows["band-verschil"]
    memory = reviews.memory_of(by_number()[0].id, "band-afstand")
    assert memory is not None
    assert answered["terug op"] == memory.due_on.isoformat()
    assert float(answered["stabiliteit in dagen"].replace(",", ".")) == pytest.approx(
        memory.stability, abs=1e-4
    )
    assert (untouched["herhalingen"], untouched["terug op"]) == ("0", "")
    assert "band-keuze" not in rows  # it is of the other track


def test_a_fresh_install_gives_everything_back(student: Visitor, app: Flask, clock: Clock) -> None:
    file = download(student, "haven.zip")
    other = Visitor(app).begin()
    status, page = bring(other, file)
    assert status == 200
    assert "2 herhalingen van 2 kaarten" not in page and "3 herhalingen van 3 kaarten" in page
    assert "1 herhaling telt niet mee" in page and "Je keuzes in de instellingen zijn" in page
    first, second = by_number()
    assert reviews.memories_of(second.id) == reviews.memories_of(first.id)
    assert lessons.opened_lessons(second.id) == lessons.opened_lessons(first.id)
    status, page = bring(other, file)
    assert "Er kwam niets bij." in page and "3 herhalingen stonden hier al." in page


def test_a_package_for_anki_comes_back_too(student: Visitor, app: Flask) -> None:
    status, page = bring(Visitor(app).begin(), download(student, "haven.apkg"))
    assert status == 200
    assert "2 herhalingen van 2 kaarten zijn erbij, van maandag 2 maart 2026." in page


def test_anki_shows_every_kind_of_card_with_a_way_back_to_its_sentence(
    student: Visitor, tmp_path: Path, small_course: Course
) -> None:
    pytest.importorskip("anki", reason="Anki is a tool of developers")
    student.post("/instellingen", page="/instellingen", track="verdieping")
    with fresh_anki(tmp_path) as anki:
        anki.take(download(student, "haven.apkg"))
        answers = {card_id: card.answer() for card_id, card in anki.cards()}
        assert {small_course.cards[card].kind for card in answers} == set(CardKind)
        for card_id, answer in answers.items():
            assert f'href="http://127.0.0.1:8000/hoofdstuk1/eerste-les#zin-{card_id}"' in answer
            assert 'href="/' not in answer and "{{" not in answer
            assert small_course.cards[card_id].answer in answer
        assert "Een touw bindt dingen." in answers["band-keuze"]
        assert "Lena zwaait haar opa uit" in answers["band-lena"]
        tags = {card_id: card.note().tags for card_id, card in anki.cards()}
        assert "haven::spoor::verdieping" in tags["band-keuze"]
        decks = {deck.name for deck in anki.collection.decks.all_names_and_ids()}
        assert decks == {"Default", "Haven: Proefhoofdstuk"}


@pytest.fixture
def writer(student: Visitor) -> Visitor:
    """The same, who wrote beside two cards, put one of them aside and told its author something."""
    texts = {"front": "Mijn *vraag*\n\n# met <b>", "back": "Mijn antwoord", "note": "Oma {{ 1 }}"}
    assert student.post("/kaart/band-afstand/woorden", **texts).status_code == 302
    assert student.post("/kaart/band-lena/woorden", note="Alleen dit").status_code == 302
    assert student.post("/kaart/band-lena/apart").status_code == 302
    assert student.post("/kaart/band-lena/melding", message="Een tikfout").status_code == 302
    return student


def test_what_somebody_wrote_is_a_text_by_lesson_and_card(
    writer: Visitor, small_course: Course
) -> None:
    text = download(writer, "teksten.md").decode()
    (_, lesson) = small_course.lesson_of_card["band-afstand"]
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert headings == [
        "# Wat je bij je kaarten schreef",
        f"## {lesson.title}",
        "### Wat doet een band op afstand?",
        f"### {small_course.cards['band-lena'].question}",
    ]
    assert "> Mijn *vraag*\n> \n> # met <b>\n" in text
    assert "> Mijn antwoord\n" in text and "> Oma {{ 1 }}\n" in text and "> Alleen dit\n" in text
    assert "tikfout" not in text


def test_what_was_written_for_a_card_that_left_the_course_is_still_there_to_read(
    writer: Visitor, clock: Clock
) -> None:
    (learner,) = by_number()
    words = Words(back="Mijn antwoord", author_front="De vraag van toen", author_back="Weg")
    write_words(KEYRING, learner, "band-vroeger", words, clock())
    text = download(writer, "teksten.md").decode()
    gone = text.partition("## Kaarten die niet meer in de cursus staan\n\n### band-vroeger\n")[2]
    assert "> Mijn antwoord\n" in gone and "> De vraag van toen\n" in gone


def test_who_wrote_nothing_reads_so(student: Visitor) -> None:
    assert "Je schreef nog niets bij een kaart." in download(student, "teksten.md").decode()


def test_what_was_made_of_cards_comes_back_and_is_counted(writer: Visitor, app: Flask) -> None:
    file = download(writer, "haven.zip")
    other = Visitor(app).begin()
    _, page = bring(other, file, look="1")
    assert "3 veranderingen aan 2 kaarten komen erbij" in page and "1 melding" in page
    _, page = bring(other, file)
    assert "3 veranderingen aan 2 kaarten zijn erbij" in page
    assert "1 melding over een kaart is erbij" in page and "Er kwam niets bij" not in page
    first, second = by_number()
    hers, his = (own_cards.own_cards_of(each.id) for each in (first, second))
    assert {card: own.hidden_until for card, own in his.items()} == {
        card: own.hidden_until for card, own in hers.items()
    }
    assert (
        read_words(KEYRING, second, his.values()) == read_words(KEYRING, first, hers.values()) != {}
    )
    assert "Mijn <em>vraag</em>" in other.get("/kaart/band-afstand")
    _, page = bring(other, file)
    assert "Er kwam niets bij." in page and "verandering" not in page


def test_what_was_written_in_the_journal_comes_back_and_is_counted(
    student: Visitor, app: Flask
) -> None:
    student.post("/instellingen/moment", keeping="server")
    text = "<b>Mijn zus</b> belde."
    student.post("/moment", prompt="dichtbij", ending="written", id=f"{9:032x}", text=text)
    file = download(student, "haven.zip")
    assert b"Mijn zus" in download(student, "haven.jsonl")
    other = Visitor(app).begin()
    assert "1 tekst in je schrift komt erbij" in bring(other, file, look="1")[1]
    page = bring(other, file)[1]
    assert "1 tekst in je schrift is erbij" in page and "Er kwam niets bij" not in page
    assert "&lt;b&gt;Mijn zus&lt;/b&gt; belde." in other.get("/schrift")
    other.post(f"/schrift/{UUID(int=9)}/verwijderen")
    assert "die je hier voorgoed uit je schrift verwijderde" in bring(other, file)[1]
    assert "Mijn zus" not in other.get("/schrift")


def test_anki_asks_a_card_in_own_words_and_gets_no_notes(writer: Visitor, tmp_path: Path) -> None:
    pytest.importorskip("anki", reason="Anki is a tool of developers")
    with fresh_anki(tmp_path) as anki:
        anki.take(download(writer, "haven.apkg"))
        cards = dict(anki.cards())
        front, answer = cards["band-afstand"].question(), cards["band-afstand"].answer()
        assert "Mijn <em>vraag</em>" in front and "&lt;b&gt;" in front
        assert "Wat doet een band op afstand?" not in front
        assert answer.index("Mijn antwoord") < answer.index("In de cursus:")
        assert "Oma" not in answer and "Alleen dit" not in cards["band-lena"].answer()
        assert [card for card, found in cards.items() if found.queue == -1] == ["band-lena"]


def test_looking_first_changes_nothing(student: Visitor, app: Flask) -> None:
    other = Visitor(app).begin()
    status, page = bring(other, download(student, "haven.zip"), look="1")
    assert status == 200
    assert (
        "Er is nog niets veranderd." in page and "3 herhalingen van 3 kaarten komen erbij" in page
    )
    assert reviews.memories_of(by_number()[1].id) == {}


def test_somebody_elses_file_is_asked_about_and_taken_on_their_word(
    student: Visitor, app: Flask
) -> None:
    other = Visitor(app).begin()
    other.post("/herhalen", card="band-afstand", grade="good", id=f"{9:032x}")
    file = download(student, "haven.zip")
    status, page = bring(other, file)
    assert status == 422
    assert "Dit bestand komt uit een ander account." in page
    assert "Deze herhalingen zijn van mij" in page
    status, page = bring(other, file, mine="on")
    assert (status, "3 herhalingen van 3 kaarten zijn erbij" in page) == (200, True)


@pytest.mark.parametrize("file", [b"", b"geen zip"])
def test_a_file_of_another_kind_is_refused_in_dutch(learner: Visitor, file: bytes) -> None:
    status, page = bring(learner, file)
    assert status == 422
    assert "Dit bestand komt niet uit Haven of Anki." in page


def test_without_a_file_the_page_asks_for_one(learner: Visitor) -> None:
    response = learner.post("/gegevens/terugzetten", page="/gegevens")
    assert response.status_code == 422
    assert "Kies eerst een bestand." in response.get_data(as_text=True)


def claiming(visitor: Visitor, path: str, size: int) -> tuple[int, str]:
    """What somebody hears who says beforehand how much will come."""
    claimed = {"CONTENT_LENGTH": str(size), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    response = visitor.client.post(path, environ_overrides=claimed)
    return response.status_code, response.get_data(as_text=True)


def test_a_file_that_is_too_large_is_refused_in_dutch_before_anybody_reads_it(
    learner: Visitor,
) -> None:
    for size in (MOST_UPLOADED + 1, 100_000_000):
        status, page = claiming(learner, "/gegevens/terugzetten", size)
        assert (status, "Een bestand mag hoogstens 20 MB zijn." in page) == (413, True)


def test_only_this_page_takes_large_files(learner: Visitor) -> None:
    status, page = claiming(learner, "/instellingen", 1_500_000)
    assert (status, "past er niet in één keer door" in page) == (413, True)
    # Here only the proof that it comes from a page of ours is missing.
    assert claiming(learner, "/gegevens/terugzetten", 1_500_000)[0] == 400


def test_too_many_files_in_an_hour_are_refused(learner: Visitor) -> None:
    for _ in range(30):
        assert bring(learner, b"x")[0] == 422
    assert bring(learner, b"x")[0] == 429
