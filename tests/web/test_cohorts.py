"""Instructors follow a cohort; learners decide to join it and see what is seen of them."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook

from app.secrets.passwords import hash_of
from app.storage import cohorts as cohort_rows
from app.storage import learners
from app.storage.database import db
from app.usecases.invite_instructor import invite_instructor
from tests.conftest import Clock, Visitor
from tests.web.test_own_data import download

Counting = Callable[[], AbstractContextManager[list[str]]]


class People:
    """Browsers of people who have an account, and the cohort of the first instructor."""

    def __init__(self, app: Flask, clock: Clock) -> None:
        self.app, self.clock = app, clock

    def learner(self, email: str) -> Visitor:
        """Somebody who has begun, and has that address."""
        visitor = Visitor(self.app).begin()
        assert learners.give_account(learners.learner_ids()[-1], email, "a hash")
        return visitor

    def instructor(self, email: str) -> Visitor:
        invite_instructor(email, self.clock())
        return self.learner(email)

    def cohort(self, docent: Visitor, **given: object) -> str:
        """The address of a new cohort."""
        form = {"name": "Groep B", "institution": "", "starts_on": "2026-03-02", "weeks": 2}
        response = docent.post("/groepen/nieuw", "/groepen/nieuw", **(form | given))
        assert response.status_code == 302
        return str(response.location).removesuffix("/uitnodigen")

    def code(self, docent: Visitor, cohort: str) -> str:
        found = re.search(r"/meedoen/(\w{8})", docent.get(f"{cohort}/uitnodigen"))
        assert found
        return found[1]

    def join(self, visitor: Visitor, code: str, name: str = "Anna de Vries") -> str:
        """The address of the learner's own page about the cohort."""
        response = visitor.post(f"/meedoen/{code}", f"/meedoen/{code}", name=name, agreed="on")
        assert response.status_code == 302, response.get_data(as_text=True)
        return str(response.location).partition("?")[0]


@pytest.fixture
def people(app: Flask, clock: Clock) -> People:
    return People(app, clock)


@pytest.fixture
def docent(people: People) -> Visitor:
    return people.instructor("docent@voorbeeld.nl")


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def answer(visitor: Visitor, card: str, number: int, grade: str = "good") -> None:
    response = visitor.post("/herhalen", card=card, grade=grade, id=f"{number:032x}")
    assert response.status_code in (200, 302)


def test_a_learner_without_a_role_finds_no_cohort_pages(people: People, docent: Visitor) -> None:
    cohort = people.cohort(docent)
    for path in ("/groepen", "/groepen/nieuw", cohort, f"{cohort}/deelnemers"):
        assert people.learner(f"{len(path)}@voorbeeld.nl").client.get(path).status_code == 404


def test_whoever_opens_the_link_sees_what_is_shared_before_anything_is(
    people: People, docent: Visitor, app: Flask
) -> None:
    cohort = people.cohort(docent)
    code = people.code(docent, cohort)
    page = Visitor(app).get(f"/meedoen/{code}")
    assert "Wat een docent van een deelnemer ziet" in page
    assert "docent@voorbeeld.nl" in page
    assert "Er doet nog niemand mee" in docent.get(cohort)


def test_nobody_joins_without_a_name_and_a_yes(
    people: People, docent: Visitor, learner: Visitor
) -> None:
    cohort = people.cohort(docent)
    address = f"/meedoen/{people.code(docent, cohort)}"
    for form in ({"name": "Anna"}, {"name": " \n ", "agreed": "on"}, {"agreed": "on"}):
        assert learner.post(address, address, **form).status_code == 422
    assert "Er doet nog niemand mee" in docent.get(f"{cohort}/deelnemers")


def test_a_visitor_joins_without_an_account(people: People, docent: Visitor, app: Flask) -> None:
    cohort = people.cohort(docent)
    own = people.join(Visitor(app), people.code(docent, cohort), "Bram")
    assert "Bram" in docent.get(f"{cohort}/deelnemers")
    assert own.startswith("/instellingen/groepen/")


