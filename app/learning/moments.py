"""Which reflective prompt somebody gets on a day, and why: a rhythm of its own, not FSRS.

After Matuschak's note on inklings: what was fruitful returns soon, what was passed over later, and
what is not for somebody never. A week holds four light days, two moderate ones and a free one; heavy
prompts come only to whoever asked, and nothing heavy comes near days that hurt
(`docs/decisions/0011-a-prompt-a-day.md`).
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from hashlib import blake2b
from random import Random

from app.learning.course import Load, PromptKind, ReflectivePrompt

# Days until a prompt returns, by how it was last ended.
FRUITFUL_RETURNS_AFTER = 21
DONE_RETURNS_AFTER = 60
IGNORED_RETURNS_AFTER = 75
# As often again for every time it was put off before.
LATER_RETURNS_AFTER = 90

# The first days are light, so that somebody knows what to expect before anything stirs.
FIRST_LIGHT_DAYS = 3
MODERATE_A_WEEK = 2
# Nothing heavy in the evening, when there is nobody to call.
EVENING = time(20)
FRIDAY_EVENING = time(17)
_FRIDAY = 4

# Pairs of weekdays (Monday is 0) without two in a row, also from one week into the next.
_MODERATE_DAYS = tuple((a, b) for a in range(1, 7) for b in range(a + 2, 7))

_AROUND = timedelta(days=2)
_TENDER = re.compile(
    r"\b(moeders?|vaders?|ouders?|opvoeders?|mama|papa|oma|opa|kind|kinder\w*|kleuter|baby\w*|jeugd|"
    r"gezin|familie\w*|vroeger|partners?|verliefd\w*|liefdes?\w*|relaties?)\b",
    re.IGNORECASE,
)


class Ending(Enum):
    """How a moment ended. All four count the same."""

    WRITTEN = "written"
    IN_HEAD = "in_head"
    LATER = "later"
    NOT_FOR_ME = "not_for_me"


class Reason(Enum):
    """Why a day has the prompt it has; templates own the sentence."""

    SHOWN_BEFORE = "shown_before"
    FRUITFUL = "fruitful"
    FROM_LESSON = "from_lesson"
    NEW = "new"
    RETURNS = "returns"
    FREE_DAY = "free_day"
    NOTHING_LEFT = "nothing_left"


@dataclass(frozen=True, slots=True)
class Moment:
    """The prompt of one day of one learner; `ending` is None while it is open."""

    day: date
    prompt: str
    shown_at: datetime
    ending: Ending | None = None
    is_fruitful: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The prompt of a day, or None where there is none, and why."""

    prompt: ReflectivePrompt | None
    reason: Reason


def choose_prompt(
    prompts: Iterable[ReflectivePrompt],
    past: Sequence[Moment],
    today: date,
    seed: int,
    *,
    concepts: Collection[str] = (),
    wants_heavy: bool = False,
    is_evening: bool = False,
    is_asked_for: bool = False,
) -> Choice:
    """The prompt of `today` for somebody who had those moments on earlier days.

    The same arguments give the same prompt. `concepts` are those of opened lessons, which go first;
    `seed` is the learner's own; `is_asked_for`: somebody wants one, also on a free day, and gets a
    light one.
    """
    daily = {prompt.id: prompt for prompt in prompts if prompt.kind is PromptKind.DAILY}
    past = [moment for moment in past if moment.day < today]
    plan = _loads(today, past, daily, seed, wants_heavy, is_evening)
    if not plan:
        if not is_asked_for:
            return Choice(None, Reason.FREE_DAY)
        plan = (Load.LIGHT,)
    tender = hurts_on(today)
    for load in plan:
        fitting = [
            prompt
            for prompt in daily.values()
            if prompt.load is load and not (tender and _is_tender(prompt))
        ]
        choice = _first(fitting, past, today, seed, concepts)
        if choice is not None:
            return choice
    return Choice(None, Reason.NOTHING_LEFT)


def is_evening(moment: datetime) -> bool:
    """Whether it is too late for what is heavy; `moment` is in the learner's own zone."""
    late = FRIDAY_EVENING if moment.weekday() == _FRIDAY else EVENING
    # Until four in the morning it is still yesterday evening.
    return moment.time() >= late or moment.time() < time(4)


def hurts_on(day: date) -> bool:
    """Whether the day is within two days of one that hurts many people, in the Netherlands or
    Flanders: Mother's and Father's Day, Christmas, New Year and Valentine's Day."""
    return any(abs(day - other) <= _AROUND for other in _days_that_hurt(day.year))


