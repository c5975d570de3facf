"""A code works once, in one browser, for one purpose."""

from datetime import timedelta

from app.learning.email_codes import CODE_LASTS, CODE_TRIES, CodeFlaw, EmailCode, Purpose
from app.secrets.codes import code_hash_of, key_of
from app.storage import email_codes
from app.storage.database import transaction
from app.usecases.take_code import take_code
from tests.conftest import Clock

CODE = "12345678"


def save_code(secret: str, clock: Clock, purpose: Purpose = Purpose.SIGN_UP) -> None:
    code_hash = code_hash_of(CODE, secret)
    code = EmailCode(purpose, "anna@voorbeeld.nl", code_hash, "p", clock() + CODE_LASTS)
    with transaction():
        email_codes.save_code(key_of(secret), code)


def test_the_right_code_works_once(db_url: str, clock: Clock) -> None:
    save_code("browser", clock)
    taken = take_code("browser", Purpose.SIGN_UP, CODE, "here", clock())
    assert isinstance(taken, EmailCode)
    assert taken.email == "anna@voorbeeld.nl"
    assert take_code("browser", Purpose.SIGN_UP, CODE, "here", clock()) is CodeFlaw.GONE


def test_a_code_of_another_browser_or_purpose_is_none(db_url: str, clock: Clock) -> None:
    save_code("browser", clock)
    assert take_code("another", Purpose.SIGN_UP, CODE, "here", clock()) is CodeFlaw.GONE
    assert take_code("browser", Purpose.RESET, CODE, "here", clock()) is CodeFlaw.GONE


def test_the_last_try_may_be_the_right_one(db_url: str, clock: Clock) -> None:
    save_code("browser", clock)
    for _ in range(CODE_TRIES - 1):
        assert take_code("browser", Purpose.SIGN_UP, "1", "here", clock()) is CodeFlaw.WRONG
    right = take_code("browser", Purpose.SIGN_UP, CODE, "here", clock())
    assert isinstance(right, EmailCode)


def test_a_code_runs_out_to_the_second(db_url: str, clock: Clock) -> None:
    save_code("browser", clock)
    just_before = clock() + CODE_LASTS - timedelta(seconds=1)
    assert take_code("browser", Purpose.SIGN_UP, "1", "here", just_before) is CodeFlaw.WRONG
    on_time = clock() + CODE_LASTS
    assert take_code("browser", Purpose.SIGN_UP, CODE, "here", on_time) is CodeFlaw.GONE
