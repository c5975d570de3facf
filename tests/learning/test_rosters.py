"""What happens with each line of a list of people, and what is wrong with it."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.archive.rosters import rows_of_text
from app.learning.rosters import (
    BadRoster,
    Ended,
    Invitation,
    LineState,
    Roster,
    entries_of,
    judged,
)

MONDAY = date(2026, 3, 2)


def normal(typed: str) -> str | None:
    return typed.lower() if typed.count("@") == 1 and " " not in typed else None


def roster(text: str, *before: Invitation) -> Roster:
    members = {"lid@voorbeeld.nl": None}
    known = {each.email: each for each in before}
    return judged(entries_of(rows_of_text(text)), normal, members, known, MONDAY)


def invitation(name: str, days_ago: int, ended: Ended | None = None) -> Invitation:
    invited_on = MONDAY - timedelta(days=days_ago)
    return Invitation("c", f"{name}@voorbeeld.nl", name, name, invited_on, ended)


def test_each_line_says_what_happens_or_what_is_wrong() -> None:
    found = roster(
        "Anna;ANNA@voorbeeld.nl\nLid;lid@voorbeeld.nl\nBram;bram\nAnna nog eens;anna@voorbeeld.nl\nCas;",
    )
    assert [(line.state, line.same_as) for line in found.lines] == [
        (LineState.INVITE, 0), (LineState.MEMBER, 0), (LineState.NOT_AN_ADDRESS, 0),
        (LineState.DOUBLE, 1), (LineState.NO_ADDRESS, 0),
    ]  # fmt: skip
    assert [line.entry.line for line in found.wrong] == [3, 4, 5]


def test_who_was_asked_is_asked_again_only_after_it_ran_out_or_was_taken_back_for_a_week() -> None:
    before = {
        "open": (0, None, LineState.INVITED),
        "oud": (60, None, LineState.INVITE),
        "net": (59, None, LineState.INVITED),
        "nee": (90, Ended.DECLINED, LineState.DECLINED),
        "weg": (90, Ended.JOINED, LineState.INVITED),
        "terug": (6, Ended.WITHDRAWN, LineState.WITHDRAWN),
        "weer": (7, Ended.WITHDRAWN, LineState.INVITE),
    }
    known = [invitation(name, days, ended) for name, (days, ended, _) in before.items()]
    found = roster("\n".join(each.email for each in known), *known)
    assert [line.state for line in found.lines] == [state for _, _, state in before.values()]
    assert not found.wrong


WORDS = st.text(st.sampled_from("ab @.;,\"'\t\n=é"), max_size=12)


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=6))
def test_the_list_that_goes_into_the_page_is_read_as_the_one_that_came(
    pairs: list[tuple[str, str]],
) -> None:
    lines = [["naam", "e-mail"], *([name, typed] for name, typed in pairs)]
    try:
        found = judged(entries_of(lines), normal, {}, {}, MONDAY)
    except BadRoster:
        return
    assert roster(found.as_text()) == found
    try:
        right = roster(found.as_text(only_right=True))
    except BadRoster:
        assert found.wrong == found.lines
    else:
        assert right.lines == [line for line in found.lines if not line.is_wrong]
