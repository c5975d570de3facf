"""The mails about an account: one function for each, with a folder of templates of its name."""

from datetime import datetime

from app.mail.mailer import Mailer


def send_sign_up_code(mailer: Mailer, to: str, code: str, now: datetime) -> None:
    """The code that makes an account. Raises MailFailed, as all of these do."""
    mailer.send("sign_up_code", to, now, code=_spaced(code))


def send_already_a_member(mailer: Mailer, to: str, now: datetime) -> None:
    """Somebody asked for an account at an address that has one."""
    mailer.send("already_a_member", to, now)


def send_reset_code(mailer: Mailer, to: str, code: str, now: datetime) -> None:
    """The code after which a new password can be chosen."""
    mailer.send("reset_code", to, now, code=_spaced(code))


def send_not_a_member(mailer: Mailer, to: str, now: datetime) -> None:
    """Somebody asked for a new password at an address that has no account."""
    mailer.send("not_a_member", to, now)


def send_password_changed(mailer: Mailer, to: str, now: datetime) -> None:
    """The password was changed, whoever did it."""
    mailer.send("password_changed", to, now)


def _spaced(code: str) -> str:
    return f"{code[:4]} {code[4:]}"
