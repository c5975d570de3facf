"""/instellingen/tijd: what a learner chooses about time, and what happens on the other pages."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest

from app.learning import workload
from app.learning.rhythm import Rhythm
from app.usecases.check_data import check_data
from tests.conftest import Clock, Visitor
from tests.web.test_preferences import only_learner
from tests.web.test_progress import answer, text_of

PAGE = "/instellingen/tijd"

FORM: dict[str, Any] = {
    "paused_until": "",
    "new_a_day": "5",
    "easy_days": ["", "5", "6"],
    "exam_on": "2026-06-12",
    "exam_retention": "97",
    "retention": "85",
}


def test_every_choice_is_kept_and_shown_again(learner: Visitor) -> None:
    saved = learner.post(PAGE, **FORM)
    assert saved.headers["Location"] == "/instellingen/tijd?bewaard=tijd"
    assert only_learner().rhythm == Rhythm(
        retention=85,
        easy_days=frozenset({5, 6}),
        new_a_day=5,
        exam_on=date(2026, 6, 12),
        exam_retention=97,
    )
    page = learner.get("/instellingen/tijd?bewaard=tijd")
    assert "Je keuzes zijn bewaard" in page
    assert 'value="2026-06-12"' in page
    assert '<option value="97" selected>' in page
    assert re.search(r'id="easy-5"[^>]* checked', page)
    assert not re.search(r'id="easy-4"[^>]* checked', page)
    assert re.search(r'type="range"[^>]* value="85"', page)
    assert "toets op vrijdag 12 juni 2026" in learner.get("/instellingen")


def test_changing_back_is_undo(learner: Visitor, clock: Clock) -> None:
    answer(learner, clock, "band-afstand", "band-engels")
    before = stack(learner)
    learner.post(PAGE, **FORM)
    assert stack(learner) != before
    learner.post(PAGE, new_a_day="8", easy_days="", exam_on="", exam_retention="95", retention="90")
    assert only_learner().rhythm == Rhythm()
    assert stack(learner) == before


def stack(who: Visitor) -> object:
    return who.client.get("/herhalen/stapel?dagen=100").get_json()


def test_what_a_form_leaves_out_stays(learner: Visitor) -> None:
    learner.post(PAGE, **FORM)
    learner.post(PAGE, new_a_day="3")
    assert only_learner().rhythm.easy_days == {5, 6}
    learner.post(PAGE, easy_days="")
    assert only_learner().rhythm == Rhythm(
        retention=85, new_a_day=3, exam_on=date(2026, 6, 12), exam_retention=97
    )


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("exam_on", "2026-03-01", "Een toets is op een dag na vandaag"),
        ("exam_on", "2026-03-02", "Een toets is op een dag na vandaag"),
        ("exam_on", "2026-02-30", "De dag van je toets bestaat niet"),
        ("exam_on", "9999-12-31", "We plannen tot twee jaar vooruit"),
        ("exam_on", "morgen", "De dag van je toets bestaat niet"),
        ("exam_on", "'; DROP TABLE learner; --", "De dag van je toets bestaat niet"),
        ("paused_until", "2026-03-01", "Een pauze loopt tot een dag na vandaag"),
        ("paused_until", "2026-02-30", "De dag van je pauze bestaat niet"),
        ("paused_until", "2029-01-01", "Zo lang kan een pauze niet duren"),
        ("paused_until", "\0", "De dag van je pauze bestaat niet"),
        ("retention", "0", "Kies 70 tot en met 97 van de 100"),
        ("retention", "1", "Kies 70 tot en met 97 van de 100"),
        ("retention", "0.9", "Kies 70 tot en met 97 van de 100"),
        ("retention", "100", "Kies 70 tot en met 97 van de 100"),
        ("retention", "", "Kies 70 tot en met 97 van de 100"),
        ("exam_retention", "100", "Kies voor je toets 70 tot en met 97"),
        ("new_a_day", "1000000000", "Kies 0 tot en met 30 nieuwe kaarten"),
        ("new_a_day", "-1", "Kies 0 tot en met 30 nieuwe kaarten"),
        ("new_a_day", "acht", "Kies 0 tot en met 30 nieuwe kaarten"),
        ("easy_days", ["", "7"], "Een van deze dagen bestaat niet"),
        ("easy_days", ["", *"0123456"], "Laat minstens een gewone dag over"),
    ],
)
def test_a_choice_that_cannot_be_says_what_to_do_and_keeps_the_form(
    learner: Visitor, field: str, value: Any, says: str
) -> None:
    before = only_learner()
    refused = learner.post(PAGE, **{**FORM, field: value})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert only_learner() == before
    assert says in page and "<title>Fout: Tijd" in page
    assert f'href="#{field}"' in page and f'id="{field}"' in page
    kept = FORM | {field: value}
    assert (
        f'name="new_a_day" type="number" inputmode="numeric" min="0" max="30" value="{kept["new_a_day"]}"'
        in page
    )
    if field != "easy_days":
        assert re.search(r'id="easy-6"[^>]* checked', page)


def test_what_is_weighed_is_not_saved(learner: Visitor, clock: Clock) -> None:
    answer(learner, clock, "band-afstand", "band-engels")
    before = only_learner(), stack(learner)
    weighed = learner.post(PAGE, **FORM, step="weigh")
    page = text_of(weighed.get_data(as_text=True))
    assert weighed.status_code == 200
    assert "Ze zijn nog niet bewaard" in page
    assert re.search(r"Tot vrijdag 12 juni 2026 vraagt dit ongeveer \d+ minu", page)
    assert re.search(r"Op de dag zelf weet je naar schatting \d+ van de 5 kaarten", page)
    assert (only_learner(), stack(learner)) == before


def test_the_slider_says_what_each_retention_costs_also_without_script(learner: Visitor) -> None:
    pytest.importorskip("fsrs_rs_python", reason="an optional extra (requirements-dev.txt)")
    learner.post(PAGE, retention="92")
    page = learner.get(PAGE)
    assert re.findall(r'<tr data-retention="(\d+)"', page) == [
        "70",
        "75",
        "80",
        "85",
        "90",
        "92",
        "95",
        "97",
    ]
    text = text_of(page)
    assert re.search(r"92 van de 100 ongeveer \d+ minuten per week", text)
    assert re.search(r"na een half jaar weet je \d+ van de 5 kaarten", text)


def test_without_the_simulator_the_page_says_so_and_works(
    learner: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workload, "fsrs_rs", None)
    page = learner.get(PAGE)
    assert "kan deze server niet uitrekenen" in page
    assert 'data-part="minutes"' not in page and 'id="kosten"' not in page
    assert learner.post(PAGE, **FORM).status_code == 302


def test_a_pause_leaves_today_empty_says_until_when_and_can_be_ended_there(
    learner: Visitor, clock: Clock
) -> None:
    answer(learner, clock, "band-afstand", "band-engels")
    learner.post(PAGE, paused_until="2026-03-20")
    clock.forward(days=10)
    page = learner.get("/vandaag")
    assert "Je hebt pauze tot vrijdag 20 maart 2026" in page
    assert "Begin met herhalen" not in page
    assert "Je hebt pauze tot" in learner.get("/herhalen")
    assert "Je hebt pauze tot" in learner.get("/voortgang")
    assert "Toon het antwoord" in learner.get("/herhalen?kaarten=2")
    ended = learner.post(PAGE, page="/vandaag", paused_until="", next="/vandaag")
    assert ended.headers["Location"] == "/vandaag"
    assert "2 kaarten voor je klaar" in text_of(learner.get("/vandaag"))


def test_a_pause_that_is_over_and_an_exam_that_was_are_no_longer_shown(
    learner: Visitor, clock: Clock
) -> None:
    answer(learner, clock, "band-afstand")
    learner.post(PAGE, paused_until="2026-03-09", exam_on="2026-03-10")
    clock.forward(days=8)
    page = learner.get(PAGE)
    assert "2026-03-09" not in page and "2026-03-10" not in page
    assert "pauze tot" not in learner.get("/instellingen")
    assert learner.post(PAGE, new_a_day="4").status_code == 302
    assert "voor je klaar" in learner.get("/vandaag")
    assert list(check_data()) == []


def test_a_new_rhythm_is_for_whoever_asks_only(visitor: Visitor) -> None:
    assert visitor.client.get(PAGE).status_code == 302
    assert visitor.post(PAGE, **FORM).status_code in (302, 401)


def test_the_page_asks_the_database_who_and_how_fast_and_for_an_exam_the_log(
    learner: Visitor,
    clock: Clock,
    count_queries: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    answer(learner, clock, "band-afstand")
    with count_queries() as queries:
        learner.get(PAGE)
    assert len(queries) == 2, queries
    learner.post(PAGE, exam_on="2026-06-12")
    with count_queries() as queries:
        learner.get(PAGE)
    assert len(queries) == 4, queries


def test_a_sitting_ends_with_the_pause_also_where_something_was_done(
    learner: Visitor, clock: Clock
) -> None:
    learner.post(PAGE, paused_until="2026-03-12")
    ends = "Je hebt pauze tot donderdag 12 maart 2026."
    assert ends in learner.get("/herhalen")
    answer(learner, clock, "band-afstand")
    page = learner.get("/herhalen")
    assert "Klaar voor nu" in page and ends in page


def test_the_slider_is_read_aloud_as_it_is_shown(learner: Visitor) -> None:
    assert 'aria-valuetext="90 van de 100"' in learner.get(PAGE)
