"""Who finds what: every route, for everybody. What is not yours is not there (404), not forbidden."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.storage.database import db
from tests.conftest import Clock, Visitor
from tests.web.test_cohorts import People
from tests.web.test_gets_and_posts import EXAMPLES

# What is for visitors too; every other page sends them to the door. A new route stands here only
# if anybody may see it.
PUBLIC = {
    "about.help_page", "about.over", "cards.show", "dev_mail.index", "dev_mail.show",
    "erasing.erased",
    "glossary.index", "lessons.chapter", "lessons.show", "memberships.enter_code",
    "memberships.join", "memberships.join_now", "offline.service_worker", "offline.show",
    "pages.begin", "pages.begin_now", "pages.healthz", "pages.welcome", "static",
}  # fmt: skip
# What somebody or something comes to without signing in, with a secret of its own.
BY_SECRET = {
    "calendar_feed.feed", "invitations.ask_to_decline", "invitations.decline", "invitations.join",
    "invitations.show", "mail_hook.returned", "mail_links.act", "mail_links.show",
    "messages.act", "messages.show",
}  # fmt: skip
# What instructors do in a cohort; what a member does there is `memberships`.
OF_INSTRUCTORS = ("cohorts.", "rosters.", "messages.")
# Those whose whole subject is getting in or out.
DOOR = "accounts."
ANNA = "anna@voorbeeld.nl"


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted({"GET", "POST"} & set(rule.methods or ())):
            yield rule, method


def address(app: Flask, rule: Rule, cohort_id: str = "1") -> str:
    values: dict[str, Any] = {name: EXAMPLES.get(name, "1") for name in rule.arguments}
    if "cohort_id" in values:
        values["cohort_id"] = cohort_id
        values["name"] = "deelnemers.csv"
    with app.test_request_context():
        return app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})


def status(visitor: Visitor, method: str, path: str) -> int:
    form = {"csrf_token": visitor.token()} if method == "POST" else None
    with visitor.client.open(path, method=method, data=form) as response:
        if response.status_code == 302 and "/inloggen" in (response.location or ""):
            return 401
        return int(response.status_code)


def test_a_visitor_is_sent_to_the_door_by_every_page_that_is_somebodys(app: Flask) -> None:
    for rule, method in rules(app):
        if rule.endpoint not in PUBLIC | BY_SECRET and not rule.endpoint.startswith(DOOR):
            found = status(Visitor(app), method, address(app, rule))
            # A form without its fields may be refused before it is asked whose it is.
            refused = (401,) if method == "GET" else (400, 401)
            assert found in refused, f"{method} {rule}: {found}; is it for everybody? Then PUBLIC."


@pytest.mark.parametrize("who", ["a learner", "a member", "another instructor", "a former one"])
def test_a_cohort_is_there_for_its_own_instructor_alone(app: Flask, clock: Clock, who: str) -> None:
    people = People(app, clock)
    docent = people.instructor("docent@voorbeeld.nl")
    cohort = people.cohort(docent)
    match who:
        case "another instructor":
            other = people.instructor("ander@voorbeeld.nl")
            people.cohort(other)
        case "a former one":
            other = docent
        case _:
            other = people.learner("anna@voorbeeld.nl")
            if who == "a member":
                people.join(other, people.code(docent, cohort))
    seen = 0
    for rule, method in rules(app):
        if "cohort_id" not in rule.arguments or not rule.endpoint.startswith(OF_INSTRUCTORS):
            continue
        path = address(app, rule, cohort.rpartition("/")[2])
        if method == "GET":
            assert status(docent, method, path) == 200, path
        if who == "a former one":
            continue
        seen += 1
        assert status(other, method, path) == 404, f"{who}: {method} {path}"
    if who == "a former one":
        db.execute_sql("DELETE FROM staff")
        assert status(docent, "GET", cohort) == status(docent, "GET", "/groepen") == 404
    else:
        assert seen > 10


@pytest.mark.parametrize("who", ["a learner", "an instructor"])
def test_what_an_admin_does_is_there_for_admins_alone(app: Flask, clock: Clock, who: str) -> None:
    people = People(app, clock)
    is_learner = who == "a learner"
    other = people.learner(ANNA) if is_learner else people.instructor(ANNA)
    found = [(method, rule) for rule, method in rules(app) if rule.endpoint.startswith("admin.")]
    assert len(found) > 7
    for method, rule in found:
        assert status(other, method, address(app, rule)) == 404, f"{method} {rule}"


def test_the_page_of_a_membership_is_the_members_own(app: Flask, clock: Clock) -> None:
    people = People(app, clock)
    docent = people.instructor("docent@voorbeeld.nl")
    code = people.code(docent, people.cohort(docent))
    own = people.join(people.learner("anna@voorbeeld.nl"), code)
    for other in (docent, people.learner("bram@voorbeeld.nl")):
        for method, path in (
            ("GET", own), ("POST", own), ("POST", f"{own}/berichten"), ("GET", f"{own}/weekplan.ics"),
        ):  # fmt: skip
            assert status(other, method, path) == 404
