"""A forgotten password gets a successor, in the browser where the code was typed."""

from collections.abc import Sequence
from datetime import datetime

from app.learning.email_codes import CodeFlaw, Purpose
from app.learning.people import Learner
from app.mail.mailer import Mailer
from app.secrets.codes import key_of
from app.secrets.passwords import PasswordFlaw, hash_of, password_flaw
from app.storage import email_codes, learners, sessions
from app.storage.database import transaction
from app.usecases.announce_password import announce_password
from app.usecases.merge_guest import merge_guest
from app.usecases.sign_in import SignedIn


def reset_password(
    mailer: Mailer,
    secret: str,
    password: str,
    words: Sequence[str],
    guest: Learner | None,
    now: datetime,
) -> SignedIn | PasswordFlaw | CodeFlaw:
    """Change the password and end all sessions; the person is signed in here. `guest` as in sign_in.

    CodeFlaw.GONE where this browser typed no code, or longer ago than a code lasts.
    """
    code = email_codes.code_of(key_of(secret), Purpose.RESET)
    if code is None or not code.is_confirmed or code.expires_at <= now:
        return CodeFlaw.GONE
    flaw = password_flaw(password, [code.email, *words])
    if flaw is not None:
        return flaw
    password_hash = hash_of(password)
    with transaction():
        account = learners.learner_with_email(code.email)
        if account is None or not email_codes.remove_code(key_of(secret), Purpose.RESET):
            return CodeFlaw.GONE
        learners.set_password(account.id, password_hash)
        sessions.remove_sessions(account.id)
    merged = merge_guest(guest, account) if guest else 0
    announce_password(mailer, code.email, now)
    return SignedIn(learners.learner_of(account.id) or account, merged)
