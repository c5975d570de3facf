"""After an older backup was restored: what was deleted since is deleted again."""

from app.storage import keys
from app.storage.database import transaction


def replay_deletions() -> int:
    """Delete whatever the ledger says is gone for good; gives how many rows there were."""
    with transaction():
        return keys.replay()