@pytest.mark.parametrize("typed", ["{code}", " {CODE} ", "{four} {rest}", "{four}-{rest}"])
def test_a_code_is_read_however_it_is_typed(people: People, docent: Visitor, typed: str) -> None:
    code = people.code(docent, people.cohort(docent))
    given = typed.format(code=code, CODE=code.upper(), four=code[:4], rest=code[4:])
    response = docent.client.get("/meedoen", query_string={"code": given})
    assert response.location == f"/meedoen/{code}"


def test_an_unknown_code_is_told_and_a_closed_cohort_lets_nobody_in(
    people: People, docent: Visitor, learner: Visitor
) -> None:
    assert "Deze code kennen we niet" in learner.get("/meedoen?code=zzzzzzzz")
    cohort = people.cohort(docent)
    code = people.code(docent, cohort)
    docent.post(f"{cohort}/beheer", do="archive")
    assert learner.client.get(f"/meedoen/{code}").status_code == 404
    assert "gesloten" in docent.get(f"{cohort}/uitnodigen")
    docent.post(f"{cohort}/beheer", do="open")
    assert learner.client.get(f"/meedoen/{code}").status_code == 200


def test_the_learner_sees_the_same_row_as_the_docent_and_who_looked(
    people: People, docent: Visitor, learner: Visitor, clock: Clock
) -> None:
    cohort = people.cohort(docent)
    answer(learner, "band-afstand", 1)
    own = people.join(learner, people.code(docent, cohort), "Anna de Vries")
    assert "Er heeft nog niemand gekeken" in learner.get(own)
    clock.forward(days=8)
    row = re.search(r"Anna de Vries.*?</tr>", docent.get(f"{cohort}/deelnemers"), re.S)
    assert row and "stil" in row[0]
    page = learner.get(own)
    assert text_of(row[0]) in text_of(page)
    assert "dinsdag 10 maart 2026: docent@voorbeeld.nl, deelnemers" in text_of(page)


def test_who_leaves_is_gone_at_once_and_can_come_back(
    people: People, docent: Visitor, learner: Visitor
) -> None:
    cohort = people.cohort(docent)
    code = people.code(docent, cohort)
    own = people.join(learner, code)
    assert "Anna de Vries" in docent.get(f"{cohort}/deelnemers")
    learner.post(own)
    for page in ("", "/deelnemers", "/export/deelnemers.csv"):
        assert "Anna" not in docent.get(cohort + page)
    assert "Je docent ziet niets meer van je" in learner.get(own)
    assert "deelnemers" in learner.get(own)
    people.join(learner, code, "Anna")
    assert "Anna" in docent.get(f"{cohort}/deelnemers")


def test_a_colleague_must_be_an_instructor_and_one_always_stays(
    people: People, docent: Visitor
) -> None:
    cohort = people.cohort(docent)
    manage = f"{cohort}/beheer"
    assert docent.post(manage, do="add", email="vreemd@voorbeeld.nl").status_code == 422
    assert docent.post(manage, do="remove", email="docent@voorbeeld.nl").status_code == 422
    colleague = people.instructor("collega@voorbeeld.nl")
    assert colleague.client.get(cohort).status_code == 404
    docent.post(manage, do="add", email="Collega@Voorbeeld.nl")
    assert colleague.client.get(cohort).status_code == 200
    colleague.post(manage, do="remove", email="docent@voorbeeld.nl")
    assert docent.client.get(cohort).status_code == 404


def test_a_copy_has_the_plan_and_the_docents_and_nobody_in_it(
    people: People, docent: Visitor, learner: Visitor
) -> None:
    cohort = people.cohort(docent)
    people.join(learner, people.code(docent, cohort))
    docent.post(
        f"{cohort}/weekplan",
        starts_on="2026-03-02",
        break_starts_on="2026-03-09",
        break_ends_on="2026-03-13",
        **{"week-hoofdstuk1/eerste-les": "1", "week-hoofdstuk1/tweede-les": "2"},
    )
    response = docent.post(
        f"{cohort}/beheer", do="copy", copy_name="Volgend jaar", copy_starts_on="2027-03-01"
    )
    copy = response.location.removesuffix("/uitnodigen")
    found = cohort_rows.cohort_of("docent@voorbeeld.nl", copy.rpartition("/")[2])
    assert found is not None
    plan = cohort_rows.plan_of(found)
    assert [(each.starts_on, each.ends_on) for each in plan.breaks] == [
        (date(2027, 3, 8), date(2027, 3, 12))
    ]
    assert sorted(plan.dates.values()) == [date(2027, 3, 1), date(2027, 3, 15)]
    assert "Er doet nog niemand mee" in docent.get(copy)


