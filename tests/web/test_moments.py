"""The page of the day's prompt, and where writing is kept."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from app.learning.moments import Ending
from app.learning.reflections import LONGEST_TEXT
from app.storage import moments, reflections, tables
from tests.conftest import Clock, Visitor
from tests.web.test_preferences import only_learner

TEXT = "Zij knikte, en dat was genoeg."


def writer(visitor: Visitor, keeping: str = "server") -> Visitor:
    """Somebody who chose where writing is kept."""
    visitor.post("/instellingen/moment", keeping=keeping)
    return visitor


def end(visitor: Visitor, ending: str, **form: Any):  # type: ignore[no-untyped-def]
    return visitor.post("/moment", prompt="dichtbij", ending=ending, **form)


def written() -> int:
    return tables.Reflection.select().count()


def test_the_prompt_comes_with_its_two_variants_and_four_ways_to_end(learner: Visitor) -> None:
    page = learner.get("/moment?toch=ja")
    for text in ("Wie was vandaag even dichtbij?", "Welk geluid vond je vandaag fijn?",
                 "Wie is dichtbij in een film die je kent?", "Ik stop even"):  # fmt: skip
        assert text in page
    assert re.findall(r'name="ending" value="(\w+)"', page) == [each.value for each in Ending]
    # All four look alike.
    assert len(set(re.findall(r"<button( [^>]*)?name=\"ending\"", page))) == 1


def test_help_is_on_every_page_with_a_prompt(learner: Visitor) -> None:
    for path in ("/moment/dichtbij", "/moment/stop"):
        page = learner.get(path)
        for number in ("113", "08000113", "1813", "112"):
            assert f'href="tel:{number}"' in page, path
        assert "huisarts" in page


@pytest.mark.parametrize("ending", ["in_head", "later", "not_for_me", "written"])
def test_every_ending_is_kept_and_can_be_taken_back(learner: Visitor, ending: str) -> None:
    page = learner.client.get(end(learner, ending).headers["Location"]).get_data(as_text=True)
    assert "noem drie dingen die je ziet" in page
    me = only_learner()
    [moment] = tables.PromptDay.select()
    assert (moment.ending, moment.prompt) == (ending, "dichtbij")
    end(learner, "open")
    assert tables.PromptDay.get().ending is None
    assert 'value="in_head"' in learner.get("/moment/dichtbij")
    assert moments.moment_of(me.id, moment.day) is not None


def test_a_fruitful_prompt_is_said_to_come_back_and_that_too_can_be_taken_back(
    learner: Visitor,
) -> None:
    end(learner, "in_head")
    assert "Hier kom ik graag op terug" in learner.get("/moment/dichtbij")
    end(learner, "in_head", fruitful="ja")
    assert "komt over een week of drie terug" in learner.get("/moment/dichtbij")
    end(learner, "in_head")
    assert "Hier kom ik graag op terug" in learner.get("/moment/dichtbij")


def test_a_second_prompt_of_a_day_is_said_to_be_done_too(learner: Visitor) -> None:
    tables.PromptDay.create(
        learner=only_learner().id, day=only_learner().day_at(only_learner().joined_at),
        prompt="een-ander", shown_at=only_learner().joined_at, ending="later", is_fruitful=False,
    )  # fmt: skip
    page = learner.client.get(end(learner, "in_head").headers["Location"]).get_data(as_text=True)
    assert "Dat was je moment" in page and "Maak ongedaan" not in page


def test_before_the_choice_there_is_nothing_to_type_in(learner: Visitor) -> None:
    page = learner.get("/moment/dichtbij")
    assert "<textarea" not in page
    assert page.count('name="keeping"') == 3
    # Consent is a choice somebody makes, not one that was made for them.
    assert not re.search(r'name="keeping"[^>]*checked', page)


def test_after_the_choice_the_page_is_the_same_one_with_room_to_write(learner: Visitor) -> None:
    chosen = learner.post("/instellingen/moment", keeping="server", next="/moment/dichtbij")
    assert chosen.headers["Location"] == "/moment/dichtbij"
    assert '<textarea id="text" rows="7" name="text"' in learner.get("/moment/dichtbij")


@pytest.mark.parametrize("keeping", ["device", "nowhere"])
def test_where_the_server_is_not_chosen_no_form_can_send_the_text(
    learner: Visitor, keeping: str
) -> None:
    page = writer(learner, keeping).get("/moment/dichtbij")
    [textarea] = re.findall(r"<textarea[^>]*>", page)
    assert "name=" not in textarea
    # What is sent all the same, by a page that was open too long, is handed back and not kept.
    refused = end(learner, "written", id=uuid4(), text=TEXT)
    assert refused.status_code == 422 and TEXT in refused.get_data(as_text=True)
    assert written() == 0


def test_what_is_written_is_in_the_journal(learner: Visitor) -> None:
    end(writer(learner), "written", id=uuid4(), text=f"{TEXT}\r\n<script>x</script>")
    page = learner.get("/schrift")
    assert f"{TEXT}\n&lt;script&gt;x&lt;/script&gt;" in page
    assert "Wie was vandaag even dichtbij?" in page
    assert "maandag 2 maart 2026" in page


def test_a_form_sent_twice_is_kept_once(learner: Visitor) -> None:
    name = uuid4()
    for _ in range(2):
        end(writer(learner), "written", id=name, text=TEXT)
    assert written() == 1


@pytest.mark.parametrize(
    ("text", "said"), [("", "Er staat nog niets"), (" \r\n ", "Er staat nog niets"),
                       ("a" * (LONGEST_TEXT + 1), "te lang")],
)  # fmt: skip
def test_a_text_that_cannot_be_kept_is_not_lost(learner: Visitor, text: str, said: str) -> None:
    refused = end(writer(learner), "written", id=uuid4(), text=text)
    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert said in page and text.strip() in page
    assert (written(), tables.PromptDay.select().count()) == (0, 0)


@pytest.mark.parametrize("text", ["a" * LONGEST_TEXT, "é\u0000\u202e😀", "x", "=1+1", "ﷺ" * 999])
def test_any_text_comes_back_as_it_was(learner: Visitor, text: str) -> None:
    end(writer(learner), "written", id=uuid4(), text=text)
    [kept] = tables.Reflection.select()
    form = learner.get(f"/schrift/{kept.id}")
    assert text in form.replace("&#39;", "'")


@pytest.mark.parametrize(
    "form",
    [{"prompt": "bestaat-niet", "ending": "later"}, {"prompt": "dichtbij", "ending": "klaar"},
     {"prompt": "dichtbij"}, {"ending": "later"}, {},
     {"prompt": "dichtbij", "ending": "written", "text": TEXT, "id": "1"},
     {"prompt": "dichtbij", "ending": "written", "text": TEXT}],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(learner: Visitor, form: dict[str, str]) -> None:
    assert writer(learner).post("/moment", **form).status_code == 400
    assert (written(), tables.PromptDay.select().count()) == (0, 0)


@pytest.mark.parametrize("form", [{"keeping": "cloud"}, {"heavy": "soms"}, {"heavy": ""}])
def test_a_choice_that_does_not_exist_changes_nothing(
    learner: Visitor, form: dict[str, str]
) -> None:
    assert learner.post("/instellingen/moment", **form).status_code == 400
    assert tables.Journal.select().count() == 0


def test_heavy_prompts_are_asked_for_and_stopped_with_one_click(learner: Visitor) -> None:
    assert re.search(r'value="nee" checked', learner.get("/instellingen/moment"))
    learner.post("/instellingen/moment", heavy="ja")
    assert re.search(r'value="ja" checked', learner.get("/instellingen/moment"))
    assert moments.wishes_of(only_learner().id).keeping is None
    learner.post("/instellingen/moment", heavy="nee")
    assert re.search(r'value="nee" checked', learner.get("/instellingen/moment"))


def test_an_unknown_prompt_is_not_there(learner: Visitor) -> None:
    assert learner.client.get("/moment/bestaat-niet").status_code == 404


def test_a_visitor_is_asked_to_sign_in_first(client_paths: list[str], app: Flask) -> None:
    stranger = Visitor(app)
    for path in client_paths:
        answer = stranger.client.get(path)
        assert answer.headers["Location"].startswith("/inloggen?next="), path


@pytest.fixture
def client_paths() -> list[str]:
    return ["/moment", "/moment/dichtbij", "/moment/stop", "/schrift", "/schrift/verwijderen",
            f"/schrift/{uuid4()}", f"/schrift/{uuid4()}/verwijderen", "/instellingen/moment"]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "most"),
    [("/moment", 9), ("/moment/dichtbij", 5), ("/moment/stop", 1), ("/schrift", 5),
     ("/instellingen/moment", 2), ("/schrift/verwijderen", 1)],
)  # fmt: skip
def test_a_page_asks_the_database_no_more_than_it_needs(
    learner: Visitor,
    clock: Clock,
    count_queries: Callable[[], AbstractContextManager[list[str]]],
    path: str,
    most: int,
) -> None:
    writer(learner)
    for number in range(5):
        clock.forward(days=1)
        end(learner, "written", id=uuid4(), text=f"Tekst {number}.")
    with count_queries() as queries:
        assert learner.client.get(path).status_code == 200
    assert len(queries) <= most, queries


def test_ending_a_moment_with_a_text_takes_a_handful_of_queries(
    learner: Visitor, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    token = writer(learner).token()
    form = {"csrf_token": token, "prompt": "dichtbij", "ending": "written", "text": TEXT}
    with count_queries() as queries:
        learner.client.post("/moment", data=form | {"id": str(uuid4())})
    assert len(queries) <= 12, queries
    assert len(reflections.counts_by_key()) == 1
