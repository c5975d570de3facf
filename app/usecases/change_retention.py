"""An admin chooses how long something is kept."""

from datetime import date, datetime

from app.learning.retention import Kept
from app.learning.staff_log import Act
from app.storage import retention, staff_log
from app.storage.database import transaction


def change_retention(kept: Kept, days: int, by: str, today: date, now: datetime) -> bool:
    """Keep it so long from now on; False where that is how it was, and nothing starts anew."""
    with transaction():
        if retention.periods()[kept].days == days:
            return False
        retention.save_period(kept, days, today)
        staff_log.note_act(by, Act.RETENTION_CHANGED, f"{kept.value} {days}", now)
    return True
