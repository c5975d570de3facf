"""The browsers in which somebody is signed in."""

from datetime import datetime
from typing import Any

from app.learning.people import Session
from app.storage.database import Statement
from app.storage.fields import from_microseconds, to_microseconds
from app.storage.learners import LEARNER_COLUMNS, learner_of_row

_SESSION_COLUMNS = "session.key, session.created_at, session.last_seen_at, session.label"
_JOINED = (
    f"SELECT {LEARNER_COLUMNS}, {_SESSION_COLUMNS} "
    "FROM session JOIN learner ON learner.id = session.learner_id "
)
_SESSION = Statement(f"{_JOINED} WHERE session.key = ? AND session.last_seen_at >= ?")
_SESSIONS = Statement(
    f"{_JOINED} WHERE session.learner_id = ? AND session.last_seen_at >= ? "
    "ORDER BY session.last_seen_at DESC, session.created_at DESC"
)
_LAST_SEEN = Statement("SELECT MAX(last_seen_at) FROM session WHERE learner_id = ?")
_ADD = Statement(
    "INSERT INTO session (key, learner_id, created_at, last_seen_at, label) VALUES (?, ?, ?, ?, ?)"
)
_SEEN = Statement("UPDATE session SET last_seen_at = ? WHERE key = ?")
_REMOVE = Statement("DELETE FROM session WHERE learner_id = ? AND key = ?")
_REMOVE_OTHERS = Statement("DELETE FROM session WHERE learner_id = ? AND key <> ?")
_REMOVE_UNSEEN = Statement("DELETE FROM session WHERE last_seen_at < ?")


def add_session(learner_id: int, key: str, label: str, now: datetime) -> None:
    """Let the browser that holds the secret of `key` be this learner."""
    moment = to_microseconds(now)
    _ADD.run(key, learner_id, moment, moment, label)


def session_of(key: str, seen_since: datetime) -> Session | None:
    """The session whose cookie hashes to `key`, with its learner."""
    row = _SESSION.row(key, to_microseconds(seen_since))
    return None if row is None else _session(row)


def sessions_of(learner_id: int, seen_since: datetime) -> list[Session]:
    """The sessions of a learner, the last used first."""
    return [_session(row) for row in _SESSIONS.rows(learner_id, to_microseconds(seen_since))]


def last_seen(learner_id: int) -> datetime | None:
    """When a post last came from one of a learner's browsers; a day late at most."""
    row = _LAST_SEEN.row(learner_id)
    return None if row is None or row[0] is None else from_microseconds(row[0])


def note_seen(key: str, now: datetime) -> None:
    _SEEN.run(to_microseconds(now), key)


def remove_session(learner_id: int, key: str) -> bool:
    """End one session of this learner; False where there is no such session."""
    return _REMOVE.run(learner_id, key) == 1


def remove_sessions(learner_id: int, keep: str = "") -> int:
    """End the sessions of a learner, but for the one of the key `keep`; gives how many."""
    return _REMOVE_OTHERS.run(learner_id, keep)


def remove_unseen(since: datetime) -> int:
    """End all sessions that were last used before `since`; gives how many."""
    return _REMOVE_UNSEEN.run(to_microseconds(since))


def _session(row: tuple[Any, ...]) -> Session:
    key, created_at, last_seen_at, label = row[-4:]
    return Session(
        key=key,
        learner=learner_of_row(row[:-4]),
        created_at=from_microseconds(created_at),
        last_seen_at=from_microseconds(last_seen_at),
        label=label,
    )
