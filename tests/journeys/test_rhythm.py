"""/instellingen/tijd in a real browser: the cost follows the slider, and a pause is one form."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page


def begin(page: "Page") -> None:
    page.goto("/begin")
    page.get_by_role("button", name="Begin").click()
    page.goto("/instellingen/tijd")


def test_the_cost_moves_with_the_slider_also_by_keyboard(page: "Page") -> None:
    pytest.importorskip("fsrs_rs_python", reason="an optional extra (requirements-dev.txt)")
    begin(page)
    slider, output = page.get_by_role("slider"), page.locator("#uitkomst")
    assert "90 van de 100" in output.inner_text()
    slider.focus()
    page.keyboard.press("ArrowLeft")
    assert "89 van de 100" in output.inner_text()
    assert slider.get_attribute("aria-valuetext") == "89 van de 100"
    page.keyboard.press("Home")
    few = int(re.findall(r"\d+", output.inner_text())[3])
    page.keyboard.press("End")
    assert "97 van de 100" in output.inner_text()
    assert int(re.findall(r"\d+", output.inner_text())[3]) >= few
    page.get_by_role("button", name="Bewaar", exact=True).click()
    page.get_by_text("Je keuzes zijn bewaard").wait_for()
    assert page.get_by_role("slider").input_value() == "97"


def test_without_script_the_form_works_out_what_a_choice_costs(
    open_browser: "Callable[..., BrowserContext]",
) -> None:
    page = open_browser(java_script_enabled=False).new_page()
    begin(page)
    page.get_by_label("Datum").fill("2026-04-20")
    page.get_by_label("zondag").check()
    page.get_by_role("button", name="Reken door").click()
    page.get_by_text("Ze zijn nog niet bewaard").wait_for()
    page.get_by_text("Tot maandag 20 april 2026 vraagt dit").wait_for()
    assert page.get_by_label("zondag").is_checked()
    page.get_by_role("button", name="Bewaar", exact=True).click()
    page.get_by_text("Je keuzes zijn bewaard").wait_for()
    page.get_by_text("Tot maandag 20 april 2026 vraagt dit").wait_for()


def test_a_pause_begins_in_the_settings_and_ends_on_today(page: "Page") -> None:
    begin(page)
    page.get_by_label("Pauze tot").fill("2026-03-09")
    page.get_by_role("button", name="Bewaar", exact=True).click()
    page.goto("/vandaag")
    page.get_by_text("Je hebt pauze tot maandag 9 maart 2026").wait_for()
    page.get_by_role("button", name="Stop de pauze").click()
    page.wait_for_url("**/vandaag")
    assert page.get_by_text("Je hebt pauze").count() == 0
