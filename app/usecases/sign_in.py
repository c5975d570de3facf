"""Somebody with an account signs in."""

from dataclasses import dataclass
from datetime import datetime

from app.learning.attempts import sign_in_attempts
from app.learning.people import Learner
from app.secrets.passwords import hash_of, is_outdated, is_password
from app.storage import attempts as counts
from app.storage import learners
from app.storage.database import transaction
from app.usecases.count_attempts import count_attempts
from app.usecases.merge_guest import merge_guest


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who it is, and how many reviews of a guest in this browser joined the account."""

    learner: Learner
    merged: int


def sign_in(
    email: str, password: str, guest: Learner | None, network: str, now: datetime
) -> SignedIn | None:
    """The account of that address and password; None says no more than that there is none.

    An unknown address takes as much work as a known one. `guest` is who the browser was until now.
    Raises TooManyAttempts.
    """
    attempts = sign_in_attempts(email, network)
    count_attempts(attempts, now)
    account = learners.account_with_email(email)
    if not is_password(password, account.password_hash if account else None) or account is None:
        return None
    fresh = hash_of(password) if is_outdated(account.password_hash) else None
    with transaction():
        for attempt in attempts:
            counts.take_back(attempt, now)
        if fresh is not None:
            learners.set_password(account.learner.id, fresh)
    merged = merge_guest(guest, account.learner) if guest else 0
    return SignedIn(learners.learner_of(account.learner.id) or account.learner, merged)
