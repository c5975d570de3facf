"""Somebody leaves for good, and says so twice."""

from datetime import datetime

from app.learning.attempts import sign_in_attempts
from app.learning.people import Learner
from app.secrets.passwords import is_password
from app.storage import attempts as counts
from app.storage import learners
from app.storage.database import transaction
from app.usecases.change_password import CurrentPassword
from app.usecases.count_attempts import count_attempts
from app.usecases.erase_learner import erase_learner


def erase_account(
    learner: Learner, password: str, network: str, now: datetime
) -> CurrentPassword | None:
    """Remove the learner with everything that is theirs, if the password is right.

    Guests have none and are removed. Raises TooManyAttempts, because the password can be guessed
    here as well as at the door.
    """
    if not learner.is_guest:
        account = learners.account_with_email(learner.email or "")
        attempts = sign_in_attempts(learner.email or "", network)
        count_attempts(attempts, now)
        if account is None or not is_password(password, account.password_hash):
            return CurrentPassword.WRONG
        with transaction():
            for attempt in attempts:
                counts.take_back(attempt, now)
    erase_learner(learner, now)
    return None
