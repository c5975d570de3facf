"""A mail server sent a mail about one of ours: it came back, or somebody called it spam."""

from datetime import datetime

from app.learning.daily_mail import Returned
from app.mail.reports import read_report
from app.usecases.note_returned_mail import note_returned_mail


def note_report(raw: bytes, now: datetime) -> list[Returned] | None:
    """Note what the mail `raw` reports; gives what was noted, which is nothing for a mail that is
    only late. None where it is about no mail of ours. Raises BadReport."""
    reports = read_report(raw)
    noted = [
        report.returned
        for report in reports
        if note_returned_mail(report.message_id, report.returned, now, report.addresses)
    ]
    return None if reports and not noted else noted
