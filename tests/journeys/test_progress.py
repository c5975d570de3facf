"""/voortgang in a real browser: readable on a phone and on a wide screen, in light and in dark."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from app.learning.course import Course
from app.usecases.seed_demo import DEMO_EMAIL, DEMO_PASSWORD, seed_demo
from tests.conftest import Clock

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

SMALLEST_TEXT = 11.5  # CSS pixels


@pytest.fixture
def demo(site: object, small_course: Course, clock: Clock) -> None:
    """The demo learner is there."""
    seed_demo(small_course, clock())


def sign_in(page: "Page") -> None:
    page.goto("/inloggen")
    page.get_by_label("E-mailadres").fill(DEMO_EMAIL)
    page.get_by_label("Wachtwoord", exact=True).fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: "/inloggen" not in url)


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_pictures_fit_the_screen_and_their_words_can_be_read(
    demo: None, open_browser: "Callable[..., BrowserContext]", width: int
) -> None:
    page = open_browser(viewport={"width": width, "height": 800}).new_page()
    sign_in(page)
    page.goto("/voortgang")
    pictures = page.get_by_role("img")
    assert pictures.count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for index in range(2):
        box = pictures.nth(index).bounding_box()
        assert box is not None and box["width"] <= width
        heights = (
            pictures.nth(index)
            .locator("text")
            .evaluate_all(
                "texts => texts.map(text => parseFloat(getComputedStyle(text).fontSize)"
                " * text.ownerSVGElement.getScreenCTM().a)"
            )
        )
        assert min(heights) >= SMALLEST_TEXT


def test_the_pictures_follow_the_dark_page(
    demo: None, open_browser: "Callable[..., BrowserContext]"
) -> None:
    colours = set()
    for scheme in ("light", "dark"):
        page = open_browser(color_scheme=scheme).new_page()
        sign_in(page)
        page.goto("/voortgang")
        text = page.locator(".grafiek text").first
        colours.add(text.evaluate("text => getComputedStyle(text).fill"))
    assert len(colours) == 2


def test_the_demo_signs_in_and_finds_one_next_step(demo: None, page: "Page") -> None:
    sign_in(page)
    page.goto("/voortgang")
    page.get_by_role("link", name="Herhaal", exact=True).click()
    page.get_by_text("Toon het antwoord").first.wait_for()
