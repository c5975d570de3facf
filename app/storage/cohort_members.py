"""Who is in a cohort, what is counted of them, and who of the staff looked at that."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.learning.cohorts import Member, Membership
from app.learning.people import Track
from app.storage import cohorts
from app.storage.database import Statement
from app.storage.fields import from_day_number, to_day_number

# Counted in the figures of the first cohort alone: else two cohorts that differ by one person would
# tell of that person. It stays so when that cohort is left or deleted, and its figures are remembered.
_JOIN = Statement(
    "INSERT INTO cohort_member (learner_id, cohort_id, name, joined_on, is_counted) "
    "VALUES (?, ?, ?, ?, "
    "NOT EXISTS (SELECT 1 FROM cohort_member WHERE learner_id = ? AND is_counted)) "
    "ON CONFLICT (learner_id, cohort_id) DO UPDATE SET name = excluded.name, left_on = NULL"
)
_LEAVE = Statement(
    "UPDATE cohort_member SET left_on = ? "
    "WHERE learner_id = ? AND cohort_id = ? AND left_on IS NULL"
)
_COPY = Statement(
    "INSERT INTO cohort_member (learner_id, cohort_id, name, joined_on, left_on, is_counted) "
    "SELECT CAST(? AS integer), cohort_id, name, joined_on, left_on, is_counted AND NOT EXISTS ("
    "SELECT 1 FROM cohort_member AS own WHERE own.learner_id = ? AND own.is_counted) "
    "FROM cohort_member WHERE learner_id = ? ON CONFLICT DO NOTHING"
)
_MEMBERSHIPS = Statement(
    "SELECT cohort.id, cohort.name, institution, code, starts_on, archived_on, "
    "cohort_member.name, joined_on, left_on FROM cohort_member "
    "JOIN cohort ON cohort.id = cohort_member.cohort_id WHERE learner_id = ? "
    "ORDER BY joined_on, cohort.id"
)
# The sums of a learner are one text, so that they are one subquery, and a subquery for each member reads
# the days of that member alone: joined to a sum, PostgreSQL reads the days of everybody in Haven.
_COUNTED = (
    "SELECT cohort_member.learner_id, cohort_member.name, joined_on, track, lesson_count.mark, "
    "lesson_count.done, (SELECT max(day) || ' ' || sum(begun) || ' ' || sum(reviews) || ' ' || "
    "sum(duration_ms) FROM learner_day WHERE learner_day.learner_id = cohort_member.learner_id) "
    "FROM cohort_member JOIN learner ON learner.id = cohort_member.learner_id "
    "LEFT JOIN lesson_count ON lesson_count.learner_id = cohort_member.learner_id "
    "WHERE cohort_id = ? AND left_on IS NULL{also}"
)
_MEMBERS = Statement(_COUNTED.format(also=""))
_MEMBER = Statement(_COUNTED.format(also=" AND cohort_member.learner_id = ?"))
_EMAILS = Statement(
    "SELECT email FROM cohort_member JOIN learner ON learner.id = cohort_member.learner_id "
    "WHERE cohort_id = ? AND left_on IS NULL AND email IS NOT NULL"
)
_KEEP_LESSONS = Statement(
    "INSERT INTO lesson_count (learner_id, mark, done) VALUES (?, ?, ?) "
    "ON CONFLICT (learner_id) DO UPDATE SET mark = excluded.mark, done = excluded.done"
)
_LOOK = Statement(
    "INSERT INTO cohort_look (cohort_id, day, email, what) VALUES (?, ?, ?, ?) "
    "ON CONFLICT DO NOTHING"
)
_LOOKS = Statement(
    "SELECT cohort_look.day, email, what FROM cohort_member "
    "JOIN cohort_look ON cohort_look.cohort_id = cohort_member.cohort_id "
    "AND cohort_look.day >= joined_on AND (left_on IS NULL OR cohort_look.day <= left_on) "
    "WHERE learner_id = ? AND cohort_member.cohort_id = ? "
    "ORDER BY cohort_look.day DESC, email, what"
)


@dataclass(frozen=True, slots=True)
class CountedMember:
    """A member with what is counted of them.

    `mark` changes with the log; `done` are the lessons done when it was `done_mark`.
    """

    member: Member
    track: Track
    last_active_on: date | None
    mark: str
    done_mark: str | None
    done: Sequence[str]


@dataclass(frozen=True, slots=True)
class Look:
    """That a member of staff looked at a cohort's people on a day; `what` is a page or a file."""

    day: date
    email: str
    what: str


def join(cohort_id: str, learner_id: int, name: str, today: date) -> None:
    """Enter a cohort, or come back to it, under that name."""
    _JOIN.run(learner_id, cohort_id, name, to_day_number(today), learner_id)


def leave(cohort_id: str, learner_id: int, today: date) -> bool:
    """Whether somebody left who was in it."""
    return _LEAVE.run(to_day_number(today), learner_id, cohort_id) == 1


def copy_memberships(from_id: int, to_id: int) -> None:
    """Where one learner is a member another becomes one too."""
    _COPY.run(to_id, to_id, from_id)


def memberships_of(learner_id: int) -> list[Membership]:
    """Every cohort this learner is or was in, in the order of joining."""
    found = []
    for row in _MEMBERSHIPS.rows(learner_id):
        name, joined_on, left_on = row[6:]
        member = Member(learner_id, name, from_day_number(joined_on))
        left = None if left_on is None else from_day_number(left_on)
        found.append(Membership(cohorts.cohort_of_row(row[:6]), member, left))
    return found


def counted_members(cohort_id: str, learner_id: int | None = None) -> list[CountedMember]:
    """Everybody in a cohort, or only that learner, with what is counted of them."""
    if learner_id is None:
        return [_counted(row) for row in _MEMBERS.rows(cohort_id)]
    return [_counted(row) for row in _MEMBER.rows(cohort_id, learner_id)]


def emails_of(cohort_id: str) -> set[str]:
    """The addresses of everybody in a cohort: to know whom not to invite, and never to be shown."""
    return {row[0] for row in _EMAILS.rows(cohort_id)}


def keep_lessons_done(learner_id: int, mark: str, done: Collection[str]) -> None:
    """Keep which lessons are done while the log is at `mark`."""
    _KEEP_LESSONS.run(learner_id, mark, " ".join(done))


def note_look(cohort_id: str, look: Look) -> None:
    """Write that somebody looked; once a day is enough to know."""
    _LOOK.run(cohort_id, to_day_number(look.day), look.email, look.what)


def looks_at(learner_id: int, cohort_id: str) -> list[Look]:
    """Who looked at the people of a cohort while this learner was in it, the last first."""
    rows = _LOOKS.rows(learner_id, cohort_id)
    return [Look(from_day_number(day), email, what) for day, email, what in rows]


def _counted(row: tuple[Any, ...]) -> CountedMember:
    learner_id, name, joined_on, track, done_mark, done, sums = row
    last, _, counts = (sums or "").partition(" ")
    return CountedMember(
        member=Member(learner_id, name, from_day_number(joined_on)),
        track=Track(track),
        last_active_on=from_day_number(int(last)) if last else None,
        # After an undo and another answer the first two counts may be what they were; not all three.
        mark=f"{track} {counts or '0 0 0'}",
        done_mark=done_mark,
        done=done.split() if done else (),
    )
