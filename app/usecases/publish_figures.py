"""Once a day the figures of each cohort are looked at, and those that may are published."""

from datetime import date, datetime

from app.learning.cohort_figures import publishable
from app.learning.cohorts import Cohort, cohort_day
from app.storage import cohort_figures, cohorts
from app.storage.database import transaction


def publish_figures(now: datetime) -> int:
    """Look at every cohort that is not archived; gives how many figures were published."""
    today = cohort_day(now)
    return sum(_publish(cohort, today) for cohort in cohorts.live_cohorts())


def _publish(cohort: Cohort, today: date) -> int:
    with transaction():
        if not cohort_figures.takes_turn(cohort.id, today):
            return 0
        figures = publishable(
            [
                *cohort_figures.cards_now(cohort.id, today),
                *cohort_figures.reports_now(cohort.id, today),
                *cohort_figures.weeks_now(cohort.id, cohort.starts_on, today),
            ]
        )
        cohort_figures.publish(cohort.id, figures)
    return len(figures)
