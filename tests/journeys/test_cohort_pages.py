"""An instructor's pages and a member's own, in a real browser: axe, the narrowest phone, thumbs."""

from typing import TYPE_CHECKING

import pytest

from app.learning.cohorts import Role
from app.learning.course import Course
from app.storage import learners
from app.storage.cohort_invitations import invitations_of
from app.storage.database import db
from app.usecases.invite_instructor import invite_instructor
from app.usecases.seed_demo import DEMO_PASSWORD, INSTRUCTOR_EMAIL, seed_demo
from app.usecases.send_cohort_mails import send_cohort_mails
from tests.conftest import Clock
from tests.journeys.conftest import Site
from tests.journeys.test_accessibility import _SMALL_TARGETS, RULES, TARGETS, VIEWS

if TYPE_CHECKING:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Page

PATHS = (
    "", "/deelnemers", "/leerstof", "/weekplan", "/uitnodigen", "/uitnodigen/lijst", "/bericht", "/wat-ik-zie", "/beheer",
)  # fmt: skip
ADMIN = ("/beheer", "/beheer/bewaren", "/beheer/mail", "/beheer/cursus", "/beheer/logboek")


@pytest.fixture
def cohort(site: Site, page: "Page", small_course: Course, clock: Clock) -> str:
    """The address of the demo's cohort; `page` is its instructor's."""
    seed_demo(small_course, clock(), others=20, days=21)
    invite_instructor(INSTRUCTOR_EMAIL, clock(), Role.ADMIN)
    page.goto("/inloggen?next=/groepen")
    page.get_by_label("E-mailadres").fill(INSTRUCTOR_EMAIL)
    page.get_by_label("Wachtwoord", exact=True).fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    address = page.locator(".lessen a").first.get_attribute("href")
    assert address
    return address


def test_the_pages_of_a_cohort_are_for_everybody(cohort: str, page: "Page") -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.goto(f"{cohort}/uitnodigen")
    code = page.locator(".groepscode").inner_text().replace(" ", "")
    found: list[str] = []
    own = (*ADMIN, "/groepen", "/groepen/nieuw", f"/meedoen/{code}")
    for path in (*own, *(cohort + path for path in PATHS)):
        page.goto(path)
        found += flaws(page, axe)
    assert not found, "\n".join(found)


def flaws(page: "Page", axe: "Axe") -> list[str]:
    """What is wrong with the page as it stands, in every view."""
    found = []
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    for width, scheme in VIEWS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for violation in axe.run(page, options={"runOnly": RULES}).response["violations"]:
            node = violation["nodes"][0]["html"][:160]
            found.append(f"{page.url} {scheme} {width}: {violation['id']} {node}")
    page.set_viewport_size({"width": 320, "height": 640})
    width = page.evaluate("document.documentElement.scrollWidth")
    found += [f"{page.url}: {width} px wide"] if width > 320 else []
    return found + [f"{page.url}: {what}" for what in page.evaluate(_SMALL_TARGETS, TARGETS)]


def test_a_list_an_invitation_and_a_message_go_from_hand_to_hand_without_a_script(
    cohort: str, site: Site, page: "Page", plain: "Page", clock: Clock
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    mailer = site.app.extensions["haven"].mailer
    page.goto(f"{cohort}/uitnodigen/lijst")
    page.get_by_label("Of plak de lijst hier").fill(
        "Naam;E-mail\nAnna;anna@voorbeeld.nl\nMees;meesvoorbeeld.nl\n"
        f"Yasmina;{'yasmina.' * 6}elamrani@{'hogeschool-' * 3}amsterdam.nl"
    )
    page.get_by_role("button", name="Bekijk de lijst").click()
    found = flaws(page, axe)
    page.get_by_role("button", name="Ga verder met alleen de goede regels").click()
    found += flaws(page, axe)
    page.get_by_role("button", name="Nodig 2 mensen uit").click()
    found += flaws(page, axe)
    list(send_cohort_mails(mailer, clock()))
    [invited] = [each for each in invitations_of(cohort.rpartition("/")[2]) if each.name == "Anna"]
    page.goto(f"/uitnodiging/{invited.token}/nee")
    found += flaws(page, axe)
    plain.goto(f"/uitnodiging/{invited.token}")
    plain.get_by_label("Ik wil dit delen").check()
    plain.get_by_role("button", name="Doe mee").click()
    plain.get_by_role("button", name="Liever geen berichten").click()
    plain.get_by_role("button", name="Toch weer berichten").wait_for()
    page.goto(f"/uitnodiging/{invited.token}")
    found += flaws(page, axe)
    page.goto(f"{cohort}/bericht")
    page.get_by_role("button", name="Verstuur").click()
    page.get_by_text("Je bericht gaat zo naar").wait_for()
    page.goto(f"{cohort}/bericht")
    page.get_by_text("Wil geen berichten: Anna.").wait_for()
    found += flaws(page, axe)
    [[token]] = db.execute_sql(
        "SELECT id FROM cohort_mail WHERE learner_id IS NOT NULL LIMIT 1"
    ).fetchall()
    page.goto(f"/berichten/{token}")
    found += flaws(page, axe)
    assert not found, "\n".join(found)


def test_a_member_joins_without_a_script_and_sees_what_the_docent_sees(
    cohort: str, page: "Page", plain: "Page"
) -> None:
    page.goto(f"{cohort}/uitnodigen")
    code = page.locator(".groepscode").inner_text()
    plain.goto("/meedoen")
    plain.get_by_label("Code van de groep").fill(code)
    plain.get_by_role("button", name="Verder").click()
    plain.get_by_label("Naam die je docent ziet").fill("Mees van Dijk")
    plain.get_by_label("Ik wil dit delen").check()
    plain.get_by_role("button", name="Doe mee").click()
    row = plain.get_by_role("row", name="Mees van Dijk").inner_text()
    page.goto(f"{cohort}/deelnemers")
    assert page.get_by_role("row", name="Mees van Dijk").inner_text() == row
    plain.get_by_role("button", name="Verlaat de groep").click()
    page.reload()
    assert page.get_by_role("row", name="Mees van Dijk").count() == 0


def test_somebody_who_may_teach_finds_their_groups_from_the_settings(
    site: Site, page: "Page", clock: Clock
) -> None:
    page.goto("/begin")
    page.get_by_role("button", name="Begin").click()
    assert learners.give_account(learners.learner_ids()[-1], "nieuw@voorbeeld.nl", "a hash")
    invite_instructor("nieuw@voorbeeld.nl", clock())
    page.goto("/instellingen")
    page.get_by_role("link", name="Groepen").click()
    page.get_by_role("link", name="De groepen die je volgt als docent").click()
    page.get_by_role("link", name="Maak een groep").click()
    page.get_by_label("Naam van de groep").fill("Groep B")
    page.get_by_role("button", name="Maak de groep").click()
    page.get_by_role("heading", name="Uitnodigen").wait_for()
