"""A learner gets an address for a calendar program, another one, or none."""

from datetime import datetime

from app.learning.people import Learner
from app.secrets.codes import new_token
from app.storage import calendar_feeds
from app.storage.database import transaction


def change_calendar_feed(learner: Learner, now: datetime, *, wanted: bool) -> None:
    """With `wanted` a new address; the old one is worthless at once, either way."""
    with transaction(learner.id):
        if wanted:
            calendar_feeds.save_feed(learner.id, new_token(), now)
        else:
            calendar_feeds.remove_feed(learner.id)
