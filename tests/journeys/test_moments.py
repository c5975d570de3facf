"""A moment in a real browser: written, kept where its learner chose, and found back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from app.storage import tables
from tests.conftest import Clock
from tests.journeys.conftest import Site
from tests.journeys.test_accessibility import RULES, VIEWS

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Request, Route

TEXT = "Mijn buurvrouw zwaaide, en ik zwaaide terug."
DONE = "Dat was je moment"


def begin(page: "Page") -> "Page":
    page.goto("/begin")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/hoofdstuk1/eerste-les")
    return page


def choose(page: "Page", where: str) -> "Page":
    """Open a moment and choose where writing is kept."""
    page.goto("/moment/dichtbij")
    page.get_by_text("Ik wil erbij schrijven").click()
    page.get_by_label(where).check()
    page.get_by_role("button", name="Kies en schrijf").click()
    page.get_by_label("Schrijf, als je wilt").wait_for()
    return page


# Ends when this device holds no draft, and fails after five seconds.
NO_DRAFT = """async () => {
  const asked = indexedDB.open("haven", 1);
  await new Promise((resolve, reject) => { asked.onsuccess = resolve; asked.onerror = reject; });
  for (let turn = 0; turn < 100; turn += 1) {
    const found = asked.result.transaction("journal").objectStore("journal").getAll();
    await new Promise((resolve, reject) => { found.onsuccess = resolve; found.onerror = reject; });
    if (!found.result.some((row) => row.kind === "draft")) return asked.result.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("a draft is still here");
}"""


def write(page: "Page", text: str = TEXT) -> None:
    page.get_by_label("Schrijf, als je wilt").fill(text)
    page.get_by_role("button", name="Bewaar wat ik schreef").click()
    page.get_by_role("heading", name=DONE).wait_for()


@contextmanager
def everything_sent(page: "Page") -> Iterator[list[str]]:
    """Every byte that the browser sends meanwhile: addresses, headers and bodies."""
    sent: list[str] = []

    def note(request: "Request") -> None:
        body = request.post_data_buffer or b""
        sent.append(f"{request.url} {request.headers} {body.decode('latin-1')}")

    page.context.on("request", note)
    yield sent
    page.context.remove_listener("request", note)


def test_a_person_without_a_script_writes_searches_and_deletes(plain: "Page") -> None:
    write(choose(begin(plain), "Versleuteld bij Haven"))
    plain.get_by_role("link", name="je schrift").click()
    plain.get_by_text(TEXT).wait_for()
    plain.get_by_label("Zoek in je schrift").fill("buurvrouw")
    plain.get_by_role("button", name="Zoek").click()
    plain.get_by_text("1 tekst met").wait_for()
    plain.get_by_role("link", name="Verwijder de tekst").click()
    plain.get_by_role("button", name="Verwijder voorgoed").click()
    plain.get_by_text("De tekst is verwijderd").wait_for()
    assert tables.Reflection.select().count() == 0


def test_no_text_leaves_a_device_that_keeps_it(
    page: "Page", site: Site, clock: Clock, open_browser: "Callable[..., BrowserContext]"
) -> None:
    begin(page)
    with everything_sent(page) as sent:
        choose(page, "Alleen op dit apparaat")
        page.get_by_label("Schrijf, als je wilt").press_sequentially("Mijn ")
        page.wait_for_timeout(1000)  # the draft is kept a moment after the last key
        write(page)
        page.goto("/schrift")
        page.get_by_text(TEXT).wait_for()
        page.get_by_label("Zoek op dit apparaat").fill("zwaaide")
        page.get_by_text("1 tekst", exact=True).wait_for()
        page.get_by_role("button", name="Wijzig").click()
        page.get_by_label("Je tekst").fill("Mijn buurvrouw zwaaide weer.")
        page.get_by_role("button", name="Bewaar").click()
        page.get_by_text("zwaaide weer").wait_for()
    assert any("/moment " in line and "ending=written" in line for line in sent)
    assert not [line for line in sent if "buurvrouw" in line or "zwaaide" in line]
    assert tables.Reflection.select().count() == 0
    assert tables.PromptDay.get().ending == "written"

    # Nor does it lie there for whoever gets hold of the device.
    kept = page.evaluate(_EVERYTHING_KEPT)
    assert "sealed" in kept and "buurvrouw" not in kept

    page.reload()
    page.get_by_text("zwaaide weer").wait_for()
    page.get_by_role("button", name="Verwijder", exact=True).click()
    page.get_by_role("button", name="Verwijder voorgoed").click()
    page.get_by_text("De tekst is verwijderd").wait_for()
    page.reload()
    page.get_by_text("Hier staat nog niets").wait_for()


_EVERYTHING_KEPT = """
() => new Promise((resolve) => {
  const asked = indexedDB.open("haven");
  asked.onsuccess = () => {
    const all = asked.result.transaction("journal").objectStore("journal").getAll();
    all.onsuccess = () => resolve(JSON.stringify([localStorage, sessionStorage]) + all.result.map(
      (row) => JSON.stringify(row) + new TextDecoder("latin1").decode(row.sealed)).join());
  };
})
"""


def test_whoever_signs_in_after_somebody_on_one_device_reads_nothing_of_theirs(
    page: "Page",
) -> None:
    write(choose(begin(page), "Alleen op dit apparaat"))
    page.goto("/uitloggen")
    page.get_by_role("button", name="Log uit").click()
    page.wait_for_url("**/")
    begin(page)
    page.goto("/schrift")
    page.get_by_text("Hier staat nog niets").wait_for()
    assert page.get_by_text(TEXT).count() == 0
    # It is still there, sealed: signing out loses nothing.
    assert "sealed" in page.evaluate(_EVERYTHING_KEPT)


def test_what_is_kept_nowhere_goes_nowhere(page: "Page") -> None:
    begin(page)
    with everything_sent(page) as sent:
        choose(page, "Nergens")
        page.get_by_label("Schrijf, als je wilt").fill(TEXT)
        page.wait_for_timeout(1000)
        page.get_by_role("button", name="Opgeschreven").click()
        page.get_by_role("heading", name=DONE).wait_for()
    assert not [line for line in sent if "buurvrouw" in line]
    page.goto("/schrift")
    page.get_by_text("Hier staat nog niets").wait_for()


def test_without_a_script_a_device_keeps_nothing_and_the_page_says_so(plain: "Page") -> None:
    begin(plain)
    plain.goto("/instellingen/moment")
    plain.get_by_label("Alleen op dit apparaat").check()
    plain.get_by_role("button", name="Bewaar").click()
    plain.goto("/moment/dichtbij")
    plain.get_by_text("heeft deze pagina JavaScript nodig").wait_for()
    assert not plain.get_by_label("Schrijf, als je wilt").is_visible()
    plain.get_by_role("button", name="In mijn hoofd gedaan").click()
    plain.get_by_role("heading", name=DONE).wait_for()


@pytest.mark.parametrize("where", ["Versleuteld bij Haven", "Alleen op dit apparaat"])
def test_leaving_in_the_middle_of_a_sentence_is_safe(page: "Page", where: str) -> None:
    choose(begin(page), where)
    with everything_sent(page) as sent:
        page.get_by_label("Schrijf, als je wilt").fill("Mijn buurvrouw")
        page.get_by_text("blijft op dit apparaat staan").wait_for()
        page.goto("/vandaag")
        page.goto("/moment/dichtbij")
        page.get_by_text("Dit stond er nog").wait_for()
    assert not [line for line in sent if "buurvrouw" in line]
    field = page.get_by_label("Schrijf, als je wilt")
    assert field.input_value() == "Mijn buurvrouw"
    write(page)
    # What is finished leaves no draft behind.
    page.evaluate(NO_DRAFT)
    page.get_by_role("button", name="Ga terug naar de vraag").click()
    field.wait_for()
    page.wait_for_load_state()
    page.wait_for_timeout(300)
    assert field.input_value() == ""


def test_what_is_typed_before_the_script_is_there_is_kept_too(
    open_browser: "Callable[..., BrowserContext]",
) -> None:
    # A worker of the page would have the script at hand.
    page = open_browser(service_workers="block").new_page()
    choose(begin(page), "Versleuteld bij Haven")
    held: list[Route] = []
    page.route("**/moment.js*", lambda route: held.append(route))
    page.goto("/moment/dichtbij", wait_until="commit")
    page.get_by_label("Schrijf, als je wilt").fill("Mijn buurvrouw")
    assert held
    held[0].continue_()
    page.get_by_text("blijft op dit apparaat staan").wait_for()


def test_a_keyboard_is_enough(page: "Page") -> None:
    choose(begin(page), "Versleuteld bij Haven")
    page.get_by_label("Schrijf, als je wilt").focus()
    page.keyboard.type(TEXT)
    page.keyboard.press("Tab")  # who can read this
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "written"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=DONE).wait_for()


def test_a_person_stops_and_nothing_is_noted(phone: "Page") -> None:
    begin(phone)
    phone.goto("/moment/dichtbij")
    phone.get_by_role("link", name="Ik stop even").tap()
    phone.get_by_role("heading", name="Goed dat je stopt").wait_for()
    assert tables.PromptDay.select().count() == 0
    phone.get_by_role("link", name="Naar vandaag").tap()
    phone.get_by_role("link", name="Een moment om stil te staan").wait_for()


@pytest.mark.parametrize("where", ["Versleuteld bij Haven", "Alleen op dit apparaat"])
def test_axe_finds_nothing_while_writing_and_in_a_journal_on_this_device(
    page: "Page", where: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    choose(begin(page), where)
    found = []
    for step in ("writing", "journal"):
        if step == "journal":
            write(page)
            page.goto("/schrift")
            page.get_by_text(TEXT).wait_for()
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        for width, scheme in VIEWS:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for violation in axe.run(page, options={"runOnly": RULES}).response["violations"]:
                found.append(f"{step} {width} {scheme}: {violation['id']} {violation['nodes']}")
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert not found, "\n".join(found)
