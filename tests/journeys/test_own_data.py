"""Taking everything along and bringing it back, in a real browser without JavaScript."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.storage import learners, reviews

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page


def begin(page: "Page") -> None:
    page.goto("/begin")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/hoofdstuk1/**")


def test_somebody_moves_house_without_losing_a_day(
    open_browser: "Callable[..., BrowserContext]", tmp_path: Path
) -> None:
    old = open_browser(java_script_enabled=False).new_page()
    begin(old)
    old.goto("/herhalen")
    old.get_by_text("Toon het antwoord", exact=True).click()
    old.get_by_role("button", name="Wist ik").click()
    old.goto("/instellingen")
    old.get_by_role("link", name="Je gegevens").click()
    with old.expect_download() as downloading:
        old.get_by_role("link", name="Download alles").click()
    file = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(file)

    new = open_browser(java_script_enabled=False).new_page()
    begin(new)
    new.goto("/gegevens")
    new.get_by_label("Bestand").set_input_files(file)
    new.get_by_role("button", name="Kijk eerst wat erin zit").click()
    new.get_by_text("Er is nog niets veranderd.").wait_for()
    new.get_by_role("link", name="Kies het bestand en zet het terug").click()
    new.get_by_label("Bestand").set_input_files(file)
    new.get_by_role("button", name="Zet terug").click()
    new.get_by_text("1 herhaling van 1 kaart is erbij").wait_for()

    first, second = learners.learner_ids()
    assert len(reviews.memories_of(first)) == 1
    assert reviews.memories_of(second) == reviews.memories_of(first)
