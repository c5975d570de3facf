"""How often something may be tried."""

from datetime import UTC, datetime, timedelta

import pytest

from app.learning.attempts import Limit, network_of

LIMIT = Limit("door", 3, timedelta(minutes=15))
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_the_third_of_three_tries_is_fine_and_the_fourth_waits_for_the_next_window() -> None:
    now = NOON + timedelta(minutes=4)
    assert LIMIT.refused_until(3, now) is None
    assert LIMIT.refused_until(4, now) == NOON + timedelta(minutes=15)


def test_a_window_is_the_same_for_every_moment_in_it() -> None:
    assert LIMIT.window_at(NOON + timedelta(minutes=14, seconds=59)) == NOON
    assert LIMIT.window_at(NOON + timedelta(minutes=15)) == NOON + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:1ff::7", "2001:db8:1:100::/56"),
        ("2001:db8:1:100:ffff::1", "2001:db8:1:100::/56"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_a_customer_of_ipv6_cannot_walk_around_a_limit_in_their_own_network(
    address: str, network: str
) -> None:
    assert network_of(address) == network