def _days_that_hurt(year: int) -> Iterator[date]:
    yield date(year, 2, 14)
    yield _nth_sunday(year, 5, 2)  # Mother's Day
    yield _nth_sunday(year, 6, 2)  # Father's Day in Flanders
    yield _nth_sunday(year, 6, 3)  # Father's Day in the Netherlands
    yield date(year, 3, 19)  # Father's Day in Antwerp
    yield date(year, 8, 15)  # Mother's Day in Antwerp
    # From before Christmas to after New Year, also where the year begins in the middle.
    yield from (date(year, 12, number) for number in range(24, 32))
    yield date(year, 1, 1)


def _nth_sunday(year: int, month: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (number - 1))


def _loads(
    today: date,
    past: Sequence[Moment],
    daily: Mapping[str, ReflectivePrompt],
    seed: int,
    wants_heavy: bool,
    is_evening: bool,
) -> tuple[Load, ...]:
    """What today may weigh, the wished for first; nothing on a free day."""
    moderate, free = _week(today, seed)
    if today.weekday() == free:
        return ()
    if today.weekday() not in moderate or hurts_on(today) or len(past) < FIRST_LIGHT_DAYS:
        return (Load.LIGHT,)
    loads = {moment.day: daily[moment.prompt].load for moment in past if moment.prompt in daily}
    monday = today - timedelta(days=today.weekday())
    this_week = [load for day, load in loads.items() if day >= monday]
    stirred_yesterday = loads.get(today - timedelta(days=1), Load.LIGHT) is not Load.LIGHT
    stirring = sum(load is not Load.LIGHT for load in this_week)
    if stirred_yesterday or stirring >= MODERATE_A_WEEK:
        return (Load.LIGHT,)
    if wants_heavy and not is_evening and Load.HEAVY not in this_week:
        return (Load.HEAVY, Load.MODERATE, Load.LIGHT)
    return (Load.MODERATE, Load.LIGHT)


def _week(today: date, seed: int) -> tuple[tuple[int, int], int]:
    """The weekdays of this week that may stir, and the free one: each week another."""
    year, week, _ = today.isocalendar()
    rng = Random(f"{seed}/{year}/{week}")
    moderate = rng.choice(_MODERATE_DAYS)
    return moderate, rng.choice([day for day in range(7) if day not in moderate])


def _first(
    prompts: Sequence[ReflectivePrompt],
    past: Sequence[Moment],
    today: date,
    seed: int,
    concepts: Collection[str],
) -> Choice | None:
    """Who goes first: fruitful and due; then new, from lessons that were read before others; then
    whatever is longest due."""
    histories: dict[str, list[Moment]] = {}
    for moment in past:
        histories.setdefault(moment.prompt, []).append(moment)
    waiting: list[tuple[tuple[int, int, bytes], ReflectivePrompt, Reason]] = []
    for prompt in prompts:
        history = histories.get(prompt.id, [])
        order = _order(seed, prompt.id)
        if not history:
            is_read = any(concept in concepts for concept in prompt.concepts)
            reason = Reason.FROM_LESSON if is_read else Reason.NEW
            waiting.append(((1, not is_read, order), prompt, reason))
            continue
        returns_on = returns_on_day(history)
        if returns_on is not None and returns_on <= today:
            fruitful = history[-1].is_fruitful
            due = returns_on.toordinal()
            reason = Reason.FRUITFUL if fruitful else Reason.RETURNS
            waiting.append(((0 if fruitful else 2, due, order), prompt, reason))
    if not waiting:
        return None
    _, prompt, reason = min(waiting, key=lambda each: each[0])
    return Choice(prompt, reason)


def _order(seed: int, prompt: str) -> bytes:
    """In which order a person gets the prompts: everybody another one."""
    return blake2b(f"{seed}/{prompt}".encode(), digest_size=8).digest()


def returns_on_day(history: Sequence[Moment]) -> date | None:
    """When a prompt with these moments, oldest first, may return; None for never."""
    if any(moment.ending is Ending.NOT_FOR_ME for moment in history):
        return None
    last = history[-1]
    if last.is_fruitful:
        days = FRUITFUL_RETURNS_AFTER
    elif last.ending is Ending.LATER:
        days = LATER_RETURNS_AFTER * sum(each.ending is Ending.LATER for each in history)
    else:
        days = IGNORED_RETURNS_AFTER if last.ending is None else DONE_RETURNS_AFTER
    return last.day + timedelta(days=days)


def _is_tender(prompt: ReflectivePrompt) -> bool:
    """Whether it speaks of parents, childhood or love."""
    texts = (prompt.question, prompt.lighter, prompt.distance)
    return any(_TENDER.search(text) for text in texts)
