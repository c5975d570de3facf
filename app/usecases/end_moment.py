"""A learner ends a moment: written, in the head, later, not for me; or opens it again."""

from datetime import date, datetime, timedelta

from app.learning.moments import Ending, Moment
from app.learning.people import Learner
from app.storage import moments
from app.storage.database import transaction

# A prompt that came by mail some days ago can still be ended.
_OPEN_FOR = timedelta(days=7)


def end_moment(
    learner: Learner,
    today: date,
    prompt: str,
    ending: Ending | None,
    now: datetime,
    *,
    is_fruitful: bool = False,
) -> None:
    """Write the ending of the moment with this prompt.

    One that the learner picked takes the place of today's, as long as that one is open; a second
    one on a day leaves no trace but what was written.
    """
    with transaction(learner.id):
        recent = moment_with(learner, today, prompt)
        if recent is None:
            moments.show_prompt(learner.id, today, prompt, now)
            recent = moments.moment_of(learner.id, today)
        if recent is not None and (recent.prompt == prompt or recent.ending is None):
            moments.end_moment(learner.id, recent.day, prompt, ending, is_fruitful)


def moment_with(learner: Learner, today: date, prompt: str) -> Moment | None:
    """The moment of today or of the last days that has this prompt, the latest first."""
    moment = moments.moment_of(learner.id, today)
    if moment is not None and moment.prompt == prompt:
        return moment
    recent = moments.moments_between(learner.id, today - _OPEN_FOR, today)
    return next((each for each in reversed(recent) if each.prompt == prompt), None)
