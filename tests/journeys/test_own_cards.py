"""Cards put away and in own words, in a real browser: with keys, a thumb, no script, no connection."""

from typing import TYPE_CHECKING

import pytest

from app.storage import own_cards, reviews
from tests.journeys.test_reviewing import (
    begin,
    expect_card,
    give,
    keys_work,
    log,
    notice,
    pack_is_here,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

expect = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed (requirements-dev.txt)"
).expect


def menu(page: "Page") -> None:
    page.get_by_text("Meer met deze kaart").click()


def hidden() -> set[str]:
    """The cards that the only learner put away."""
    return {card for card, own in own_cards.own_cards_of(1).items() if own.hidden_until}


def test_every_step_of_a_sitting_goes_back_and_forth_with_keys(page: "Page") -> None:
    begin(page)
    page.evaluate("window.stayed = true")
    page.keyboard.press("a")
    expect_card(page, "band-engels")
    expect(page.get_by_role("status")).to_contain_text("ligt apart")
    page.keyboard.press("m")
    expect_card(page, "band-lena")
    give(page)
    expect_card(page, "band-verschil")
    assert hidden() == {"band-afstand", "band-engels"}
    for card in ("band-lena", "band-engels", "band-afstand"):
        page.keyboard.press("u")
        expect_card(page, card)
    assert hidden() == set() and log() == []
    for card in ("band-engels", "band-lena", "band-verschil"):
        page.keyboard.press("o")
        expect_card(page, card)
    expect(page.locator("button.opnieuw")).to_have_count(0)
    expect(page.locator(".voortgang-sessie")).to_have_text("Nog 1 te gaan")
    assert hidden() == {"band-afstand", "band-engels"}
    assert log() == [("band-lena", 3)]
    assert page.evaluate("window.stayed")


def test_own_words_are_written_from_a_sitting_and_lead_back_to_the_same_card(page: "Page") -> None:
    begin(page)
    give(page)
    expect_card(page, "band-engels")
    page.keyboard.press("e")
    page.wait_for_url("**/kaart/band-engels/woorden?**")
    page.get_by_label("Jouw vraag").fill("Hoe heet een *band* in Londen?")
    page.get_by_label("Notitie").fill("James, met zijn parachute")
    page.get_by_role("button", name="Bewaar").click()
    expect_card(page, "band-engels")
    expect(page.locator(".voorkant")).to_contain_text("Hoe heet een band in Londen?")
    expect(page.locator(".voortgang-sessie")).to_have_text("Nog 3 te gaan")
    keys_work(page)
    page.keyboard.press("Space")
    expect(page.locator(".achterkant")).to_be_focused()
    expect(page.locator(".achterkant")).to_contain_text("James, met zijn parachute")
    page.keyboard.press("u")
    expect(page.locator(".voorkant")).not_to_contain_text("Londen")
    page.keyboard.press("u")
    expect_card(page, "band-afstand")


def test_letters_typed_in_a_text_are_letters(page: "Page") -> None:
    begin(page)
    page.keyboard.press("e")
    page.wait_for_url("**/woorden?**")
    page.get_by_label("Jouw vraag").press_sequentially("maan uos")
    expect(page.get_by_label("Jouw vraag")).to_have_value("maan uos")
    assert hidden() == set()


def test_without_a_connection_nothing_is_put_away_and_that_is_said(page: "Page") -> None:
    begin(page)
    pack_is_here(page)
    page.context.set_offline(True)
    menu(page)
    page.get_by_role("button", name="Leg hem apart").click()
    expect(notice(page, "not_now")).to_be_visible()
    expect_card(page, "band-afstand")
    # The menu of a card from the pack is that card's.
    give(page)
    expect_card(page, "band-engels")
    menu(page)
    link = page.get_by_role("link", name="Alles over deze kaart")
    expect(link).to_have_attribute("href", "/kaart/band-engels")
    page.context.set_offline(False)
    expect(notice(page, "sent")).to_be_visible()
    page.get_by_role("button", name="Leg hem apart").click()
    expect_card(page, "band-lena")
    assert hidden() == {"band-engels"}
    assert log() == [("band-afstand", 3)]


def test_a_card_put_away_is_not_asked_without_a_connection_either(page: "Page") -> None:
    begin(page)
    pack_is_here(page)
    page.keyboard.press("m")
    expect_card(page, "band-engels")
    page.context.set_offline(True)
    asked = []
    for card in ("band-engels", "band-lena", "band-verschil"):
        expect_card(page, card)
        asked.append(card)
        give(page)
    expect(page.get_by_role("heading", name="Tot zover")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Klaar voor nu")).to_be_visible()
    assert [card for card, _ in log()] == asked


def test_all_of_it_works_without_script(plain: "Page") -> None:
    begin(plain)
    menu(plain)
    plain.get_by_role("button", name="Laat hem rusten tot morgen").click()
    expect_card(plain, "band-engels")
    expect(plain.locator(".bewaard")).to_contain_text("De kaart rust tot morgen.")
    plain.get_by_role("button", name="ongedaan").click()
    expect_card(plain, "band-afstand")
    plain.get_by_role("button", name="Laat het toch zo").click()
    expect_card(plain, "band-engels")
    menu(plain)
    plain.get_by_role("link", name="Alles over deze kaart").click()
    plain.get_by_role("button", name="Leg hem apart").click()
    expect(plain.get_by_text("Je legde deze kaart apart.")).to_be_visible()
    plain.get_by_role("button", name="Maak ongedaan: apart gelegd").click()
    expect(plain.get_by_role("button", name="Toch: apart gelegd")).to_be_visible()
    assert hidden() == {"band-afstand"}
    assert reviews.all_reviews(1) == []


def test_the_menu_of_a_card_fits_the_narrowest_phone_and_a_thumb(phone: "Page") -> None:
    phone.set_viewport_size({"width": 320, "height": 640})
    begin(phone)
    menu(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    for target in phone.locator(".meer a, .meer button").all():
        box = target.bounding_box()
        assert box and box["height"] >= 48
