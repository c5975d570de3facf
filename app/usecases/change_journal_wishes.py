"""A learner chooses where writing is kept, and whether heavy prompts may come."""

from datetime import datetime

from app.learning.people import Learner
from app.learning.reflections import JournalWishes, Keeping
from app.secrets.sealing import Keyring
from app.storage import moments
from app.storage.database import transaction
from app.storage.keys import Purpose
from app.usecases.open_keys import ensure_key


def change_journal_wishes(
    keyring: Keyring, learner: Learner, wishes: JournalWishes, now: datetime
) -> None:
    """Write the choices. What was written before stays where it is."""
    if wishes.keeping in (Keeping.SERVER, Keeping.DEVICE):
        ensure_key(keyring, learner, Purpose.JOURNAL, now)
    with transaction(learner.id):
        moments.save_wishes(learner.id, wishes)
