"""Every page for everybody: axe finds nothing, nothing is cut off, and every target fits a thumb.

The pages are those of `app.url_map`, so a new page is walked by itself; one with a parameter of
its own asks for an example in `EXAMPLES`.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import pytest

from tests.journeys.conftest import Site

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

Scheme = Literal["light", "dark"]

EXAMPLES = {
    "chapter_slug": "hoofdstuk1",
    "lesson_slug": "eerste-les",
    "card_id": "band-afstand",
    "code": "niet-bestaand",
    "cohort_id": "niet-bestaand",
    "prompt_id": "dichtbij",
    "reflection_id": UUID(int=1),
    "token": "niet-bestaand",
    "name": "kaarten.csv",
}
# Files and addresses for programs, and what only exists while somebody builds Haven.
NOT_PAGES = {"static", "pages.healthz", "reviews.stack", "dev_mail.show"}

VIEWS: tuple[tuple[int, Scheme], ...] = (
    (360, "light"),
    (360, "dark"),
    (1280, "light"),
    (1280, "dark"),
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Links inside a sentence may be as small as the sentence (WCAG 2.5.8).
TARGETS = "button, summary, .knop, header a, footer a, input:not([type=hidden]), select, textarea"


def test_axe_finds_nothing_for_a_learner(site: Site, learners_page: "Page") -> None:
    assert not (found := list(_violations(site, learners_page, VIEWS))), "\n".join(found)


def test_axe_finds_nothing_for_a_visitor(site: Site, page: "Page") -> None:
    # The same pages for the greater part: two views are enough to see what is only a visitor's.
    assert not (found := list(_violations(site, page, VIEWS[1:3]))), "\n".join(found)


def test_no_page_scrolls_sideways_on_the_narrowest_phone(site: Site, learners_page: "Page") -> None:
    learners_page.set_viewport_size({"width": 320, "height": 640})
    cut_off = []
    for path in _visited(site, learners_page):
        width = learners_page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            cut_off.append(f"{path}: {width} px")
    assert not cut_off


def test_every_target_fits_a_thumb(site: Site, learners_page: "Page") -> None:
    learners_page.set_viewport_size({"width": 360, "height": 740})
    small = []
    for path in _visited(site, learners_page):
        small += [f"{path}: {what}" for what in learners_page.evaluate(_SMALL_TARGETS, TARGETS)]
    assert not small


def test_a_keyboard_reaches_help_with_two_keys(site: Site, page: "Page") -> None:
    page.goto("/hoofdstuk1/eerste-les")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Hulp nodig?").wait_for()


def test_a_keyboard_skips_to_the_text(site: Site, page: "Page") -> None:
    page.goto("/hoofdstuk1/eerste-les")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhoud"


@pytest.fixture
def learners_page(open_browser: "Callable[..., BrowserContext]") -> "Page":
    """The browser of somebody who began and answered a card of two lessons, made something of it,
    and wrote something."""
    page = open_browser().new_page()
    page.goto("/begin")
    page.get_by_role("button", name="Begin").click()
    page.goto("/hoofdstuk1/eerste-les")
    page.locator("#kaart-band-afstand summary", has_text="Toon het antwoord").click()
    page.locator("#kaart-band-afstand").get_by_role("button", name="Wist ik").click()
    page.locator("#kaart-band-afstand .stand").wait_for()
    page.goto("/moment/dichtbij")
    page.get_by_text("Ik wil erbij schrijven").click()
    page.get_by_label("Versleuteld bij Haven").check()
    page.get_by_role("button", name="Kies en schrijf").click()
    page.get_by_label("Schrijf, als je wilt").fill("Zij knikte.")
    page.evaluate(f"document.querySelector('[name=id]').value = '{UUID(int=1)}'")
    page.get_by_role("button", name="Bewaar wat ik schreef").click()
    page.get_by_role("heading", name="Dat was je moment").wait_for()
    # A card in own words, with everything its pages can show, and one that was put aside.
    page.goto("/kaart/band-afstand/woorden")
    for label in ("Jouw vraag", "Jouw antwoord", "Notitie"):
        page.get_by_label(label).fill("*Mijn* [woorden](https://voorbeeld.nl)\n\n- een\n\n`twee`")
    page.get_by_role("button", name="Bewaar").click()
    page.goto("/kaart/band-lena")
    page.get_by_role("button", name="Leg hem apart").click()
    page.goto("/hoofdstuk1/tweede-les")
    return page


def _violations(site: Site, page: "Page", views: Sequence[tuple[int, Scheme]]) -> Iterator[str]:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright",
        reason="axe is not installed (requirements-dev.txt)",
    ).Axe()
    for path in _visited(site, page):
        # What is closed is not looked at.
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        for width, scheme in views:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for violation in axe.run(page, options={"runOnly": RULES}).response["violations"]:
                for node in violation["nodes"]:
                    yield f"{path} {scheme} {width}: {violation['id']} {node['html'][:160]}"


def _visited(site: Site, page: "Page") -> Iterator[str]:
    """Go to every page and say which it is."""
    for rule in site.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in NOT_PAGES:
            continue
        unknown = rule.arguments - EXAMPLES.keys()
        assert not unknown, f"{rule.rule}: give an example of {unknown} in EXAMPLES"
        with site.app.test_request_context():
            given: dict[str, Any] = {name: EXAMPLES[name] for name in rule.arguments}
            path = site.app.url_for(rule.endpoint, **given)
        response = page.request.get(path)
        if "text/html" in response.headers["content-type"]:
            page.goto(path)
            yield path
    page.goto("/bestaat-niet")
    yield "/bestaat-niet"


_SMALL_TARGETS = """
(targets) => [...document.querySelectorAll(targets)]
  .filter((target) => target.checkVisibility({visibilityProperty: true}) && !target.closest("p, .sprong"))
  .map((target) => target.matches("[type=radio], [type=checkbox]") ? target.closest("label, .keuze") ?? target : target)
  .filter((target) => target.getBoundingClientRect().height < 47.5)
  .map((target) => `${target.outerHTML.slice(0, 120)} ${target.getBoundingClientRect().height} px`)
"""
