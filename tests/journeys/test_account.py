"""An account, in a real browser: from a guest's first answer to another device."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.conftest import Mailbox

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

EMAIL = "anna@voorbeeld.nl"
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
