"""An account, in a real browser: from a guest's first answer to another device."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.storage import learners, reviews
from tests.conftest import Clock, Mailbox

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

EMAIL = "anna@voorbeeld.nl"
WAITING = "5a3c2c58-9d6a-4b11-9f3e-0d4cf7a0b001"
PASSWORD = "mijn kat slaapt op de fiets"


def sign_up(page: "Page", tmp_path: Path) -> None:
    page.goto("/aanmelden")
    page.get_by_label("E-mailadres").fill(EMAIL)
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Mail mij een code").click()
    page.get_by_label("Code van 8 cijfers").fill(Mailbox(tmp_path / "mail").code(EMAIL))
    page.get_by_role("button", name="Maak mijn account").click()
    page.get_by_role("heading", name="Je account is klaar").wait_for()


def test_a_guest_makes_an_account_and_goes_on_elsewhere(
    page: "Page", open_browser: "Callable[..., BrowserContext]", tmp_path: Path
) -> None:
    page.goto("/begin")
    page.get_by_role("button", name="Begin").first.click()
    page.goto("/instellingen")
    page.get_by_role("link", name="Maak een account").click()
    sign_up(page, tmp_path)

    elsewhere = open_browser(java_script_enabled=False).new_page()
    elsewhere.goto("/vandaag")
    elsewhere.get_by_label("E-mailadres").fill(EMAIL)
    elsewhere.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    elsewhere.get_by_role("button", name="Log in").click()
    elsewhere.get_by_role("heading", name="Vandaag").wait_for()
    elsewhere.goto("/uitloggen")
    elsewhere.get_by_role("button", name="Log uit").click()
    elsewhere.goto("/vandaag")
    elsewhere.get_by_role("heading", name="Inloggen").wait_for()


def test_an_answer_that_waits_in_the_browser_goes_along_to_the_account(
    page: "Page", open_browser: "Callable[..., BrowserContext]", clock: Clock, tmp_path: Path
) -> None:
    sign_up(page, tmp_path)
    phone = open_browser().new_page()
    phone.goto("/begin")
    phone.get_by_role("button", name="Begin").first.click()
    phone.goto("/inloggen")
    # As the review page leaves it when the connection drops.
    phone.evaluate(
        """([id, moment]) => {
          const learner = document.querySelector("[data-learner]").dataset.learner;
          const review = { id, card: "band-afstand", grade: "good", reviewed_at: moment,
                           duration_ms: 900, why_missed: null };
          localStorage.setItem(`haven/${learner}/antwoord/${id}`, JSON.stringify(review));
        }""",
        [WAITING, clock().isoformat()],
    )
    phone.get_by_label("E-mailadres").fill(EMAIL)
    phone.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    phone.get_by_role("button", name="Log in").click()
    phone.get_by_role("heading", name="Alles staat bij elkaar").wait_for()
    account = learners.learner_with_email(EMAIL)
    assert account is not None
    assert [str(review.id) for review in reviews.all_reviews(account.id)] == [WAITING]
    assert (
        phone.evaluate("Object.keys(localStorage).filter((key) => key.includes('antwoord'))") == []
    )


def test_a_password_can_be_shown_and_is_sent_as_a_password(page: "Page", tmp_path: Path) -> None:
    page.goto("/aanmelden")
    field = page.get_by_label("Wachtwoord", exact=True)
    field.fill("kort")
    page.get_by_role("button", name="Toon wachtwoord").click()
    assert field.get_attribute("type") == "text"
    page.get_by_role("button", name="Verberg wachtwoord").click()
    assert field.get_attribute("type") == "password"
    page.get_by_label("E-mailadres").fill(EMAIL)
    page.get_by_role("button", name="Toon wachtwoord").click()
    page.get_by_role("button", name="Mail mij een code").click()
    page.get_by_role("alert").get_by_role("link", name="te kort").click()
    assert page.get_by_label("Wachtwoord", exact=True).input_value() == ""
    assert page.get_by_label("E-mailadres").input_value() == EMAIL
    assert page.evaluate("document.activeElement.id") == "password"


def test_a_reader_of_the_screen_hears_what_is_wrong_with_a_field(page: "Page") -> None:
    page.goto("/aanmelden")
    page.get_by_label("E-mailadres").fill(EMAIL)
    page.get_by_label("Wachtwoord", exact=True).fill("wachtwoord12345")
    page.get_by_role("button", name="Mail mij een code").click()
    field = page.get_by_label("Wachtwoord", exact=True)
    described = (field.get_attribute("aria-describedby") or "").split()
    heard = [page.locator(f"#{name}").inner_text() for name in described]
    assert any("Minstens 15 tekens" in text for text in heard)
    assert any("makkelijk te raden" in text for text in heard)
