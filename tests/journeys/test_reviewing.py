"""Reviewing in a real browser: answer, undo, skip, keys, a lost connection, and no script at all."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_somebody_begins_with_one_button_and_reads_the_first_lesson(page: "Page") -> None:
    page.goto("/")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("heading", name="De eerste les").wait_for()
