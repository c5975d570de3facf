"""What is probably remembered now, for how long, and what is coming this week."""

from collections.abc import Sequence

from flask import Blueprint, render_template
from markupsafe import Markup

from app.learning.progress import ConceptProgress, DayAhead
from app.usecases.show_progress import show_progress
from app.web import charts
from app.web.dutch import dutch_weekday
from app.web.identity import current_learner, login_required
from app.web.opened import opened_in_browser
from app.web.state import course, now

progress = Blueprint("progress", __name__)


@progress.get("/voortgang")
@login_required
def show() -> str:
    learner = current_learner()
    today = learner.day_at(now())
    shown = show_progress(course(), learner, today, opened_in_browser())
    return render_template(
        "progress.html",
        progress=shown,
        concepts=course().concepts,
        lesson_of_concept=course().lesson_of_concept,
        recall_chart=_recall_chart(shown.begun),
        week_chart=_week_chart(shown.week),
        today=today,
    )


def _recall_chart(begun: Sequence[ConceptProgress]) -> Markup:
    return charts.stacked_rows(
        [course().concepts[row.concept].term for row in begun],
        [
            [row.firm for row in begun],
            [row.fading for row in begun],
            [row.gone for row in begun],
        ],
        description="Per begrip: hoeveel kaarten vastzitten, vervagen en weggezakt zijn. "
        "Dezelfde getallen staan in de tabel hieronder.",
    )


def _week_chart(week: Sequence[DayAhead]) -> Markup:
    return charts.columns(
        [dutch_weekday(ahead.day) for ahead in week],
        [ahead.minutes for ahead in week],
        lowest_top=5,
        description="Minuten per dag, vandaag en de zes dagen daarna. "
        "Dezelfde getallen staan in de tabel hieronder.",
    )
