"""What is probably remembered now, for how long, and what is coming this week."""

from collections.abc import Sequence

from flask import Blueprint, render_template
from markupsafe import Markup

from app.learning.progress import ConceptProgress, DayAhead, ParagraphProgress
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
        paragraphs_chart=_paragraphs_chart(shown.paragraphs),
        concepts_charts=[_concepts_chart(paragraph.concepts) for paragraph in shown.paragraphs],
        week_chart=_week_chart(shown.week),
        today=today,
    )


def _paragraphs_chart(paragraphs: Sequence[ParagraphProgress]) -> Markup:
    return _recall_chart(
        [paragraph.title for paragraph in paragraphs],
        paragraphs,
        description="Per paragraaf: hoeveel kaarten vastzitten, vervagen en weggezakt zijn. "
        "Dezelfde getallen staan in de tabel hieronder.",
    )


def _concepts_chart(concepts: Sequence[ConceptProgress]) -> Markup:
    return _recall_chart(
        [course().concepts[row.concept].term for row in concepts],
        concepts,
        description="Per begrip: hoeveel kaarten vastzitten, vervagen en weggezakt zijn. "
        "Dezelfde getallen staan in de tabel hieronder.",
    )


def _recall_chart(
    labels: Sequence[str],
    rows: Sequence[ConceptProgress | ParagraphProgress],
    *,
    description: str,
) -> Markup:
    return charts.stacked_rows(
        labels,
        [
            [row.firm for row in rows],
            [row.fading for row in rows],
            [row.gone for row in rows],
        ],
        description=description,
    )


def _week_chart(week: Sequence[DayAhead]) -> Markup:
    return charts.columns(
        [dutch_weekday(ahead.day) for ahead in week],
        [ahead.minutes for ahead in week],
        lowest_top=5,
        description="Minuten per dag, vandaag en de zes dagen daarna. "
        "Dezelfde getallen staan in de tabel hieronder.",
    )