@pytest.mark.parametrize(
    "given",
    [
        {"starts_on": "gisteren"},
        {"starts_on": "0001-01-01"},
        {"break_starts_on": "2026-05-01", "break_ends_on": "2026-04-01"},
        {"break_starts_on": "x", "break_ends_on": "2026-04-01"},
    ],
)
def test_a_plan_that_makes_no_sense_is_told_and_changes_nothing(
    people: People, docent: Visitor, given: dict[str, str]
) -> None:
    cohort = people.cohort(docent)
    before = docent.get(f"{cohort}/weekplan")
    form = {"starts_on": "2026-03-02"} | given
    assert docent.post(f"{cohort}/weekplan", **form).status_code == 422
    assert docent.get(f"{cohort}/weekplan") == before


@pytest.mark.parametrize(
    "given", [{"name": ""}, {"starts_on": "2026-02-30"}, {"weeks": "0"}, {"weeks": "tien"}]
)
def test_a_cohort_that_makes_no_sense_is_not_made(docent: Visitor, given: dict[str, str]) -> None:
    form = {"name": "Groep", "starts_on": "2026-03-02", "weeks": "2"} | given
    assert docent.post("/groepen/nieuw", **form).status_code == 422
    assert "Je hebt nog geen groep" in docent.get("/groepen")


def test_who_takes_everything_along_reads_in_it_which_cohorts_that_was(
    people: People, docent: Visitor, learner: Visitor
) -> None:
    assert "Je groepen" not in download(learner, "index.html").decode()
    own = people.join(learner, people.code(docent, people.cohort(docent)))
    learner.post(own)
    page = text_of(download(learner, "index.html").decode())
    assert (
        "Groep B: als Anna de Vries, sinds maandag 2 maart 2026, tot maandag 2 maart 2026." in page
    )


def test_the_calendar_is_the_same_for_the_docent_and_a_member(
    people: People, docent: Visitor, learner: Visitor
) -> None:
    cohort = people.cohort(docent, name="Groep; B, " + "é" * 60)
    own = people.join(learner, people.code(docent, cohort))
    file = docent.client.get(f"{cohort}/weekplan.ics").data
    assert learner.client.get(f"{own}/weekplan.ics").data == file
    assert b"DTSTART;VALUE=DATE:20260302" in file
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    assert file.startswith(b"BEGIN:VCALENDAR\r\n") and file.endswith(b"END:VCALENDAR\r\n")


def test_a_name_is_no_formula_in_a_file_and_the_same_data_give_the_same_bytes(
    people: People, docent: Visitor, app: Flask
) -> None:
    cohort = people.cohort(docent)
    code = people.code(docent, cohort)
    for name in ("=2+5", "+31", "-1", "@som", "Zoë; van 't Hof"):
        people.join(Visitor(app), code, name)
    csv = docent.client.get(f"{cohort}/export/deelnemers.csv").data
    assert csv.startswith(b"\xef\xbb\xbfnaam;stand;")
    for name in ("'=2+5", "'+31", "'-1", "'@som", '"Zoë; van \'t Hof"'):
        assert f"\r\n{name};" in csv.decode("utf-8-sig")
    first = docent.client.get(f"{cohort}/export/deelnemers.xlsx").data
    assert docent.client.get(f"{cohort}/export/deelnemers.xlsx").data == first
    book = load_workbook(BytesIO(first))
    sheet = book["Deelnemers"]
    cells = {str(cell.value): cell.data_type for cell in sheet["A"][1:]}
    assert cells == dict.fromkeys(("=2+5", "+31", "-1", "@som", "Zoë; van 't Hof"), "s")
    assert [cell.value for cell in book["Uitleg"]["A"]][1:] == [c.value for c in sheet[1]]
    assert docent.client.get(f"{cohort}/export/anders.csv").status_code == 404


