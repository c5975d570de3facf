"""Reading in a real browser: choices without script, sentences that light up, paper."""

from typing import TYPE_CHECKING

import pytest

from app.learning.days import DEFAULT_ZONE
from app.storage import learners
from tests.journeys.conftest import Site

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Page

LESSON = "/hoofdstuk1/eerste-les"
HURTS = "Iemand gaat weg en komt niet terug."
INSTEAD = "Een band kan veranderen."


def test_a_part_that_can_hurt_is_chosen_with_the_keyboard_and_without_script(plain: "Page") -> None:
    plain.goto(LESSON)
    assert not plain.get_by_text(HURTS).is_visible()
    assert not plain.get_by_text(INSTEAD).is_visible()
    plain.get_by_text("Liever hetzelfde, zonder dit onderwerp").focus()
    plain.keyboard.press("Enter")
    plain.get_by_text(INSTEAD).wait_for()
    assert not plain.get_by_text(HURTS).is_visible()


def test_paper_has_both_parts_and_no_answers(page: "Page") -> None:
    page.goto(LESSON)
    page.emulate_media(media="print")
    assert page.get_by_text(HURTS).is_visible()
    assert page.get_by_text(INSTEAD).is_visible()
    assert page.get_by_text("Welk geluid vond je vandaag fijn?").is_visible()
    assert page.get_by_text("Wat doet een band op afstand?").is_visible()
    assert not page.get_by_text("Hij blijft.", exact=True).is_visible()


def test_a_card_on_paper_has_its_answer_and_nothing_to_press(page: "Page") -> None:
    page.goto("/kaart/band-afstand")
    page.emulate_media(media="print")
    assert page.get_by_text("Hij blijft.", exact=True).is_visible()
    assert not page.get_by_text("Toon het antwoord").is_visible()


@pytest.mark.parametrize("card", ["band-afstand", "band-verschil"])
def test_the_sentence_of_a_card_lights_up(page: "Page", card: str) -> None:
    page.goto(f"{LESSON}#zin-{card}")
    lit = page.locator(".zin").evaluate_all(
        "(all) => all.filter((s) => getComputedStyle(s).backgroundColor !== 'rgba(0, 0, 0, 0)')"
        ".map((s) => s.id)"
    )
    assert lit == ["zin-band-lena" if card == "band-verschil" else f"zin-{card}"]


def test_the_glossary_finds_a_term_by_its_synonym_and_without_its_accents(page: "Page") -> None:
    page.goto("/begrippen")
    field = page.get_by_role("searchbox", name="Zoek een begrip")
    field.fill("Dúnne")
    page.get_by_role("status").get_by_text("1 begrip", exact=True).wait_for()
    assert page.locator("#losse-band").is_visible()
    assert not page.locator("#band").is_visible()
    field.fill("")
    page.locator("#band").wait_for()


def test_the_glossary_works_without_script(plain: "Page") -> None:
    plain.goto("/begrippen")
    assert not plain.get_by_role("searchbox").is_visible()
    plain.get_by_role("link", name="L", exact=True).click()
    assert plain.url.endswith("#letter-l")


@pytest.mark.parametrize("start", ["/", "/begin"])
def test_whoever_begins_gets_the_zone_of_the_browser(
    site: Site, open_browser: "Callable[..., BrowserContext]", start: str
) -> None:
    for zone, options in (
        ("America/Paramaribo", {"timezone_id": "America/Paramaribo"}),
        (DEFAULT_ZONE, {"timezone_id": "America/Paramaribo", "java_script_enabled": False}),
    ):
        page = open_browser(**options).new_page()
        page.goto(start)
        page.get_by_role("button", name="Begin met de eerste les").click()
        page.get_by_role("heading", name="De eerste les").wait_for()
        newest = learners.learner_of(max(learners.learner_ids()))
        assert newest is not None and newest.zone_name == zone
