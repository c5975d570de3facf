"""What learners told the authors about cards. Who it was is asked of nobody but that learner."""

from typing import Any
from uuid import UUID

from app.learning.reports import Report
from app.storage.database import Statement
from app.storage.fields import from_microseconds, to_microseconds

_COLUMNS = "id, card, version, message, reported_at"
_COUNTING = (
    f"SELECT {_COLUMNS} FROM report WHERE {{whose}} NOT EXISTS (SELECT 1 FROM voiding "
    "WHERE voiding.learner_id = report.learner_id AND voiding.review = report.id) "
    "ORDER BY reported_at, id"
)
_ADD = Statement(
    f"INSERT INTO report (learner_id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_ALL = Statement(_COUNTING.format(whose=""))
_OF_LEARNER = Statement(f"SELECT {_COLUMNS} FROM report WHERE learner_id = ?")
_OF_CARD = Statement(_COUNTING.format(whose="learner_id = ? AND card = ? AND"))
_REPORT = Statement(f"SELECT {_COLUMNS} FROM report WHERE learner_id = ? AND id = ?")
_COPY = Statement(
    f"INSERT INTO report (learner_id, {_COLUMNS}) "
    f"SELECT CAST(? AS integer), {_COLUMNS} FROM report WHERE learner_id = ? "
    "ON CONFLICT DO NOTHING"
)


def add_report(learner_id: int, report: Report) -> None:
    """Write a report; one that is there already changes nothing."""
    _ADD.run(
        learner_id,
        report.id.hex,
        report.card,
        report.version,
        report.message,
        to_microseconds(report.reported_at),
    )


def report_of(learner_id: int, report_id: UUID) -> Report | None:
    """One report of this learner, also one that was taken back."""
    row = _REPORT.row(learner_id, report_id.hex)
    return None if row is None else _report(row)


def all_reports() -> list[Report]:
    """What authors read, first to last: without a name, and without what was taken back."""
    return [_report(row) for row in _ALL.rows()]


def reports_of(learner_id: int) -> list[Report]:
    """All that this learner reported, also what was taken back, in no particular order."""
    return [_report(row) for row in _OF_LEARNER.rows(learner_id)]


def reports_of_card(learner_id: int, card: str) -> list[Report]:
    """What this learner reported about a card and did not take back, first to last."""
    return [_report(row) for row in _OF_CARD.rows(learner_id, card)]


def copy_reports(from_id: int, to_id: int) -> None:
    """Add the reports of one learner to those of another."""
    _COPY.run(to_id, from_id)


def _report(row: tuple[Any, ...]) -> Report:
    id_, card, version, message, reported_at = row
    return Report(
        id=id_ if isinstance(id_, UUID) else UUID(id_),
        card=card,
        version=version,
        message=message,
        reported_at=from_microseconds(reported_at),
    )
