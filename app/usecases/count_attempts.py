"""Something is tried that may be tried only so often."""

from collections.abc import Sequence
from datetime import datetime

from app.learning.attempts import Attempt, TooManyAttempts
from app.storage import attempts as counts
from app.storage.database import transaction


def count_attempts(attempts: Sequence[Attempt], now: datetime) -> None:
    """Count these for their limits, in every worker at once.

    Raises TooManyAttempts, and then counts none of them: a refused try makes nobody wait longer.
    """
    with transaction():
        # In one order, so that no two wait for each other.
        for attempt in sorted(attempts, key=lambda attempt: (attempt.limit.name, attempt.of)):
            times = counts.count_attempt(attempt, now)
            retry_at = attempt.limit.refused_until(times, now)
            if retry_at is not None:
                raise TooManyAttempts(retry_at)
