"""Learners, and the browsers in which they are signed in."""

from datetime import datetime
from typing import Any

from app.learning.people import Learner, Session, Track
from app.storage import tables
from app.storage.database import Statement
from app.storage.fields import from_microseconds

_LEARNER_COLUMNS = (
    "learner.id, learner.email, learner.seed, learner.joined_at, learner.zone_name, "
    "learner.track, learner.buttons, learner.simulated"
)
_LEARNER = Statement(f"SELECT {_LEARNER_COLUMNS} FROM learner WHERE id = ?")
_LEARNER_BY_EMAIL = Statement(f"SELECT {_LEARNER_COLUMNS} FROM learner WHERE email = ?")
_SESSION = Statement(
    f"SELECT {_LEARNER_COLUMNS}, session.created_at, session.last_seen_at, session.label "
    "FROM session JOIN learner ON learner.id = session.learner_id WHERE session.key = ?"
)


def add_guest(*, seed: int, now: datetime, zone_name: str) -> Learner:
    """A new learner without an account."""
    row = tables.Learner.create(
        seed=seed,
        joined_at=now,
        zone_name=zone_name,
        track=Track.KERN.value,
        buttons=2,
        simulated=False,
    )
    return Learner(row.id, None, seed, now, zone_name, Track.KERN, 2)


def learner_of(learner_id: int) -> Learner | None:
    row = _LEARNER.row(learner_id)
    return None if row is None else _learner(row)


def learner_with_email(email: str) -> Learner | None:
    """The learner of that address, which must be in its normal form."""
    row = _LEARNER_BY_EMAIL.row(email)
    return None if row is None else _learner(row)


def learner_ids() -> list[int]:
    """Everybody, in order."""
    return [row.id for row in tables.Learner.select(tables.Learner.id).order_by(tables.Learner.id)]


def add_session(learner_id: int, key: str, label: str, now: datetime) -> None:
    """Let the browser that holds the secret of `key` be this learner."""
    tables.Session.create(
        key=key, learner=learner_id, created_at=now, last_seen_at=now, label=label
    )


def session_of(key: str) -> Session | None:
    """The session whose cookie hashes to `key`, with its learner."""
    row = _SESSION.row(key)
    if row is None:
        return None
    created_at, last_seen_at, label = row[-3:]
    return Session(
        key=key,
        learner=_learner(row[:-3]),
        created_at=from_microseconds(created_at),
        last_seen_at=from_microseconds(last_seen_at),
        label=label,
    )


def _learner(row: tuple[Any, ...]) -> Learner:
    id_, email, seed, joined_at, zone_name, track, buttons, simulated = row
    return Learner(
        id=id_,
        email=email,
        seed=seed,
        joined_at=from_microseconds(joined_at),
        zone_name=zone_name,
        track=Track(track),
        buttons=buttons,
        simulated=bool(simulated),
    )
