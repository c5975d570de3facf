"""An instructor writes to learners; each of them decides whether that may be."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from app.learning.daily_mail import Returned
from app.mail.outbox import FolderOutbox
from app.storage.database import db
from app.usecases.note_returned_mail import note_returned_mail
from app.usecases.send_cohort_mails import send_cohort_mails
from tests.conftest import Clock, Mailbox, Visitor
from tests.web.test_cohorts import People, text_of

ANNA, BRAM, DOCENT = "anna@voorbeeld.nl", "bram@voorbeeld.nl", "docent@voorbeeld.nl"


@pytest.fixture
def people(app: Flask, clock: Clock) -> People:
    return People(app, clock)


@pytest.fixture
def docent(people: People) -> Visitor:
    return people.instructor(DOCENT)


@pytest.fixture
def cohort(people: People, docent: Visitor) -> str:
    return people.cohort(docent)


@pytest.fixture
def anna(people: People, docent: Visitor, cohort: str) -> Visitor:
    visitor = people.learner(ANNA)
    people.join(visitor, people.code(docent, cohort), "Anna")
    return visitor


@pytest.fixture
def bram(people: People, docent: Visitor, cohort: str) -> Visitor:
    visitor = people.learner(BRAM)
    people.join(visitor, people.code(docent, cohort), "Bram")
    return visitor


@pytest.fixture
def work(app: Flask, clock: Clock) -> Callable[[], None]:
    """A round of the worker."""

    def work() -> None:
        list(send_cohort_mails(app.extensions["haven"].mailer, clock()))

    return work


def ids(page: str) -> list[str]:
    return re.findall(r'name="to" value="(\d+)"', page)


def write(docent: Visitor, cohort: str, text: str = "Hoi", **given: object) -> int:
    """To whom the page offers; gives to how many it went."""
    page = docent.get(f"{cohort}/bericht?stand={given.get('stand', '')}")
    response = docent.post(f"{cohort}/bericht", "/", **{"to": ids(page), "text": text, **given})
    assert response.status_code == 302, response.get_data(as_text=True)
    return int(response.location.rpartition("=")[2])


def test_who_is_chosen_by_a_label_gets_the_message_with_its_reason_and_the_way_out(
    docent: Visitor, cohort: str, anna: Visitor, mailbox: Mailbox, work: Callable[[], None]
) -> None:
    page = docent.get(f"{cohort}/bericht?stand=not_started")
    assert "Anna" in page and "De lessen van onze groep staan in Haven" in page
    assert "Er is nu niemand" in docent.get(f"{cohort}/bericht?stand=silent")
    text = "Hoi Anna,\r\n\r\nKom <b>even</b> langs.\r\n.\r\nBcc: eve@voorbeeld.nl"
    assert write(docent, cohort, text, stand="not_started") == 1
    assert "gaat zo naar 1 deelnemer" in docent.get(f"{cohort}/deelnemers?bericht=1")
    assert mailbox.mails(ANNA) == []
    work()
    work()
    [(subject, body)] = mailbox.mails(ANNA)
    assert subject == "Een bericht van je docent"
    assert f"{DOCENT}, docent van je groep Groep B, schrijft je:" in body
    assert text.replace("\r", "") in body.replace("\r", "")
    assert "aan deelnemers die nog niet begonnen" in body
    [(_, mail)] = FolderOutbox(mailbox.folder).mails()
    assert "Bcc" not in mail and "Reply-To" not in mail
    assert "&lt;b&gt;even&lt;/b&gt;" in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert db.execute_sql("SELECT DISTINCT text FROM cohort_mail").fetchall() == [("",)]


def test_an_answer_goes_to_the_docent_only_where_that_was_ticked(
    docent: Visitor, cohort: str, anna: Visitor, mailbox: Mailbox, work: Callable[[], None]
) -> None:
    write(docent, cohort, reply="on")
    work()
    [(_, mail)] = FolderOutbox(mailbox.folder).mails()
    assert mail["Reply-To"] == DOCENT
    assert "ziet die ook je e-mailadres" in mailbox.mails(ANNA)[0][1]


def test_nobody_gets_more_than_one_a_week_of_all_docents_together_and_is_named(
    people: People, docent: Visitor, cohort: str, anna: Visitor, bram: Visitor, clock: Clock,
    mailbox: Mailbox, work: Callable[[], None], app: Flask,
) -> None:  # fmt: skip
    people.join(Visitor(app), people.code(docent, cohort), "Gast")
    colleague = people.instructor("collega@voorbeeld.nl")
    docent.post(f"{cohort}/beheer", do="add", email="collega@voorbeeld.nl")
    everybody = ids(docent.get(f"{cohort}/bericht"))
    assert write(docent, cohort, to=everybody[:1]) == 1
    page = text_of(colleague.get(f"{cohort}/bericht"))
    assert "Kreeg deze week al een bericht: Anna." in page
    assert "Kan geen mail krijgen: Gast." in page
    # Also who sends the same form again, or one that was open.
    assert colleague.post(f"{cohort}/bericht", to=everybody, text="Hoi").location.endswith("=1")
    assert docent.post(f"{cohort}/bericht", to=everybody, text="Hoi").location.endswith("=0")
    work()
    assert len(mailbox.mails(ANNA)) == len(mailbox.mails(BRAM)) == 1
    clock.forward(days=6)
    assert "Er is nu niemand" in docent.get(f"{cohort}/bericht")
    clock.forward(days=1)
    assert write(docent, cohort) == 2


def test_one_click_in_the_mail_or_the_settings_ends_messages_and_the_docent_sees_that(
    docent: Visitor, cohort: str, anna: Visitor, app: Flask, mailbox: Mailbox, clock: Clock,
    work: Callable[[], None],
) -> None:  # fmt: skip
    write(docent, cohort)
    work()
    found = re.search(r"(/berichten/\S+)\s", mailbox.mails(ANNA)[0][1])
    assert found
    program = Visitor(app)
    for _ in range(3):
        assert "Geen berichten meer" in program.get(found[1])
    one_click = {"List-Unsubscribe": "One-Click"}
    assert program.client.post(found[1], data=one_click).status_code == 200
    clock.forward(days=7)
    assert "Wil geen berichten: Anna." in text_of(docent.get(f"{cohort}/bericht"))
    assert program.post(found[1], found[1], what="resume").status_code == 302
    assert "Wil geen berichten" not in docent.get(f"{cohort}/bericht")
    own = "/instellingen" + cohort
    assert "een bericht aan jou" in anna.get(own)
    anna.post(f"{own}/berichten", wants="no")
    assert "staat bij jou: wil geen berichten" in text_of(anna.get(own))
    assert "Wil geen berichten: Anna." in text_of(docent.get(f"{cohort}/bericht"))
    anna.post(own)
    assert "Je doet niet meer mee" in program.get(found[1])
    assert program.client.post(found[1], data=one_click).status_code == 200


def test_who_says_no_or_leaves_before_the_worker_comes_gets_nothing(
    docent: Visitor, cohort: str, anna: Visitor, bram: Visitor, mailbox: Mailbox,
    work: Callable[[], None],
) -> None:  # fmt: skip
    assert write(docent, cohort) == 2
    own = "/instellingen" + cohort
    anna.post(f"{own}/berichten", wants="no")
    bram.post(own)
    work()
    assert mailbox.mails(ANNA) == mailbox.mails(BRAM) == []
    assert "een bericht aan jou" not in anna.get(own)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": " \n\t"}, "Er staat nog niets"),
        ({"text": "x" * 2001}, "Dit bericht is te lang"),
        ({"to": []}, "Kies minstens één deelnemer"),
        ({"to": ["x", "-1", "9" * 30]}, "Kies minstens één deelnemer"),
    ],
)
def test_a_message_that_cannot_go_is_kept_with_what_is_wrong(
    docent: Visitor, cohort: str, anna: Visitor, given: dict[str, object], said: str
) -> None:
    form = {"to": ids(docent.get(f"{cohort}/bericht")), "text": "Mijn eigen zin", "reply": "on"}
    response = docent.post(f"{cohort}/bericht", "/", **{**form, **given})
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert said in page
    assert str(given.get("text", "Mijn eigen zin")) in page.replace("\r", "")
    assert 'name="reply" checked' in page


def test_two_thousand_characters_fit_however_a_browser_ends_its_lines(
    docent: Visitor, cohort: str, anna: Visitor
) -> None:
    assert write(docent, cohort, "a\r\n" * 1000) == 1


def test_somebody_of_another_cohort_cannot_be_written_to(
    people: People, docent: Visitor, cohort: str, anna: Visitor
) -> None:
    other = people.instructor("ander@voorbeeld.nl")
    own = people.cohort(other)
    chosen = ids(docent.get(f"{cohort}/bericht"))
    assert other.post(f"{own}/bericht", to=chosen, text="Hoi").location.endswith("=0")


def test_what_comes_back_counts_as_the_learners_own_word(
    docent: Visitor, cohort: str, anna: Visitor, bram: Visitor, mailbox: Mailbox, clock: Clock,
    work: Callable[[], None],
) -> None:  # fmt: skip
    write(docent, cohort)
    work()
    sent = {mail["To"]: mail["Message-ID"] for _, mail in FolderOutbox(mailbox.folder).mails()}
    assert note_returned_mail(sent[ANNA], Returned.COMPLAINT, clock())
    assert note_returned_mail(sent[BRAM], Returned.HARD, clock())
    page = text_of(docent.get(f"{cohort}/bericht"))
    assert "Wil geen berichten: Anna." in page and "Bram" in page
