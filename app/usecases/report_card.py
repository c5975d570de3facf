"""A learner tells the author that something about a card is not right."""

from datetime import datetime
from uuid import UUID, uuid5

from app.learning.course import Card
from app.learning.people import Learner
from app.learning.reports import Report
from app.storage import reports
from app.storage.database import transaction

_SAID = UUID("5d0c6a52-0b0f-4f4e-9a53-7b1c5f2f9a10")


def report_card(learner: Learner, card: Card, message: str, now: datetime) -> Report:
    """Keep the report for the author. The same words about the same text are one report."""
    name = f"{learner.seed}/{card.id}/{card.version}/{message}"
    report = Report(uuid5(_SAID, name), card.id, card.version, message, now)
    with transaction(learner.id):
        reports.add_report(learner.id, report)
    return report
