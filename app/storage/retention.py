"""How long things are kept, and what has outlived that."""

from datetime import date, datetime

from app.learning.retention import CHOICES, Kept, Period
from app.storage.database import Statement
from app.storage.fields import from_day_number, to_day_number, to_microseconds

_PERIODS = Statement("SELECT kept, days, changed_on FROM retention WHERE days IS NOT NULL")
_SAVE = Statement(
    "INSERT INTO retention (kept, days, changed_on) VALUES (?, ?, ?) "
    "ON CONFLICT (kept) DO UPDATE SET days = excluded.days, changed_on = excluded.changed_on"
)
_TAKE_TURN = Statement(
    "INSERT INTO retention (kept, done_on) VALUES (?, ?) "
    "ON CONFLICT (kept) DO UPDATE SET done_on = excluded.done_on "
    "WHERE retention.done_on IS NULL OR retention.done_on < excluded.done_on"
)
# Whoever did anything at all stays: an answer, a text, a choice about a card, a cohort they are in.
_IDLE_GUESTS = Statement(
    "SELECT id FROM learner WHERE email IS NULL AND NOT simulated AND joined_at < ? AND id > ? "
    "AND NOT EXISTS (SELECT 1 FROM session WHERE learner_id = learner.id AND last_seen_at >= ?) "
    + "".join(
        f"AND NOT EXISTS (SELECT 1 FROM {table} WHERE learner_id = learner.id) "
        for table in ("review", "reflection", "card_change", "report", "prompt_day")
    )
    + "AND NOT EXISTS (SELECT 1 FROM cohort_member "
    "WHERE learner_id = learner.id AND left_on IS NULL) ORDER BY id LIMIT ?"
)
_OLD_LOOKS = Statement("DELETE FROM cohort_look WHERE day < ?")


def periods() -> dict[Kept, Period]:
    """How long each is kept: as it was chosen, or as it is by itself."""
    chosen = {
        Kept(kept): Period(days, from_day_number(changed_on))
        for kept, days, changed_on in _PERIODS.rows()
    }
    return {kept: chosen.get(kept, Period(CHOICES[kept][0])) for kept in Kept}


def save_period(kept: Kept, days: int, today: date) -> None:
    _SAVE.run(kept.value, days, to_day_number(today))


def takes_turn(kept: Kept, today: date) -> bool:
    """Whether nobody has looked at these today; from now on somebody has."""
    return _TAKE_TURN.run(kept.value, to_day_number(today)) == 1


def idle_guests(before: datetime, after_id: int, most: int) -> list[int]:
    """Guests who were last here before that moment and did nothing, in order after `after_id`."""
    moment = to_microseconds(before)
    return [row[0] for row in _IDLE_GUESTS.rows(moment, after_id, moment, most)]


def remove_looks(before: date) -> int:
    """Remove the looks of earlier days; gives how many."""
    return _OLD_LOOKS.run(to_day_number(before))
