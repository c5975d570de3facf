"""How often something may be tried: limits that hold whoever asks, and for how long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` in each `window`. Windows stand still: they are counted from 1970."""

    name: str
    times: int
    window: timedelta

    def window_at(self, now: datetime) -> datetime:
        """The start of the window that `now` falls in."""
        return now - (now - _EPOCH) % self.window

    def refused_until(self, times: int, now: datetime) -> datetime | None:
        """When it may be tried again after `times` tries in this window; None if now is fine."""
        return self.window_at(now) + self.window if times > self.times else None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try that counts for `limit`; `of` says whose: an address, a network, or both."""

    limit: Limit
    of: str


class TooManyAttempts(Exception):
    """A limit is reached. `retry_at` is when it may be tried again."""

    def __init__(self, retry_at: datetime) -> None:
        super().__init__(f"not before {retry_at.isoformat()}")
        self.retry_at = retry_at


# A classroom signs in from one network, so the limits of a network count a school, not a person.
# NIST 800-63B-4 allows at most 100 wrong passwords for an account; a forgotten password is the
# way in for someone whose account is being tried by somebody else.
SIGN_IN_HERE = Limit("sign_in_here", 10, timedelta(minutes=15))
SIGN_IN_ACCOUNT = Limit("sign_in_account", 100, timedelta(days=1))
SIGN_IN_NETWORK = Limit("sign_in_network", 100, timedelta(hours=1))
CODE_NETWORK = Limit("code_network", 200, timedelta(hours=1))
MAIL_ADDRESS = Limit("mail_address", 5, timedelta(hours=1))
MAIL_NETWORK = Limit("mail_network", 100, timedelta(hours=1))
# Reading a file of somebody's takes seconds of a machine that is everybody's.
IMPORTS = Limit("imports", 30, timedelta(hours=1))

# Lists of addresses that get a mail: a school year begins with a handful, not with hundreds.
INVITATIONS = Limit("invitations", 20, timedelta(days=1))

LONGEST_WINDOW = timedelta(days=1)


def sign_in_attempts(email: str, network: str) -> Sequence[Attempt]:
    """What one password for one account counts for."""
    return (
        Attempt(SIGN_IN_HERE, f"{email} {network}"),
        Attempt(SIGN_IN_ACCOUNT, email),
        Attempt(SIGN_IN_NETWORK, network),
    )


def code_attempts(network: str) -> Sequence[Attempt]:
    """What one typed code counts for, beside the few tries each code has."""
    return (Attempt(CODE_NETWORK, network),)


def mail_attempts(email: str, network: str) -> Sequence[Attempt]:
    """What one mail that anybody can ask for counts for."""
    return Attempt(MAIL_ADDRESS, email), Attempt(MAIL_NETWORK, network)


def import_attempts(learner_id: int) -> Sequence[Attempt]:
    """What one file that is read in counts for."""
    return (Attempt(IMPORTS, str(learner_id)),)


def invitation_attempts(email: str) -> Sequence[Attempt]:
    """What one list of people that a member of staff invites counts for."""
    return (Attempt(INVITATIONS, email),)


def network_of(address: str) -> str:
    """The part of an IP address that one customer has: all of IPv4, the first 56 bits of IPv6."""
    try:
        ip = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is None:
        return f"{IPv6Address(int(ip) >> 72 << 72)}/56"
    return str(ip.ipv4_mapped if isinstance(ip, IPv6Address) else ip)
