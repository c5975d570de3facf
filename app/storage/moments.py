"""The prompt of each day of a learner, and what they chose about reflecting."""

from datetime import date, datetime

from app.learning.moments import Ending, Moment
from app.learning.reflections import JournalWishes, Keeping
from app.storage.database import Statement
from app.storage.fields import from_day_number, from_microseconds, to_day_number, to_microseconds

_COLUMNS = "day, prompt, shown_at, ending, is_fruitful"
_MOMENT = Statement(f"SELECT {_COLUMNS} FROM prompt_day WHERE learner_id = ? AND day = ?")
_MOMENTS = Statement(
    f"SELECT {_COLUMNS} FROM prompt_day WHERE learner_id = ? AND day >= ? AND day < ? ORDER BY day"
)
_SHOW = Statement(
    "INSERT INTO prompt_day (learner_id, day, prompt, shown_at, is_fruitful) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT DO NOTHING"
)
_END = Statement(
    "UPDATE prompt_day SET prompt = ?, ending = ?, is_fruitful = ? WHERE learner_id = ? AND day = ?"
)
_COPY = Statement(
    "INSERT INTO prompt_day (learner_id, day, prompt, shown_at, ending, is_fruitful) "
    "SELECT CAST(? AS integer), day, prompt, shown_at, ending, is_fruitful FROM prompt_day "
    "WHERE learner_id = ? ON CONFLICT DO NOTHING"
)
_WISHES = Statement("SELECT keeping, wants_heavy FROM journal WHERE learner_id = ?")
_SAVE_WISHES = Statement(
    "INSERT INTO journal (learner_id, keeping, wants_heavy) VALUES (?, ?, ?) "
    "ON CONFLICT (learner_id) DO UPDATE "
    "SET keeping = excluded.keeping, wants_heavy = excluded.wants_heavy"
)


def moment_of(learner_id: int, day: date) -> Moment | None:
    """The prompt of that day, if one was shown."""
    row = _MOMENT.row(learner_id, to_day_number(day))
    return None if row is None else _moment(row)


def moments_before(learner_id: int, day: date) -> list[Moment]:
    """Every prompt of an earlier day, oldest first."""
    return moments_between(learner_id, date.min, day)


def moments_between(learner_id: int, first: date, end: date) -> list[Moment]:
    """The prompts from the day `first` to before the day `end`, oldest first."""
    rows = _MOMENTS.rows(learner_id, to_day_number(first), to_day_number(end))
    return [_moment(row) for row in rows]


def show_prompt(learner_id: int, day: date, prompt: str, now: datetime) -> bool:
    """Write which prompt the day has; False where it has one already."""
    number = to_day_number(day)
    return _SHOW.run(learner_id, number, prompt, to_microseconds(now), False) == 1


def end_moment(
    learner_id: int, day: date, prompt: str, ending: Ending | None, is_fruitful: bool
) -> None:
    """Write how the day's moment ended; None opens it again."""
    word = None if ending is None else ending.value
    _END.run(prompt, word, is_fruitful, learner_id, to_day_number(day))


def copy_moments(from_id: int, to_id: int) -> None:
    """The moments of one learner become another's, on days on which that one has none."""
    _COPY.run(to_id, from_id)


def wishes_of(learner_id: int) -> JournalWishes:
    """What the learner chose, or the defaults."""
    row = _WISHES.row(learner_id)
    if row is None:
        return JournalWishes()
    return JournalWishes(Keeping(row[0]) if row[0] else None, bool(row[1]))


def save_wishes(learner_id: int, wishes: JournalWishes) -> None:
    keeping = wishes.keeping.value if wishes.keeping else None
    _SAVE_WISHES.run(learner_id, keeping, wishes.wants_heavy)


def _moment(row: tuple[object, ...]) -> Moment:
    day, prompt, shown_at, ending, is_fruitful = row
    return Moment(
        day=from_day_number(day),
        prompt=str(prompt),
        shown_at=from_microseconds(shown_at),  # type: ignore[arg-type]
        ending=Ending(ending) if ending else None,
        is_fruitful=bool(is_fruitful),
    )
