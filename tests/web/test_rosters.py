"""An instructor invites people with a list; each of them chooses."""

import re
from html import unescape
from io import BytesIO

import pytest
from flask import Flask

from app.storage.database import db
from app.usecases.forget_expired import forget_expired
from app.usecases.send_cohort_mails import send_cohort_mails
from tests.archive.test_rosters import FINE
from tests.conftest import Clock, Mailbox, Visitor
from tests.web.test_cohorts import People, text_of

ANNA = "anna@voorbeeld.nl"


@pytest.fixture
def people(app: Flask, clock: Clock) -> People:
    return People(app, clock)


@pytest.fixture
def docent(people: People) -> Visitor:
    return people.instructor("docent@voorbeeld.nl")


@pytest.fixture
def cohort(people: People, docent: Visitor) -> str:
    return people.cohort(docent)


def invite(docent: Visitor, cohort: str, text: str) -> str:
    """What the page says after the list was looked at and confirmed."""
    address = f"{cohort}/uitnodigen/lijst"
    page = docent.post(address, list=text, do="look").get_data(as_text=True)
    assert "Nodig" in page, page
    found = re.search(r'<textarea name="list" hidden>\n(.*?)</textarea>', page, re.S)
    assert found
    response = docent.post(address, list=unescape(found[1]), do="invite")
    assert response.status_code == 302
    return docent.get(response.location)


def link(app: Flask, mailbox: Mailbox, clock: Clock, to: str = ANNA) -> str:
    """The link in the last invitation to an address."""
    list(send_cohort_mails(app.extensions["haven"].mailer, clock()))
    found = re.search(r"http://\S+?(/uitnodiging/\S+)\s", mailbox.mails(to)[0][1])
    assert found
    return found[1]


def test_a_file_is_looked_at_line_by_line_and_nobody_is_invited_while_one_is_wrong(
    docent: Visitor, cohort: str
) -> None:
    address = f"{cohort}/uitnodigen/lijst"
    csv = "Naam;E-mail\nAnna;anna@voorbeeld.nl\nBram;bram.voorbeeld.nl\n\nCas;ANNA@voorbeeld.nl\n"
    file = (BytesIO(csv.encode("cp1252")), "lijst.csv")
    response = docent.post(address, file=file, do="look")
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "3 Bram bram.voorbeeld.nl dit is geen e-mailadres" in text_of(page)
    assert "5 Cas ANNA@voorbeeld.nl staat ook op regel 2" in text_of(page)
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.S)
    assert found
    given = found[1]
    assert docent.post(address, list=given, do="invite").status_code == 422
    assert "Uitgenodigd" not in docent.get(f"{cohort}/uitnodigen")
    page = docent.post(address, list=given, do="drop").get_data(as_text=True)
    assert "1 mens krijgt een mail" in page and "Bram" not in page
    assert "De lijst" in docent.post(address, list=given, do="edit").get_data(as_text=True)


def test_a_workbook_is_read_and_a_broken_file_is_told_in_a_sentence(
    docent: Visitor, cohort: str
) -> None:
    address = f"{cohort}/uitnodigen/lijst"
    page = docent.post(address, file=(BytesIO(FINE), "x.xlsx"), do="look")
    assert "Nodig 2 mensen uit" in page.get_data(as_text=True)
    for content, said in (
        (FINE[:300], "beschadigd"), (b"", "niemand"),
    ):  # fmt: skip
        response = docent.post(address, file=(BytesIO(content), "x.xlsx"), do="look")
        assert response.status_code == 422
        assert said in response.get_data(as_text=True)
    assert docent.post(address, list=" \n", do="look").status_code == 422


def test_who_is_invited_sees_what_is_shared_joins_and_is_then_a_member(
    docent: Visitor, cohort: str, app: Flask, mailbox: Mailbox, clock: Clock
) -> None:
    assert "2 uitnodigingen gaan" in invite(docent, cohort, f"Anna de Vries;{ANNA}\nb@voorbeeld.nl")
    assert "2 mensen zijn uitgenodigd" in docent.get(f"{cohort}/deelnemers")
    address = link(app, mailbox, clock)
    anna = Visitor(app)
    page = anna.get(address)
    assert "Wat een docent van een deelnemer ziet" in page and 'value="Anna de Vries"' in page
    assert anna.post(address, address, name="Anna").status_code == 422
    response = anna.post(address, address, name="Anna", agreed="on")
    assert response.location.startswith("/instellingen/groepen/")
    assert "Anna" in docent.get(f"{cohort}/deelnemers")
    page = docent.get(f"{cohort}/uitnodigen")
    assert ANNA not in page and "b@voorbeeld.nl" in page
    # The link brings who used it to their own page, and lets nobody else in.
    assert anna.client.get(address).location == response.location.partition("?")[0]
    other = Visitor(app).client.get(address)
    assert other.status_code == 410 and "al gebruikt" in other.get_data(as_text=True)
    page = docent.post(f"{cohort}/uitnodigen/lijst", list=f"x;{ANNA}").get_data(as_text=True)
    assert "doet al mee" in page
    assert not db.execute_sql("SELECT 1 FROM cohort_invitation WHERE name <> ''").fetchall()


