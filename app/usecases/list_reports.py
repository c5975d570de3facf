"""Authors read what learners told them about cards."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.learning.course import Course, Place
from app.learning.reports import Report
from app.storage import reports


@dataclass(frozen=True, slots=True)
class ReportedCard:
    """A card with its reports, first to last. `place` and `version` are those of the course of now;
    None and empty where the card has left it."""

    card: str
    place: Place | None
    version: str
    reports: Sequence[Report]


def list_reports(course: Course, card: str | None = None) -> list[ReportedCard]:
    """What was reported about `card`, or about all cards: those reported most come first."""
    by_card: dict[str, list[Report]] = {}
    for report in reports.all_reports():
        if card in (None, report.card):
            by_card.setdefault(report.card, []).append(report)
    most_first = sorted(by_card, key=lambda reported: (-len(by_card[reported]), reported))
    return [_reported(course, reported, by_card[reported]) for reported in most_first]


def _reported(course: Course, card: str, found: Sequence[Report]) -> ReportedCard:
    now = course.cards.get(card)
    if now is None:
        return ReportedCard(card, None, "", found)
    return ReportedCard(card, now.place, now.version, found)
