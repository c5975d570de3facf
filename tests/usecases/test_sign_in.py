"""The door: passwords, limits, and what is kept of both."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from app.learning.attempts import (
    SIGN_IN_ACCOUNT,
    SIGN_IN_HERE,
    TooManyAttempts,
    sign_in_attempts,
)
from app.learning.people import Learner
from app.secrets.passwords import hash_of, is_outdated
from app.storage import learners
from app.storage.tables import Attempt
from app.usecases.count_attempts import count_attempts
from app.usecases.sign_in import SignedIn, sign_in
from tests.conftest import Clock

EMAIL = "bram@voorbeeld.nl"
PASSWORD = "mijn kat slaapt op de fiets"


@pytest.fixture
def account(bram: Learner) -> Iterator[Learner]:
    """Bram has an account."""
    assert learners.give_account(bram.id, EMAIL, hash_of(PASSWORD))
    yield bram


def test_the_right_password_opens_the_door(account: Learner, clock: Clock) -> None:
    found = sign_in(EMAIL, PASSWORD, None, "here", clock())
    assert isinstance(found, SignedIn)
    assert (found.learner.id, found.learner.email, found.merged) == (account.id, EMAIL, 0)


def test_a_wrong_password_and_an_unknown_address_look_the_same(
    account: Learner, clock: Clock
) -> None:
    assert sign_in(EMAIL, "iets heel anders", None, "here", clock()) is None
    assert sign_in("anna@voorbeeld.nl", PASSWORD, None, "here", clock()) is None


def test_the_right_password_waits_too_after_many_wrong_ones(account: Learner, clock: Clock) -> None:
    for _ in range(SIGN_IN_HERE.times):
        assert sign_in(EMAIL, "iets heel anders", None, "here", clock()) is None
    with pytest.raises(TooManyAttempts) as refused:
        sign_in(EMAIL, PASSWORD, None, "here", clock())
    assert refused.value.retry_at == clock() + SIGN_IN_HERE.window
    # Elsewhere the owner is not shut out by whoever is trying here.
    assert sign_in(EMAIL, PASSWORD, None, "elsewhere", clock()) is not None
    clock.forward(minutes=15)
    assert sign_in(EMAIL, PASSWORD, None, "here", clock()) is not None


def test_an_unknown_address_waits_as_long_as_a_known_one(account: Learner, clock: Clock) -> None:
    for _ in range(SIGN_IN_HERE.times):
        sign_in("nobody@voorbeeld.nl", PASSWORD, None, "here", clock())
    with pytest.raises(TooManyAttempts) as refused:
        sign_in("nobody@voorbeeld.nl", PASSWORD, None, "here", clock())
    assert refused.value.retry_at == clock() + SIGN_IN_HERE.window


def test_many_networks_together_do_not_try_an_account_more_than_a_hundred_times_a_day(
    account: Learner, clock: Clock
) -> None:
    for number in range(SIGN_IN_ACCOUNT.times):
        count_attempts(sign_in_attempts(EMAIL, f"network {number}"), clock())
    with pytest.raises(TooManyAttempts):
        sign_in(EMAIL, PASSWORD, None, "another", clock())


def test_signing_in_well_counts_for_nothing(account: Learner, clock: Clock) -> None:
    for _ in range(SIGN_IN_HERE.times + 2):
        assert sign_in(EMAIL, PASSWORD, None, "here", clock()) is not None


def test_a_refused_try_makes_nobody_wait_longer(account: Learner, clock: Clock) -> None:
    for _ in range(SIGN_IN_HERE.times):
        sign_in(EMAIL, "x", None, "here", clock())
    before = sorted(row.times for row in Attempt.select())
    for _ in range(3):
        with pytest.raises(TooManyAttempts):
            sign_in(EMAIL, "x", None, "here", clock())
    assert sorted(row.times for row in Attempt.select()) == before


def test_who_tried_cannot_be_read_from_the_table(account: Learner, clock: Clock) -> None:
    sign_in(EMAIL, "x", None, "192.0.2.7", clock())
    names = " ".join(row.name for row in Attempt.select())
    assert names
    assert "bram" not in names
    assert "192.0.2" not in names


def test_an_old_hash_is_made_anew_at_the_door(bram: Learner, clock: Clock) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    learners.give_account(bram.id, EMAIL, weak)
    assert sign_in(EMAIL, PASSWORD, None, "here", clock()) is not None
    account = learners.account_with_email(EMAIL)
    assert account is not None
    assert not is_outdated(account.password_hash)
    assert sign_in(EMAIL, PASSWORD, None, "here", clock() + timedelta(days=1)) is not None