def test_who_makes_an_account_on_the_way_lands_at_the_invitation(
    docent: Visitor, cohort: str, app: Flask, mailbox: Mailbox, clock: Clock
) -> None:
    invite(docent, cohort, f"Anna;{ANNA}")
    address = link(app, mailbox, clock)
    anna = Visitor(app)
    assert f"/aanmelden?next={address}" in anna.get(address)
    form = {"email": ANNA, "password": "een zin met rare walvissen", "next": address}
    response = anna.post("/aanmelden", "/aanmelden", **form)
    assert f'name="next" value="{address}"' in anna.get(response.location)
    response = anna.post("/aanmelden/code", code=mailbox.code(ANNA), next=address)
    assert f'href="{address}"' in anna.get(response.location)
    assert anna.post(address, address, name="Anna", agreed="on").status_code == 302


def test_no_is_an_answer_that_lasts_and_one_click_of_a_mail_program_is_enough(
    docent: Visitor, cohort: str, app: Flask, mailbox: Mailbox, clock: Clock
) -> None:
    invite(docent, cohort, f"Anna;{ANNA}\nBram;b@voorbeeld.nl")
    address = link(app, mailbox, clock)
    anna = Visitor(app)
    assert "Liever niet meedoen" in anna.get(f"{address}/nee")
    assert "Meedoen met Groep B" in anna.get(address)
    one_click = {"List-Unsubscribe": "One-Click"}
    assert anna.client.post(f"{address}/nee", data=one_click).status_code == 200
    assert "Je doet niet mee" in anna.client.get(address).get_data(as_text=True)
    assert anna.client.post(address, data=one_click).status_code == 400
    bram = Visitor(app)
    page = link(app, mailbox, clock, "b@voorbeeld.nl")
    assert bram.post(f"{page}/nee", page).status_code == 302
    assert "Wil niet meedoen" in docent.get(f"{cohort}/uitnodigen")
    again = docent.post(f"{cohort}/uitnodigen/lijst", list=f"Anna;{ANNA}").get_data(as_text=True)
    assert "wil niet meedoen: er gebeurt niets" in again


def test_an_invitation_that_is_taken_back_or_too_old_lets_nobody_in(
    docent: Visitor, cohort: str, app: Flask, mailbox: Mailbox, clock: Clock
) -> None:
    invite(docent, cohort, f"Anna;{ANNA}\nBram;b@voorbeeld.nl")
    anna, bram = link(app, mailbox, clock), link(app, mailbox, clock, "b@voorbeeld.nl")
    docent.post(f"{cohort}/uitnodigen", take_back=ANNA)
    clock.forward(days=60)
    for address in (anna, bram):
        visitor = Visitor(app)
        for response in (visitor.client.get(address), visitor.post(address, name="x", agreed="on")):
            assert response.status_code == 410
            assert "geldt niet meer" in response.get_data(as_text=True)
    page = docent.get(f"{cohort}/uitnodigen")
    assert "Teruggenomen" in page and "Verlopen" in page
    clock.forward(days=30)
    assert forget_expired(clock()).invitations == 2
    assert visitor.client.get(bram).status_code == 404


def test_a_name_is_only_a_name_wherever_it_is_shown(
    docent: Visitor, cohort: str, app: Flask, mailbox: Mailbox, clock: Clock
) -> None:
    name = "<b>Anna</b>\r\nBcc: eve@voorbeeld.nl, =?utf-8?q?x?= {{ 7*7 }}"
    page = invite(docent, cohort, f'Naam;E-mail\n"{name}";{ANNA}')
    assert "&lt;b&gt;Anna" in page and "<b>Anna" not in page
    assert "&lt;b&gt;Anna" in Visitor(app).get(link(app, mailbox, clock))
    assert "{{ 7*7 }}" in mailbox.mails(ANNA)[0][1]


def test_a_docent_invites_with_so_many_lists_a_day(docent: Visitor, cohort: str) -> None:
    for number in range(20):
        invite(docent, cohort, f"n{number}@voorbeeld.nl")
    response = docent.post(f"{cohort}/uitnodigen/lijst", list="x@voorbeeld.nl", do="invite")
    assert response.status_code == 429
