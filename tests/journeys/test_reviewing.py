"""Reviewing in a real browser: answer, undo, skip, keys, a lost connection, and no script at all."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from app.storage import learners, reviews
from tests.conftest import Clock

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page, Route

expect = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed (requirements-dev.txt)"
).expect


def begin(page: "Page") -> None:
    """Begin, read the first lesson, and start a sitting of four cards."""
    page.goto("/")
    page.get_by_role("button", name="Begin").first.click()
    page.get_by_role("heading", name="De eerste les").wait_for()
    page.goto("/herhalen")


def expect_card(page: "Page", card: str) -> None:
    expect(page.locator("#sessie .kaart")).to_have_attribute("data-card", card)


def show_answer(page: "Page") -> None:
    page.locator("#sessie").get_by_text("Toon het antwoord").click()


def give(page: "Page", grade: str = "Wist ik") -> None:
    show_answer(page)
    page.get_by_role("button", name=grade).click()


def log() -> list[tuple[str, int]]:
    """The answers of the only learner that count: (card, grade)."""
    return [(event.card, int(event.grade)) for event in reviews.all_reviews(1)]


def waiting(page: "Page") -> int:
    """How many things wait in this browser to be sent."""
    found: int = page.evaluate(
        "Object.keys(localStorage).filter((key) => /antwoord|ongedaan/.test(key)).length"
    )
    return found


def notice(page: "Page", name: str) -> "Locator":
    return page.locator(f"[data-notice={name}]")


def keys_work(page: "Page") -> None:
    """After a click that led to a new page: its script is there, and hears what is pressed."""
    expect(page.locator(".toetsen")).to_be_visible()


def pack_is_here(page: "Page") -> None:
    page.wait_for_load_state("networkidle")


def test_a_sitting_goes_on_without_a_new_page_and_ends_with_one_next_step(page: "Page") -> None:
    begin(page)
    page.evaluate("window.stayed = true")
    for card in ("band-afstand", "band-engels", "band-lena", "band-verschil"):
        expect_card(page, card)
        give(page)
    expect(page.locator("#sessie")).to_contain_text("Vandaag herhaalde je 4 kaarten")
    expect(page.get_by_role("link", name="Lees verder: De tweede les")).to_be_visible()
    assert page.evaluate("window.stayed")
    assert [card for card, _ in log()] == [
        "band-afstand",
        "band-engels",
        "band-lena",
        "band-verschil",
    ]
    assert waiting(page) == 0


def test_the_answer_is_said_to_be_stored_with_the_day_its_button_gave(page: "Page") -> None:
    begin(page)
    show_answer(page)
    button = page.get_by_role("button", name="Wist ik")
    expect(button).to_contain_text("over 2 dagen")
    button.click()
    expect(page.get_by_role("status")).to_contain_text("Opgeslagen")
    expect(page.get_by_role("status")).to_contain_text("over 2 dagen")


def test_answers_are_taken_back_one_after_the_other(page: "Page") -> None:
    begin(page)
    undo = page.get_by_role("button", name="ongedaan")
    expect(undo).to_be_hidden()
    give(page)
    expect_card(page, "band-engels")
    give(page, "Nog niet")
    expect_card(page, "band-lena")
    undo.click()
    expect_card(page, "band-engels")
    undo.click()
    expect_card(page, "band-afstand")
    expect(undo).to_be_hidden()
    expect(page.locator(".voortgang-sessie")).to_have_text("Nog 4 te gaan")
    assert reviews.memories_of(1) == {}


def test_everything_can_be_done_with_keys(page: "Page") -> None:
    begin(page)
    page.keyboard.press("Space")
    expect(page.locator(".achterkant")).to_be_focused()
    page.keyboard.press("Space")
    expect_card(page, "band-engels")
    expect(page.locator(".voorkant")).to_be_focused()
    page.keyboard.press("1")  # not yet shown: no grade
    page.keyboard.press("Space")
    page.keyboard.press("1")
    expect_card(page, "band-lena")
    page.keyboard.press("u")
    expect_card(page, "band-engels")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect_card(page, "band-lena")
    page.keyboard.press("s")
    expect_card(page, "band-verschil")
    assert log() == [("band-afstand", 3), ("band-engels", 3)]
    page.keyboard.press("?")
    expect(page.locator(".toetsen dl")).to_be_visible()
    page.get_by_label("Gebruik deze toetsen").uncheck()
    page.keyboard.press("s")
    page.reload()
    page.keyboard.press("s")
    page.keyboard.press("Space")
    expect(page.locator(".achterkant")).to_be_focused()
    expect_card(page, "band-verschil")


def test_the_sentence_is_one_click_away_and_back_gives_the_same_card(page: "Page") -> None:
    begin(page)
    give(page)
    expect_card(page, "band-engels")
    page.get_by_role("link", name="Waar staat dit?").click()
    page.wait_for_url("**/eerste-les#zin-band-engels")
    assert (
        page.evaluate("document.querySelector(':target').textContent") == "In het Engels heet dat"
    )
    page.go_back()
    expect_card(page, "band-engels")
    expect(page.locator(".voortgang-sessie")).to_have_text("Nog 3 te gaan")


def test_a_reload_in_between_keeps_the_place(page: "Page") -> None:
    begin(page)
    give(page, "Nog niet")
    expect_card(page, "band-engels")
    page.reload()
    expect_card(page, "band-engels")
    page.get_by_role("button", name="ongedaan").click()
    expect_card(page, "band-afstand")
    assert log() == []


def test_pressing_twice_counts_once(page: "Page") -> None:
    begin(page)
    show_answer(page)
    page.evaluate(
        "const button = document.querySelector('[value=good]'); button.click(); button.click()"
    )
    expect_card(page, "band-engels")
    assert log() == [("band-afstand", 3)]


def test_without_a_connection_the_sitting_goes_on_and_sends_everything_later_once(
    page: "Page",
) -> None:
    begin(page)
    pack_is_here(page)
    page.context.set_offline(True)
    give(page)
    expect_card(page, "band-engels")
    expect(notice(page, "offline")).to_be_visible()
    expect(page.locator(".voortgang-sessie")).to_have_text("Nog 3 te gaan")
    give(page, "Nog niet")
    expect_card(page, "band-lena")
    show_answer(page)
    expect(page.get_by_role("button", name="Wist ik")).to_contain_text("over 2 dagen")
    page.get_by_role("button", name="Wist ik").click()
    give(page)
    expect_card(page, "band-engels")
    give(page)
    expect(page.get_by_role("heading", name="Tot zover")).to_be_visible()
    assert log() == []
    assert waiting(page) == 5

    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Klaar voor nu")).to_be_visible()
    expect(notice(page, "sent")).to_be_visible()
    expect(notice(page, "offline")).to_be_hidden()
    assert log() == [
        ("band-afstand", 3),
        ("band-engels", 1),
        ("band-lena", 3),
        ("band-verschil", 3),
        ("band-engels", 3),
    ]
    assert waiting(page) == 0


def test_an_answer_can_be_taken_back_without_a_connection(page: "Page") -> None:
    begin(page)
    pack_is_here(page)
    give(page)
    expect_card(page, "band-engels")
    page.context.set_offline(True)
    give(page)
    expect_card(page, "band-lena")
    undo = page.get_by_role("button", name="ongedaan")
    undo.click()
    expect_card(page, "band-engels")
    undo.click()
    expect_card(page, "band-afstand")
    expect(page.locator(".voortgang-sessie")).to_have_text("Nog 4 te gaan")
    page.context.set_offline(False)
    expect(notice(page, "sent")).to_be_visible()
    assert log() == []
    assert reviews.memories_of(1) == {}


def test_a_connection_that_comes_back_with_a_stutter_is_tried_again_soon(page: "Page") -> None:
    begin(page)
    pack_is_here(page)
    page.context.set_offline(True)
    # Each answer that cannot be sent makes the page more patient.
    for card in ("band-afstand", "band-engels", "band-lena"):
        expect_card(page, card)
        give(page)
    page.route("**/herhalen/beoordelingen", lambda route: route.abort(), times=1)
    page.context.set_offline(False)
    expect(notice(page, "sent")).to_be_visible()
    assert len(log()) == 3
    assert waiting(page) == 0


def test_answers_survive_closing_the_page_without_a_connection(page: "Page") -> None:
    begin(page)
    pack_is_here(page)
    page.context.set_offline(True)
    give(page)
    expect_card(page, "band-engels")
    again = page.context.new_page()
    page.close()
    page.context.set_offline(False)
    again.goto("/vandaag")
    expect(again.get_by_text("Er staan 3 kaarten")).to_be_visible()
    expect(notice(again, "sent")).to_be_visible()
    assert log() == [("band-afstand", 3)]
    assert waiting(again) == 0


def test_an_answer_that_arrived_without_our_hearing_of_it_counts_once(page: "Page") -> None:
    begin(page)
    pack_is_here(page)
    page.route(
        "**/herhalen",
        lambda route: (route.fetch(), route.abort()) if route.request.method == "POST" else None,
    )
    give(page)
    expect_card(page, "band-engels")
    expect(notice(page, "sent")).to_be_visible()
    assert waiting(page) == 0
    assert log() == [("band-afstand", 3)]


def test_a_session_that_ended_keeps_the_answers_for_its_owner(page: "Page") -> None:
    begin(page)
    pack_is_here(page)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    give(page)
    expect_card(page, "band-engels")
    expect(notice(page, "signed_out")).to_be_visible()
    assert waiting(page) == 1
    assert learners.learner_ids() == [1]

    # Somebody else in the same browser does not send them.
    page.goto("/")
    page.get_by_role("button", name="Begin").first.click()
    page.get_by_role("heading", name="De eerste les").wait_for()
    page.wait_for_load_state("networkidle")
    assert learners.learner_ids() == [1, 2]
    assert waiting(page) == 1
    assert reviews.all_reviews(2) == []

    page.context.clear_cookies()
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto("/vandaag")
    expect(page.get_by_text("Er staan 3 kaarten")).to_be_visible()
    assert waiting(page) == 0
    assert log() == [("band-afstand", 3)]


def test_a_refused_answer_is_shown_and_not_sent_again(page: "Page") -> None:
    begin(page)
    page.evaluate(
        """localStorage.setItem("haven/1/antwoord/5a3c2c58-9d6a-4b11-9f3e-0d4cf7a0b001",
        JSON.stringify({id: "5a3c2c58-9d6a-4b11-9f3e-0d4cf7a0b001", card: "verdwenen",
        grade: "good", reviewed_at: "2026-03-02T09:00:00Z", duration_ms: 0, why_missed: null}))"""
    )
    page.reload()
    expect(notice(page, "refused")).to_be_visible()
    assert waiting(page) == 0


def test_the_clock_of_the_phone_does_not_matter(page: "Page", clock: Clock) -> None:
    # The browser's clock is that of today's real date; the site lives in March 2026.
    begin(page)
    give(page)
    expect_card(page, "band-engels")
    assert [event.day for event in reviews.all_reviews(1)] == [clock().date()]


def test_a_card_in_a_lesson_is_answered_in_its_place(page: "Page") -> None:
    page.goto("/hoofdstuk1/eerste-les")
    card = page.locator("#kaart-band-afstand")
    card.get_by_text("Toon het antwoord").click()
    card.get_by_role("button", name="Wist ik").click()
    expect(card).to_contain_text("Deze kaart komt over 2 dagen terug")
    expect(card).to_be_focused()
    # The first answer made the visitor a learner; the next card is theirs as well.
    other = page.locator("#kaart-band-engels")
    other.get_by_text("Toon het antwoord").click()
    other.get_by_role("button", name="Nog niet").click()
    expect(other).to_contain_text("straks terug")
    assert log() == [("band-afstand", 3), ("band-engels", 1)]
    card.get_by_role("button", name="ongedaan").click()
    expect(card.get_by_text("Toon het antwoord")).to_be_visible()
    expect(card.get_by_text("Deze kaart komt")).to_be_hidden()
    assert log() == [("band-engels", 1)]


def test_a_card_answered_in_a_lesson_without_a_connection_is_sent_later(page: "Page") -> None:
    begin(page)
    page.goto("/hoofdstuk1/eerste-les")
    page.context.set_offline(True)
    card = page.locator("#kaart-band-afstand")
    card.get_by_text("Toon het antwoord").click()
    card.get_by_role("button", name="Wist ik").click()
    expect(card).to_contain_text("je antwoorden staan op dit apparaat")
    page.context.set_offline(False)
    expect(notice(page, "sent")).to_be_visible()
    assert log() == [("band-afstand", 3)]


def test_a_choice_is_marked_and_explained_option_by_option(page: "Page") -> None:
    begin(page)
    page.goto("/herhalen?kaart=band-keuze&kaarten=1")
    expect_card(page, "band-keuze")
    page.get_by_label("een touw").check()
    page.keyboard.press("Enter")
    back = page.locator(".achterkant")
    expect(back).to_be_focused()
    expect(back).to_contain_text("Een touw bindt dingen.")
    expect(back).to_contain_text("Een wand scheidt.")
    expect(back.locator(".gekozen")).to_contain_text("jouw keuze")
    assert log() == []
    page.keyboard.press("Space")
    # Missed, but off the track of this learner: the sitting goes on with a card that is on it.
    expect_card(page, "band-afstand")
    assert log() == [("band-keuze", 1)]


def test_a_choice_made_before_the_script_is_there_is_marked_too(
    open_browser: "Callable[..., BrowserContext]",
) -> None:
    # A worker of the page would have the script at hand.
    page = open_browser(service_workers="block").new_page()
    begin(page)
    held: list[Route] = []
    page.route("**/review.js*", lambda route: held.append(route))
    page.goto("/herhalen?kaart=band-keuze&kaarten=1", wait_until="commit")
    page.get_by_label("een touw").check()
    show_answer(page)
    expect(page.locator(".achterkant")).to_be_visible()
    expect(page.locator(".gekozen")).to_have_count(0)
    held[0].continue_()
    expect(page.locator(".gekozen")).to_contain_text("jouw keuze")


def test_a_sitting_without_script_is_the_same_sitting(plain: "Page") -> None:
    begin(plain)
    for card in ("band-afstand", "band-engels"):
        expect_card(plain, card)
        give(plain)
    plain.get_by_role("link", name="Sla over").click()
    expect_card(plain, "band-verschil")
    plain.get_by_role("button", name="ongedaan").click()
    expect_card(plain, "band-engels")
    assert log() == [("band-afstand", 3)]


def test_enter_in_an_option_gives_no_grade_without_script_either(plain: "Page") -> None:
    begin(plain)
    plain.goto("/herhalen?kaart=band-keuze&kaarten=1")
    plain.get_by_label("een touw").press("Enter")
    plain.goto("/vandaag")
    assert log() == []


def test_on_a_small_phone_nothing_sticks_out_and_buttons_fit_a_thumb(phone: "Page") -> None:
    begin(phone)
    show_answer(phone)
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
    for name in ("Nog niet", "Wist ik"):
        box = phone.get_by_role("button", name=name).bounding_box()
        assert box
        assert box["height"] >= 48, name


def test_a_page_that_cannot_be_reached_says_so_in_dutch(page: "Page") -> None:
    begin(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    # A page that is asked for once the worker is ready is the worker's for certain.
    page.reload()
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    page.goto("/vandaag")
    expect(page.get_by_role("heading", name="Geen verbinding")).to_be_visible()
    kept = page.evaluate(
        """caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name)
        .then((cache) => cache.keys())))).then((all) => all.flat().map((r) => new URL(r.url).pathname))"""
    )
    assert all(path == "/offline" or path.startswith("/static/") for path in kept)
    page.context.set_offline(False)
    page.get_by_role("link", name="Probeer het opnieuw").click()
    expect(page.get_by_role("heading", name="Vandaag")).to_be_visible()
