"""What may come over the wire: good reviews are taken, and nothing else does any harm."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.storage.database import db
from app.usecases.check_data import check_data
from tests.conftest import MONDAY, Clock, Visitor

REVIEWS = "/herhalen/beoordelingen"
UNDO = "/herhalen/ongedaan"
ROUTES = (REVIEWS, UNDO)

# Chance makes the same examples each time, so that a failure can be seen again.
for_many = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def good(**changed: object) -> dict[str, Any]:
    """A review as a phone sends it."""
    return {
        "id": str(uuid4()),
        "card": "band-afstand",
        "grade": "good",
        "reviewed_at": MONDAY.isoformat(),
        "duration_ms": 4000,
        "why_missed": None,
    } | changed


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in good().items() if name != key}


def reviews_stored() -> int:
    row: tuple[int] = db.execute_sql("SELECT count(*) FROM review").fetchone()
    return row[0]


def reasons_for(learner: Visitor, items: Sequence[object]) -> list[str | None]:
    """Why each of these reviews is refused, sent one by one; None where it is taken."""
    token = learner.token()
    reasons: list[str | None] = []
    for item in items:
        answer = send_bytes(learner, REVIEWS, json.dumps({"reviews": [item]}).encode(), token)
        assert answer.status_code == 200, item
        assert len(answer.get_json()["accepted"]) + len(answer.get_json()["refused"]) == 1
        reasons += [refused["reason"] for refused in answer.get_json()["refused"]] or [None]
    return reasons


def send_bytes(visitor: Visitor, route: str, body: bytes, token: str = ""):  # type: ignore[no-untyped-def]
    headers = {"X-CSRF-Token": token or visitor.token(), "Content-Type": "application/json"}
    return visitor.client.post(route, data=body, headers=headers)


GOOD: tuple[dict[str, object], ...] = (
    {"reviewed_at": "2026-03-02T09:00:00Z"},
    {"reviewed_at": "2026-03-02T10:00:00.123456+01:00"},
    {"reviewed_at": "2026-03-01T23:00:00-10:00"},
    {"reviewed_at": (MONDAY + timedelta(minutes=4)).isoformat()},
    {"duration_ms": 0},
    {"duration_ms": 86_400_000},
    {"why_missed": "bad_question", "grade": "again"},
    {"id": uuid4().hex},
    {"id": str(uuid4()).upper()},
    {"unknown": "keys are let be"},
)


def test_good_reviews_are_taken_however_they_are_written(learner: Visitor) -> None:
    items: list[object] = [*(good(**changed) for changed in GOOD), without("why_missed")]
    assert reasons_for(learner, items) == [None] * len(items)
    assert reviews_stored() == len(items)


NONSENSE: tuple[object, ...] = (
    None, True, -1, 1.5, 10**30, "", "onzin", "\0", "é" * 1000, "\ud800", [], ["good"], {}, {"a": 1},
)  # fmt: skip


@pytest.mark.parametrize("key", ["id", "grade", "reviewed_at", "duration_ms", "card", "why_missed"])
def test_nonsense_in_one_field_is_refused(learner: Visitor, key: str) -> None:
    no_reason = (None, "") if key == "why_missed" else ()
    values = [value for value in NONSENSE if value not in no_reason]
    assert reasons_for(learner, [good(**{key: value}) for value in values]) == [
        "unknown_card" if key == "card" and isinstance(value, str) else "unreadable"
        for value in values
    ]
    if key != "why_missed":
        assert reasons_for(learner, [without(key)]) == ["unreadable"]
    assert reviews_stored() == 0


BAD: tuple[tuple[dict[str, object], str], ...] = (
    ({"card": "bestaat-niet"}, "unknown_card"),
    ({"card": "band-afstand\0"}, "unknown_card"),
    ({"reviewed_at": (MONDAY + timedelta(minutes=6)).isoformat()}, "in_future"),
    ({"reviewed_at": "2999-01-01T00:00:00Z"}, "in_future"),
    ({"reviewed_at": "9998-12-31T23:59:59-14:00"}, "in_future"),
    ({"reviewed_at": (MONDAY - timedelta(days=1)).isoformat()}, "before_account"),
    ({"reviewed_at": "1970-01-01T00:00:00Z"}, "before_account"),
    ({"reviewed_at": "0001-01-01T00:00:00+14:00"}, "unreadable"),
    ({"reviewed_at": "9999-12-31T23:59:59-14:00"}, "unreadable"),
    ({"reviewed_at": "2026-03-02T09:00:00"}, "unreadable"),
    ({"reviewed_at": "2026-03-02"}, "unreadable"),
    ({"reviewed_at": 1772442000}, "unreadable"),
    ({"duration_ms": 86_400_001}, "unreadable"),
    ({"duration_ms": "4000"}, "unreadable"),
    ({"grade": "Good"}, "unreadable"),
    ({"grade": 3}, "unreadable"),
    ({"id": "{" + uuid4().hex + "}"}, "unreadable"),
    ({"id": "1_" + uuid4().hex[2:]}, "unreadable"),
    ({"id": " " + uuid4().hex[1:]}, "unreadable"),
)


def test_a_review_that_cannot_be_is_refused_with_its_reason(learner: Visitor) -> None:
    reasons = reasons_for(learner, [good(**changed) for changed, _ in BAD])
    assert list(zip((changed for changed, _ in BAD), reasons, strict=True)) == list(BAD)
    assert reviews_stored() == 0


def test_what_is_no_review_at_all_is_refused(learner: Visitor) -> None:
    items: tuple[object, ...] = (None, 1, "review", [], [good()])
    assert reasons_for(learner, items) == ["unreadable"] * len(items)


def test_a_bad_review_does_not_hold_up_the_others(learner: Visitor) -> None:
    batch = [good(), good(grade="super"), "?", good(card="band-engels"), good(card="weg")]
    answer = learner.send(REVIEWS, {"reviews": batch}).get_json()
    assert answer["accepted"] == [batch[0]["id"], batch[3]["id"]]  # type: ignore[index]
    assert answer["refused"] == [
        {"id": batch[1]["id"], "reason": "unreadable"},  # type: ignore[index]
        {"id": None, "reason": "unreadable"},
        {"id": batch[4]["id"], "reason": "unknown_card"},  # type: ignore[index]
    ]
    assert set(answer["due"]) == {"band-afstand", "band-engels"}


def test_the_same_review_twice_in_a_batch_and_once_more_counts_once(learner: Visitor) -> None:
    item = good()
    first = learner.send(REVIEWS, {"reviews": [item, item]}).get_json()
    again = learner.send(REVIEWS, {"reviews": [item]}).get_json()
    assert first["due"] == again["due"]
    assert set(first["accepted"]) == set(again["accepted"]) == {item["id"]}
    assert reviews_stored() == 1


def test_five_hundred_reviews_are_taken_and_one_more_is_too_many(learner: Visitor) -> None:
    batch = [good() for _ in range(501)]
    response = learner.send(REVIEWS, {"reviews": batch})
    assert (response.status_code, response.get_json()["error"]) == (413, "too_many")
    assert reviews_stored() == 0
    assert len(learner.send(REVIEWS, {"reviews": batch[:500]}).get_json()["accepted"]) == 500
    assert reviews_stored() == 500


def test_a_body_without_a_list_of_reviews_is_a_bad_request(learner: Visitor) -> None:
    token = learner.token()
    bodies: tuple[object, ...] = (None, 1, "reviews", [], {}, {"reviews": None}, [good()])
    for body in bodies:
        response = send_bytes(learner, REVIEWS, json.dumps(body).encode(), token)
        assert response.status_code == 400, body
        assert response.is_json


BROKEN = {
    "nothing": b"",
    "cut off": b'{"reviews": [',
    "not UTF-8": b'{"reviews": ["\xff\xfe"]}',
    "half a character": '{"reviews": ["é'.encode()[:-1],
    "NaN": b'{"reviews": [{"id": NaN}]}',
    "Infinity": b'{"reviews": Infinity}',
    "a number of 10,000 digits": b'{"reviews": [' + b"9" * 10_000 + b"]}",
    "nested 100,000 deep": b"[" * 100_000,
    "nested 100,000 deep, closed": b'{"reviews":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
}


@pytest.mark.parametrize("route", ROUTES)
def test_broken_json_is_a_bad_request(learner: Visitor, route: str) -> None:
    token = learner.token()
    for what, body in BROKEN.items():
        response = send_bytes(learner, route, body, token)
        assert (response.status_code, response.get_json()) == (400, {"error": "bad_request"}), what


@pytest.mark.parametrize("route", ROUTES)
def test_ten_megabytes_are_too_much(learner: Visitor, route: str) -> None:
    body = json.dumps({"reviews": [good(card="k" * 10_000_000)]}).encode()
    response = send_bytes(learner, route, body)
    assert (response.status_code, response.get_json()) == (413, {"error": "too_large"})


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("has_been_here", [False, True])
def test_who_is_not_signed_in_gets_that_as_json(
    visitor: Visitor, route: str, has_been_here: bool
) -> None:
    headers = {"X-CSRF-Token": visitor.token()} if has_been_here else {}
    response = visitor.client.post(route, json={"reviews": [good()]}, headers=headers)
    assert (response.status_code, response.get_json()) == (401, {"error": "not_signed_in"})
    stack = visitor.client.get("/herhalen/stapel?dagen=1")
    assert (stack.status_code, stack.get_json()) == (401, {"error": "not_signed_in"})
    assert reviews_stored() == 0


@pytest.mark.parametrize("route", ROUTES)
def test_a_post_without_the_right_token_is_refused(learner: Visitor, route: str) -> None:
    for token in (None, "", "onzin", "Ã©", "0" * 64):
        headers = {} if token is None else {"X-CSRF-Token": token}
        response = learner.client.post(route, json={"reviews": [good()]}, headers=headers)
        assert (response.status_code, response.get_json()) == (400, {"error": "csrf"})
    assert reviews_stored() == 0


def test_a_post_from_another_site_is_refused(learner: Visitor) -> None:
    for site in ("cross-site", "same-site"):
        headers = {"X-CSRF-Token": learner.token(), "Sec-Fetch-Site": site}
        response = learner.client.post(REVIEWS, json={"reviews": [good()]}, headers=headers)
        assert (response.status_code, response.get_json()) == (403, {"error": "forbidden"})
    assert reviews_stored() == 0


def test_the_token_of_one_browser_is_no_good_in_another(learner: Visitor, visitor: Visitor) -> None:
    stranger = Visitor(visitor.client.application).begin()
    headers = {"X-CSRF-Token": stranger.token()}
    response = learner.client.post(REVIEWS, json={"reviews": [good()]}, headers=headers)
    assert response.status_code == 400


def test_undo_gives_the_due_day_as_it_was(learner: Visitor, clock: Clock) -> None:
    first = good()
    due = learner.send(REVIEWS, {"reviews": [first]}).get_json()["due"]["band-afstand"]
    clock.forward(days=3)
    second = good(reviewed_at=clock().isoformat())
    learner.send(REVIEWS, {"reviews": [second]})
    for _ in range(2):
        undone = learner.send(UNDO, {"id": second["id"]}).get_json()
        assert (undone["card"], undone["due"]) == ("band-afstand", due)
    assert learner.send(UNDO, {"id": first["id"]}).get_json()["due"] is None


def test_undo_of_what_is_no_review_is_not_found(learner: Visitor) -> None:
    learner.send(REVIEWS, {"reviews": [good()]})
    token = learner.token()
    bodies: tuple[object, ...] = ({}, {"id": "onzin"}, {"id": 5}, {"id": [1]}, [], "x", None, 7)
    for body in bodies:
        response = send_bytes(learner, UNDO, json.dumps(body).encode(), token)
        assert (response.status_code, response.get_json()) == (404, {"error": "not_found"}), body


def test_undo_of_somebody_elses_review_is_not_found_and_changes_nothing(learner: Visitor) -> None:
    item = good()
    learner.send(REVIEWS, {"reviews": [item]})
    stranger = Visitor(learner.client.application).begin()
    assert stranger.send(UNDO, {"id": item["id"]}).status_code == 404
    assert db.execute_sql("SELECT count(*) FROM voiding").fetchone() == (0,)


def test_a_review_with_the_id_of_somebody_elses_is_ones_own(learner: Visitor) -> None:
    item = good()
    learner.send(REVIEWS, {"reviews": [item]})
    stranger = Visitor(learner.client.application).begin()
    assert stranger.send(REVIEWS, {"reviews": [item]}).get_json()["accepted"] == [item["id"]]
    assert reviews_stored() == 2


def test_a_clock_that_was_set_back_changes_nothing_that_was_stored(
    learner: Visitor, clock: Clock
) -> None:
    clock.forward(days=3)
    item = good(reviewed_at=clock().isoformat())
    learner.send(REVIEWS, {"reviews": [item]})
    clock.forward(days=-2)
    ahead = good(reviewed_at=(clock() + timedelta(days=1)).isoformat())
    assert reasons_for(learner, [ahead, good(reviewed_at=clock().isoformat())]) == [
        "in_future",
        None,
    ]
    assert learner.send(REVIEWS, {"reviews": [item]}).get_json()["accepted"] == [item["id"]]
    assert reviews_stored() == 2
    for page in ("/vandaag", "/herhalen", "/hoofdstuk1/eerste-les", "/herhalen/stapel?dagen=9"):
        learner.get(page)
    assert list(check_data()) == []


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec=None, exclude_categories=()), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "id": st.uuids().map(str) | JSON,
        "card": st.sampled_from(["band-afstand", "los-vaster"]) | JSON,
        "grade": st.sampled_from(["again", "hard", "good", "easy"]) | JSON,
        "reviewed_at": st.datetimes().map(lambda moment: moment.isoformat() + "Z")
        | st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat())
        | JSON,
        "duration_ms": st.integers(-(10**9), 10**9) | JSON,
        "why_missed": st.sampled_from(["forgot", "confused"]) | JSON,
    },
)


@for_many
@given(items=st.lists(FIELDS | JSON, max_size=6))
def test_no_batch_whatsoever_is_an_error_of_ours(learner: Visitor, items: list[Any]) -> None:
    batch = [
        good(**item) if isinstance(item, dict) and item.keys() <= good().keys() else item
        for item in items
    ]
    response = send_bytes(learner, REVIEWS, json.dumps({"reviews": batch}).encode())
    assert response.status_code == 200
    answer = response.get_json()
    ids = {
        item["id"].lower()
        for item in batch
        if isinstance(item, dict) and isinstance(item.get("id"), str)
    }
    assert set(answer["accepted"]) <= ids
    assert len(answer["refused"]) + len(set(answer["accepted"])) <= len(batch)
    assert bool(answer["refused"] or answer["accepted"]) == bool(batch)
    assert list(check_data()) == []


@for_many
@given(body=JSON, route=st.sampled_from(ROUTES))
def test_no_json_whatsoever_is_an_error_of_ours(learner: Visitor, body: object, route: str) -> None:
    response = send_bytes(learner, route, json.dumps(body).encode())
    assert response.status_code in (200, 400, 404)
    assert response.is_json


@for_many
@given(body=st.binary(max_size=60), route=st.sampled_from(ROUTES))
def test_no_bytes_whatsoever_are_an_error_of_ours(
    learner: Visitor, body: bytes, route: str
) -> None:
    assert send_bytes(learner, route, body).status_code in (400, 404)


FORM_NAMES = st.sampled_from(
    ["card", "grade", "id", "left", "skipped", "given", "lesson", "zone", "reviewed_at",
     "duration_ms", "why_missed", "learner", "vorige"]
)  # fmt: skip
FORM_VALUES = st.text(max_size=30) | st.sampled_from(
    ["band-afstand", "good", "hoofdstuk1/eerste-les", "-1", "9" * 30, "\0", "Europe/Amsterdam"]
)


@for_many
@given(
    form=st.dictionaries(FORM_NAMES, FORM_VALUES),
    route=st.sampled_from(["/herhalen", UNDO]),
    fragment=st.booleans(),
)
def test_no_form_whatsoever_is_an_error_of_ours(
    learner: Visitor, form: dict[str, str], route: str, fragment: bool
) -> None:
    sensible = {"card": "band-afstand", "grade": "good", "id": str(uuid4())}
    response = learner.client.post(
        route,
        data=sensible | form | {"csrf_token": learner.token()},
        headers={"X-Fragment": "kaart"} if fragment else {},
    )
    assert response.status_code < 500
    assert list(check_data()) == []


@for_many
@given(
    page=st.sampled_from(["/herhalen", "/herhalen/stapel", "/vandaag", "/kaart/", "/"]),
    name=st.sampled_from(["kaarten", "kaart", "over", "laatste", "dagen", "vorige", "waarom"]),
    value=FORM_VALUES,
)
def test_no_address_whatsoever_is_an_error_of_ours(
    learner: Visitor, page: str, name: str, value: str
) -> None:
    assert learner.client.get(page, query_string={name: value}).status_code < 500
