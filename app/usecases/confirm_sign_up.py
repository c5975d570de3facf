"""The code of a sign-up is typed: there is an account."""

from dataclasses import replace
from datetime import datetime

from app.learning.email_codes import CodeFlaw, Purpose
from app.learning.people import Learner
from app.storage import learners, sessions
from app.storage.database import transaction
from app.usecases.begin_as_guest import begin_as_guest
from app.usecases.take_code import take_code


def confirm_sign_up(
    secret: str, typed: str, guest: Learner | None, zone_name: str, network: str, now: datetime
) -> Learner | CodeFlaw:
    """Make the account: of the guest who asks, who keeps everything, or of somebody new.

    Sessions of the guest end; the browser begins a fresh one. Raises TooManyAttempts.
    """
    with transaction(*([guest.id] if guest else [])):
        code = take_code(secret, Purpose.SIGN_UP, typed, network, now)
        if isinstance(code, CodeFlaw):
            return code
        if code.password_hash is None or learners.learner_with_email(code.email) is not None:
            return CodeFlaw.GONE
        learner = guest or begin_as_guest(zone_name, now)
        if not learners.give_account(learner.id, code.email, code.password_hash):
            return CodeFlaw.GONE
        sessions.remove_sessions(learner.id)
        return replace(learner, email=code.email)
