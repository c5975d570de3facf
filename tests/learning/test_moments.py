"""The rhythm of reflective prompts, over simulated years."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from app.learning.course import Load, Place, PromptKind, ReflectivePrompt
from app.learning.moments import (
    DONE_RETURNS_AFTER,
    FIRST_LIGHT_DAYS,
    FRUITFUL_RETURNS_AFTER,
    IGNORED_RETURNS_AFTER,
    LATER_RETURNS_AFTER,
    Choice,
    Ending,
    Moment,
    Reason,
    choose_prompt,
    hurts_on,
    is_evening,
    returns_on_day,
)

SEEDS = range(25)
START = date(2026, 9, 1)
DAY = timedelta(days=1)


def prompt(name: str, load: Load, **given: object) -> ReflectivePrompt:
    made = ReflectivePrompt(
        name, PromptKind.DAILY, "", load, "Wat zag je?", "Wat hoorde je?", "Wat zag zij?", ("band",),
        load is Load.HEAVY, Place("momenten.md", 1),
    )  # fmt: skip
    return replace(made, **given)  # type: ignore[arg-type]


PROMPTS = [
    *(prompt(f"licht-{n}", Load.LIGHT) for n in range(48)),
    *(prompt(f"matig-{n}", Load.MODERATE) for n in range(36)),
    *(prompt(f"zwaar-{n}", Load.HEAVY) for n in range(4)),
    prompt("moeder", Load.LIGHT, question="Wat zei je moeder?"),
    prompt("boek", Load.LIGHT, kind=PromptKind.QUESTION, paragraph="1.0"),
]

Days = list[tuple[date, Choice]]


def a_year(
    seed: int,
    ending: Callable[[Random, str], tuple[Ending | None, bool]],
    *,
    wants_heavy: bool = False,
    present: float = 1.0,
) -> Days:
    """A year of somebody who ends prompts in that way, and is there on that part of the days."""
    rng, past, days = Random(seed), list[Moment](), Days()
    for number in range(365):
        today = START + number * DAY
        choice = choose_prompt(PROMPTS, past, today, seed, wants_heavy=wants_heavy)
        if choice.prompt and rng.random() < present:
            how, is_fruitful = ending(rng, choice.prompt.id)
            shown_at = datetime(2026, 1, 1, tzinfo=UTC)
            past.append(Moment(today, choice.prompt.id, shown_at, how, is_fruitful))
            days.append((today, choice))
        elif choice.prompt is None:
            days.append((today, choice))
    return days


def anyhow(rng: Random, name: str) -> tuple[Ending | None, bool]:
    how = rng.choice([*Ending, None, Ending.WRITTEN, Ending.IN_HEAD])
    done = how in (Ending.WRITTEN, Ending.IN_HEAD)
    return how, done and rng.random() < 0.3


def diligent(rng: Random, name: str) -> tuple[Ending | None, bool]:
    return Ending.IN_HEAD, False


def load_of(choice: Choice) -> Load | None:
    return choice.prompt.load if choice.prompt else None


def weeks(days: Days) -> Iterator[list[Load | None]]:
    by_week: dict[tuple[int, int], list[Load | None]] = {}
    for day, choice in days:
        by_week.setdefault(day.isocalendar()[:2], []).append(load_of(choice))
    return (week for week in by_week.values() if len(week) == 7)


def test_an_ordinary_week_has_four_light_days_two_moderate_and_a_free_one() -> None:
    counts: Counter[tuple[int, int, int]] = Counter()
    for seed in SEEDS:
        for week in weeks(a_year(seed, diligent)):
            counts[week.count(Load.LIGHT), week.count(Load.MODERATE), week.count(None)] += 1
    # Around the days that hurt, and in the very first week, light ones stand in for moderate ones.
    assert counts.most_common(1)[0][0] == (4, 2, 1)
    assert counts[4, 2, 1] > 0.75 * counts.total()
    assert {(light + moderate, free) for light, moderate, free in counts} == {(6, 1)}


def test_nothing_moderate_follows_something_moderate_and_heavy_needs_to_be_asked_for() -> None:
    for seed in SEEDS:
        days = a_year(seed, anyhow)
        for (day, choice), (later, after) in pairwise(days):
            if later - day == DAY and load_of(choice) is Load.MODERATE:
                assert load_of(after) is not Load.MODERATE
        assert Load.HEAVY not in {load_of(choice) for _, choice in days}


def test_who_asks_for_heavy_gets_one_a_week_at_most_and_a_light_day_after_it() -> None:
    seen = 0
    for seed in SEEDS:
        days = a_year(seed, anyhow, wants_heavy=True, present=0.9)
        for (day, choice), (later, after) in pairwise(days):
            if load_of(choice) is Load.HEAVY:
                seen += 1
                assert not hurts_on(day)
                assert later - day > DAY or load_of(after) in (Load.LIGHT, None)
        for week in weeks(days):
            stirring = [load for load in week if load in (Load.MODERATE, Load.HEAVY)]
            assert stirring.count(Load.HEAVY) <= 1 and len(stirring) <= 2
    assert seen > len(SEEDS)


def test_near_days_that_hurt_everything_is_light_and_nobody_is_asked_about_parents() -> None:
    for seed in SEEDS:
        for day, choice in a_year(seed, anyhow, wants_heavy=True):
            if hurts_on(day) and choice.prompt:
                assert choice.prompt.load is Load.LIGHT
                assert choice.prompt.id != "moeder"


@pytest.mark.parametrize(
    ("day", "hurts"),
    [("2026-02-14", True), ("2026-02-11", False), ("2026-05-10", True), ("2026-05-08", True),
     ("2026-05-13", False), ("2026-06-14", True), ("2026-06-21", True), ("2026-12-22", True),
     ("2026-12-21", False), ("2026-12-28", True), ("2027-01-03", True), ("2027-01-04", False),
     ("2026-08-15", True), ("2026-03-19", True), ("2028-02-29", False)],
)  # fmt: skip
def test_days_that_hurt(day: str, hurts: bool) -> None:
    assert hurts_on(date.fromisoformat(day)) is hurts


def test_what_is_not_for_somebody_never_comes_back() -> None:
    def dislike(rng: Random, name: str) -> tuple[Ending | None, bool]:
        return (Ending.NOT_FOR_ME, False) if name.endswith("3") else (Ending.WRITTEN, False)

    for seed in SEEDS:
        shown = [choice.prompt.id for _, choice in a_year(seed, dislike) if choice.prompt]
        assert all(shown.count(name) == 1 for name in shown if name.endswith("3"))


def test_the_fruitful_return_sooner_than_the_rest_and_the_put_off_later() -> None:
    def gap(how: Ending | None, is_fruitful: bool) -> float:
        def end(rng: Random, name: str) -> tuple[Ending | None, bool]:
            return (how, is_fruitful) if name == "licht-7" else (Ending.IN_HEAD, False)

        gaps = []
        for seed in SEEDS:
            shown = [day for day, c in a_year(seed, end) if c.prompt and c.prompt.id == "licht-7"]
            gaps += [(b - a).days for a, b in pairwise(shown)]
        return sum(gaps) / len(gaps)

    fruitful, done = gap(Ending.WRITTEN, True), gap(Ending.WRITTEN, False)
    later = gap(Ending.LATER, False)
    assert FRUITFUL_RETURNS_AFTER <= fruitful < FRUITFUL_RETURNS_AFTER + 10
    assert fruitful < done < later


@pytest.mark.parametrize(
    ("endings", "days"),
    [([(Ending.WRITTEN, True)], FRUITFUL_RETURNS_AFTER),
     ([(Ending.IN_HEAD, False)], DONE_RETURNS_AFTER),
     ([(None, False)], IGNORED_RETURNS_AFTER),
     ([(Ending.LATER, False)], LATER_RETURNS_AFTER),
     ([(Ending.LATER, False), (Ending.LATER, False)], 2 * LATER_RETURNS_AFTER),
     ([(Ending.LATER, False), (Ending.WRITTEN, True)], FRUITFUL_RETURNS_AFTER),
     ([(Ending.NOT_FOR_ME, False)], None)],
)  # fmt: skip
def test_when_a_prompt_returns(endings: list[tuple[Ending | None, bool]], days: int | None) -> None:
    shown_at = datetime(2026, 1, 1, tzinfo=UTC)
    history = [Moment(START, "x", shown_at, how, fruitful) for how, fruitful in endings]
    expected = None if days is None else START + timedelta(days=days)
    assert returns_on_day(history) == expected


def test_the_first_days_are_light() -> None:
    for seed in SEEDS:
        shown = [load_of(choice) for _, choice in a_year(seed, diligent) if choice.prompt]
        assert set(shown[:FIRST_LIGHT_DAYS]) == {Load.LIGHT}


def test_the_same_facts_give_the_same_prompt_and_people_differ() -> None:
    first = [choose_prompt(PROMPTS, [], START, seed).prompt for seed in SEEDS]
    assert first == [choose_prompt(reversed(PROMPTS), [], START, seed).prompt for seed in SEEDS]
    assert len({each.id for each in first if each}) > 15


def test_prompts_of_lessons_that_were_read_go_first_with_that_reason() -> None:
    prompts = [*PROMPTS, prompt("gelezen", Load.LIGHT, concepts=("haven",))]
    chosen = {choose_prompt(prompts, [], START, seed, concepts=["haven"]) for seed in SEEDS}
    assert {choice.reason for choice in chosen} == {Reason.FROM_LESSON, Reason.FREE_DAY}
    assert {choice.prompt.id for choice in chosen if choice.prompt} == {"gelezen"}


def test_only_prompts_for_every_day_are_picked() -> None:
    book = [each for each in PROMPTS if each.id == "boek"]
    reasons = {choose_prompt(book, [], START, seed).reason for seed in SEEDS}
    assert reasons == {Reason.NOTHING_LEFT, Reason.FREE_DAY}


def test_who_asks_on_a_free_day_gets_something_light() -> None:
    for seed in SEEDS:
        monday = START - START.weekday() * DAY
        week = [monday + number * DAY for number in range(7)]
        [free] = [day for day in week if choose_prompt(PROMPTS, [], day, seed).prompt is None]
        assert choose_prompt(PROMPTS, [], free, seed).reason is Reason.FREE_DAY
        asked = choose_prompt(PROMPTS, [], free, seed, is_asked_for=True)
        assert load_of(asked) is Load.LIGHT


def test_nothing_heavy_in_the_evening_and_a_friday_evening_begins_early() -> None:
    # Thursday 3 September 2026 and the Friday after it.
    assert not is_evening(datetime(2026, 9, 3, 19, 59))  # noqa: DTZ001  the wall clock
    assert is_evening(datetime(2026, 9, 3, 20, 0))  # noqa: DTZ001
    assert is_evening(datetime(2026, 9, 4, 3, 59))  # noqa: DTZ001
    assert is_evening(datetime(2026, 9, 4, 17, 0))  # noqa: DTZ001
    assert not is_evening(datetime(2026, 9, 4, 16, 59))  # noqa: DTZ001
    past = [
        Moment(START - n * DAY, f"licht-{n}", datetime(2026, 8, 1, tzinfo=UTC)) for n in (9, 8, 7)
    ]
    heavy = {
        evening: {
            load_of(
                choose_prompt(
                    PROMPTS, past, START + n * DAY, seed, wants_heavy=True, is_evening=evening
                )
            )
            for seed in SEEDS
            for n in range(7)
        }
        for evening in (True, False)
    }
    assert Load.HEAVY in heavy[False]
    assert Load.HEAVY not in heavy[True]


def test_nothing_left_is_said() -> None:
    shown_at = datetime(2026, 1, 1, tzinfo=UTC)
    past = [
        Moment(START - (n + 9) * DAY, each.id, shown_at, Ending.NOT_FOR_ME)
        for n, each in enumerate(PROMPTS)
    ]
    reasons = {choose_prompt(PROMPTS, past, START, seed).reason for seed in SEEDS}
    assert reasons == {Reason.NOTHING_LEFT, Reason.FREE_DAY}
