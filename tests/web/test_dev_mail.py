"""While developing, mails are read in the browser."""

from dataclasses import replace

import pytest
from flask import Flask

from app.learning.course import Course
from app.settings import Settings
from app.web import create_app
from tests.conftest import Clock, Mailbox, Visitor

EMAIL = "anna@voorbeeld.nl"


def test_a_mail_can_be_read_in_the_browser(visitor: Visitor, mailbox: Mailbox) -> None:
    assert "Er zijn nog geen mails" in visitor.get("/dev/mail")
    visitor.post("/wachtwoord-vergeten", page="/wachtwoord-vergeten", email=EMAIL)
    page = visitor.get("/dev/mail")
    assert EMAIL in page
    name = page.split('href="/dev/mail/')[1].split('"')[0]
    assert "Er is geen account met dit adres" in visitor.get(f"/dev/mail/{name}")


def test_another_machine_reads_no_mails(visitor: Visitor, mailbox: Mailbox) -> None:
    answer = visitor.client.get("/dev/mail", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert answer.status_code == 404


@pytest.mark.parametrize("name", ["nothing", "..", "%2e%2e%2fhaven", "%00", "*"])
def test_only_mails_are_read(visitor: Visitor, name: str) -> None:
    assert visitor.client.get(f"/dev/mail/{name}").status_code in (404, 308)


@pytest.mark.parametrize("path", ["/dev/mail", "/dev/mail/x"])
def test_in_production_there_is_no_such_page(
    settings: Settings, clock: Clock, small_course: Course, path: str
) -> None:
    production = replace(settings, environment="production", site_url="https://haven.example.nl")
    client = create_app(production, clock, small_course).test_client()
    answer = client.get(path, base_url="https://haven.example.nl")
    assert answer.status_code == 404


def test_without_a_folder_there_are_no_mails(
    settings: Settings, clock: Clock, small_course: Course
) -> None:
    elsewhere = replace(settings, mail_url="smtp://127.0.0.1:1")
    assert "geen mails" in Visitor(create_app(elsewhere, clock, small_course)).get("/dev/mail")


def test_the_app_of_the_tests_sends_no_mail_out(app: Flask) -> None:
    assert app.extensions["haven"].settings.mail_url.startswith("folder:")
