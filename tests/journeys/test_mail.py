"""Mail in a real browser: asked for by a person, and opened by scanners before that person comes."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.content.help_lines import read_help_lines
from app.learning.course import Course
from app.mail.mailer import Mailer
from app.mail.outbox import FolderOutbox
from app.storage import learners, mail_wishes
from app.usecases.send_due_mails import send_due_mails
from tests.conftest import Clock, Mailbox
from tests.journeys.conftest import PHONE, Site
from tests.journeys.test_accessibility import RULES
from tests.mail_scene import with_a_card
from tests.web.test_accounts import EMAIL, PASSWORD
from tests.web.test_gets_and_posts import dump

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page


@pytest.fixture
def annas_page(
    open_browser: "Callable[..., BrowserContext]", site: Site, mailbox: Mailbox
) -> "Page":
    """Anna made an account and asked for mail, on a phone."""
    page = open_browser(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    page.goto("/aanmelden")
    page.get_by_label("E-mailadres").fill(EMAIL)
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    page.locator("main form button").last.click()
    page.get_by_label("Code van 8 cijfers").fill(mailbox.code(EMAIL))
    page.locator("main form button").first.click()
    page.goto("/instellingen/mail")
    page.get_by_role("button", name="Stuur me mail").click()
    page.get_by_text("Je volgende mail komt op").wait_for()
    return page


@pytest.fixture
def links(
    annas_page: "Page", site: Site, clock: Clock, small_course: Course, tmp_path: Path
) -> list[str]:
    """Every address in both parts of the mail of the next day, and in its headers."""
    outbox = FolderOutbox(tmp_path / "mail")
    mailer = Mailer(outbox, "Haven <haven@example.nl>", site.url, read_help_lines())
    anna = learners.learner_with_email(EMAIL)
    assert anna is not None
    with_a_card(anna, small_course, clock())
    clock.forward(days=1)
    assert list(send_due_mails(small_course, mailer, "one", clock()))
    _, mail = next(outbox.mails())
    parts = [part.get_content() for part in mail.iter_parts()]
    text = " ".join([*parts, str(mail["List-Unsubscribe"])])
    found = sorted(set(re.findall(rf"{re.escape(site.url)}[^\s\"<>]*", text)))
    assert len(found) >= 4
    return found


def walk(page: "Page", links: list[str]) -> Iterator[str]:
    for link in links:
        for _ in range(3):
            page.goto(link)
            page.wait_for_load_state("networkidle")
            yield page.url


def test_scanners_that_open_every_link_three_times_change_nothing_and_spoil_nothing(
    open_browser: "Callable[..., BrowserContext]", annas_page: "Page", links: list[str], site: Site
) -> None:
    before = dump()
    scanner = open_browser().new_page()
    for _ in walk(scanner, links):
        assert dump() == before
    # The person comes later: the link still works, without signing in.
    person = open_browser().new_page()
    [link] = [each for each in links if "/mail/" in each]
    person.goto(link)
    person.get_by_role("button", name="Stop alle mail").click()
    person.get_by_role("heading", name="Je krijgt geen mail meer").wait_for()
    person.get_by_role("button", name="Zet mail weer aan").click()
    person.get_by_role("heading", name="Je krijgt weer mail").wait_for()
    annas_page.goto("/vandaag")
    assert annas_page.url.endswith("/vandaag")


def test_axe_finds_nothing_on_the_pages_of_mail_in_any_state(annas_page: "Page") -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright",
        reason="axe is not installed (requirements-dev.txt)",
    ).Axe()
    learner = learners.learner_with_email(EMAIL)
    assert learner is not None
    mailing = mail_wishes.mailing_of(learner.id)
    assert mailing is not None
    found: list[str] = []

    def judge() -> None:
        for width in (320, 1280):
            annas_page.set_viewport_size({"width": width, "height": 700})
            wide = annas_page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{annas_page.url} is {wide} px wide"
            for scheme in ("light", "dark"):
                annas_page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                given = axe.run(annas_page, options={"runOnly": RULES}).response
                found.extend(
                    f"{annas_page.url} {violation['id']} {node['html'][:160]}"
                    for violation in given["violations"]
                    for node in violation["nodes"]
                )

    for address in ("/instellingen/mail", f"/mail/{mailing.token}", "/instellingen/agenda"):
        annas_page.goto(address)
        judge()
    annas_page.get_by_role("button", name="Maak een adres").click()
    judge()
    annas_page.goto("/instellingen/mail")
    annas_page.get_by_role("button", name="Pauzeer").click()
    judge()
    annas_page.get_by_role("button", name="Stuur me geen mail meer").click()
    judge()
    annas_page.goto(f"/mail/{mailing.token}")
    judge()
    assert not found, "\n".join(found)
