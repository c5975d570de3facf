"""An admin says who may teach, and sees no learner."""

import pytest
from flask import Flask

from app.learning.cohorts import Role
from app.storage import staff
from app.usecases.invite_instructor import invite_instructor
from tests.conftest import Clock, Visitor
from tests.web.test_cohorts import People


@pytest.fixture
def people(app: Flask, clock: Clock) -> People:
    return People(app, clock)


@pytest.fixture
def admin(people: People, clock: Clock) -> Visitor:
    invite_instructor("beheer@voorbeeld.nl", clock(), Role.ADMIN)
    return people.learner("beheer@voorbeeld.nl")


def test_only_an_admin_finds_the_page(people: People, admin: Visitor) -> None:
    assert admin.client.get("/beheer").status_code == 200
    for other in (people.instructor("docent@voorbeeld.nl"), people.learner("anna@voorbeeld.nl")):
        assert other.client.get("/beheer").status_code == 404
        assert other.post("/beheer", do="invite", email="anna@voorbeeld.nl").status_code == 404
    assert staff.role_of("anna@voorbeeld.nl") is None


def test_an_invitation_waits_for_its_account(people: People, admin: Visitor) -> None:
    assert admin.post("/beheer", do="invite", email="Nieuw@Voorbeeld.nl").status_code == 302
    assert "heeft nog geen account" in admin.get("/beheer")
    assert people.learner("nieuw@voorbeeld.nl").client.get("/groepen").status_code == 200
    assert "heeft nog geen account" not in admin.get("/beheer")


def test_a_role_that_is_taken_closes_every_cohort_at_once(people: People, admin: Visitor) -> None:
    docent = people.instructor("docent@voorbeeld.nl")
    cohort = people.cohort(docent)
    admin.post("/beheer", do="dismiss", email="docent@voorbeeld.nl")
    assert docent.client.get(cohort).status_code == 404
    admin.post("/beheer", do="invite", email="docent@voorbeeld.nl")
    assert docent.client.get(cohort).status_code == 200


def test_the_last_admin_stays_and_an_invitation_takes_no_role_away(admin: Visitor) -> None:
    assert admin.post("/beheer", do="dismiss", email="beheer@voorbeeld.nl").status_code == 422
    admin.post("/beheer", do="invite", email="beheer@voorbeeld.nl")
    assert staff.role_of("beheer@voorbeeld.nl") is Role.ADMIN


@pytest.mark.parametrize("email", ["", "geen adres", "a@b\r\nBcc: c@d.nl"])
def test_what_is_no_address_is_told(admin: Visitor, email: str) -> None:
    assert admin.post("/beheer", do="invite", email=email).status_code == 422
