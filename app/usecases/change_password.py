"""Somebody who is signed in chooses another password."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum

from app.learning.attempts import sign_in_attempts
from app.learning.people import Learner
from app.mail.mailer import Mailer
from app.secrets.passwords import PasswordFlaw, hash_of, is_password, password_flaw
from app.storage import attempts as counts
from app.storage import learners, sessions
from app.storage.database import transaction
from app.usecases.announce_password import announce_password
from app.usecases.count_attempts import count_attempts


class CurrentPassword(Enum):
    """What can be wrong with the password somebody has now."""

    WRONG = "wrong"


def change_password(
    mailer: Mailer,
    learner: Learner,
    current: str,
    chosen: str,
    words: Sequence[str],
    network: str,
    now: datetime,
) -> CurrentPassword | PasswordFlaw | None:
    """Change it and end all sessions: the browser begins a fresh one, the others are out.

    Says what is wrong, or None. Raises TooManyAttempts, because the current password can be
    guessed here as well as at the door.
    """
    account = learners.account_with_email(learner.email or "")
    if account is None:
        return CurrentPassword.WRONG
    email = account.learner.email or ""
    attempts = sign_in_attempts(email, network)
    count_attempts(attempts, now)
    if not is_password(current, account.password_hash):
        return CurrentPassword.WRONG
    flaw = password_flaw(chosen, [email, *words])
    password_hash = None if flaw else hash_of(chosen)
    with transaction():
        for attempt in attempts:
            counts.take_back(attempt, now)
        if password_hash is not None:
            learners.set_password(learner.id, password_hash)
            sessions.remove_sessions(learner.id)
    if flaw is None:
        announce_password(mailer, email, now)
    return flaw
