"""A learner chooses how the course behaves."""

from app.learning.people import Learner, Track
from app.storage import learners
from app.storage.database import transaction


def change_preferences(learner: Learner, *, track: Track, buttons: int, zone_name: str) -> None:
    """Write the choices. `buttons` is 2 or 4; `zone_name` a valid IANA zone."""
    with transaction(learner.id):
        learners.set_preferences(learner.id, track=track, buttons=buttons, zone_name=zone_name)