def test_who_teaches_comes_to_their_groups_when_signing_in(
    people: People, docent: Visitor, app: Flask, clock: Clock
) -> None:
    password = "een haven om te oefenen"
    for email, home in (("docent@voorbeeld.nl", "/groepen"), ("anna@voorbeeld.nl", "/vandaag")):
        if email.startswith("anna"):
            people.learner(email)
        learner = learners.learner_with_email(email)
        assert learner is not None
        learners.set_password(learner.id, hash_of(password))
        form = {"email": email, "password": password}
        assert Visitor(app).post("/inloggen", "/inloggen", **form).location == home
        asked = {**form, "next": "/begrippen"}
        assert Visitor(app).post("/inloggen", "/inloggen", **asked).location == "/begrippen"


def test_a_list_is_filtered_and_sorted(
    people: People, docent: Visitor, app: Flask, clock: Clock
) -> None:
    cohort = people.cohort(docent)
    code = people.code(docent, cohort)
    busy, idle = Visitor(app).begin(), Visitor(app).begin()
    people.join(busy, code, "Zus")
    people.join(idle, code, "Aap")
    answer(busy, "band-afstand", 1)
    page = docent.get(f"{cohort}/deelnemers")
    assert page.index("Aap") < page.index("Zus")
    only = docent.get(f"{cohort}/deelnemers?stand=not_started")
    assert "Aap" in only and "Zus" not in only and "1 van 2 deelnemers" in only
    page = docent.get(f"{cohort}/deelnemers?volgorde=actief&stand=onzin")
    assert "Niemand met deze stand" in page


def test_a_cohort_is_deleted_for_good_once_it_is_closed_and_somebody_is_sure(
    people: People, docent: Visitor, learner: Visitor
) -> None:
    cohort = people.cohort(docent)
    own = people.join(learner, people.code(docent, cohort))
    assert docent.post(f"{cohort}/beheer", do="delete", sure="on").status_code == 422
    docent.post(f"{cohort}/beheer", do="archive")
    assert docent.post(f"{cohort}/beheer", do="delete").status_code == 422
    assert docent.client.get(cohort).status_code == 200
    assert docent.post(f"{cohort}/beheer", do="delete", sure="on").status_code == 302
    assert docent.client.get(cohort).status_code == learner.client.get(own).status_code == 404


def test_looking_is_all_that_a_get_of_an_instructor_writes(
    people: People, docent: Visitor, learner: Visitor
) -> None:
    cohort = people.cohort(docent)
    people.join(learner, people.code(docent, cohort))

    def dump() -> dict[str, list[tuple[object, ...]]]:
        return {
            table: sorted(db.execute_sql(f'SELECT * FROM "{table}"').fetchall(), key=repr)
            for table in db.get_tables()
            if table != "cohort_look"
        }

    before = dump()
    for path in PAGES:
        assert docent.client.get(cohort + path).status_code == 200, path
        assert dump() == before, path
    looks = db.execute_sql("SELECT what FROM cohort_look ORDER BY what").fetchall()
    assert [what for (what,) in looks] == [
        "bericht schrijven", "deelnemers", "deze week", "export: deelnemers.csv", "export: deelnemers.xlsx",
    ]  # fmt: skip


PAGES = (
    "", "/deelnemers", "/export/deelnemers.csv", "/export/deelnemers.xlsx", "/export/uitleg.csv",
    "/leerstof", "/weekplan", "/weekplan.ics", "/uitnodigen", "/uitnodigen/lijst", "/bericht", "/wat-ik-zie", "/beheer",
)  # fmt: skip


def test_each_page_asks_a_fixed_number_of_times_however_many_people_there_are(
    people: People, docent: Visitor, app: Flask, count_queries: Counting
) -> None:
    cohort = people.cohort(docent)
    code = people.code(docent, cohort)
    expected = {"": 8, "/deelnemers": 8, "/leerstof": 3, "/weekplan": 4, "/uitnodigen": 3,
                "/uitnodigen/lijst": 2, "/bericht": 8, "/wat-ik-zie": 2, "/beheer": 6}  # fmt: skip
    for number in range(7):
        visitor = Visitor(app).begin()
        people.join(visitor, code, f"Deelnemer {number}")
        answer(visitor, "band-afstand", 1)
        if number in (1, 6):
            counted = {}
            for path in expected:
                with count_queries() as queries:
                    docent.client.get(cohort + path)
                counted[path] = len(queries)
            assert counted == expected
