"""Numbers for who likes them: reached from /voortgang, and nowhere in the way."""

from collections.abc import Sequence

from flask import Blueprint, render_template
from markupsafe import Markup

from app.learning.figures import DayComing, DayDone, RetentionWeek
from app.usecases.show_figures import show_figures
from app.web import charts
from app.web.dutch import dutch_month_short, dutch_weekday
from app.web.identity import current_learner, login_required
from app.web.state import course, now

figures = Blueprint("figures", __name__)

_BENEATH = "Dezelfde getallen staan in de tabel hieronder."
_DAYS_NAMED = (0, 2, 4)

# What stands under the columns; the tables say it in full.
_STABILITY = ("week", "2 wk", "mnd", "3 mnd", "jaar", "langer")
_DIFFICULTY = tuple(str(number) for number in range(1, 10))
_CHANCE = ("0", "50", "60", "70", "80", "90")
_SECONDS = ("0", "5", "10", "15", "20", "30", "60")


@figures.get("/voortgang/cijfers")
@login_required
def show() -> str:
    learner = current_learner()
    today = learner.day_at(now())
    shown = show_figures(course(), learner, today)
    if shown is None:
        return render_template("figures.html", figures=None)
    return render_template(
        "figures.html",
        figures=shown,
        weeks_done=_weeks(shown.days),
        concepts=course().concepts,
        today=today,
        coming_chart=_coming_chart(shown.coming),
        calendar=_calendar(shown.days),
        retention_chart=_retention_chart(shown.weeks),
        stability_chart=_histogram(
            _STABILITY,
            shown.stability,
            "hoe lang ze blijven zitten, van een week tot langer dan een jaar",
        ),
        difficulty_chart=_histogram(_DIFFICULTY, shown.difficulty, "moeilijkheid, van 1 tot 10"),
        chance_chart=_histogram(_CHANCE, shown.chance, "de kans in procenten dat je ze nu weet"),
        seconds_chart=_histogram(
            _SECONDS, shown.seconds, "seconden per antwoord", what="Antwoorden"
        ),
    )


def _weeks(days: Sequence[DayDone]) -> list[Sequence[DayDone]]:
    """The days from Monday to Sunday; the last week may be short."""
    return [days[start : start + 7] for start in range(0, len(days), 7)]


def _calendar(days: Sequence[DayDone]) -> Markup:
    weeks = _weeks(days)
    # A month is named above the first week that begins in it.
    months = [week[0].day.month for week in weeks]
    labels = [
        dutch_month_short(month) if number and month != months[number - 1] else ""
        for number, month in enumerate(months)
    ]
    return charts.calendar(
        [[day.answers for day in week] for week in weeks],
        labels,
        [dutch_weekday(day.day) if row in _DAYS_NAMED else "" for row, day in enumerate(weeks[0])],
        description=f"Een vakje voor elke dag van het laatste half jaar, donkerder naarmate je meer antwoordde. {_BENEATH}",
    )


def _coming_chart(coming: Sequence[DayComing]) -> Markup:
    return charts.many_columns(
        [f"{ahead.day.day}/{ahead.day.month}" for ahead in coming],
        [ahead.cards for ahead in coming],
        label_every=7,
        description=f"Kaarten die terugkomen, vandaag en de 29 dagen daarna. {_BENEATH}",
    )


def _retention_chart(weeks: Sequence[RetentionWeek]) -> Markup:
    return charts.paired_columns(
        [f"{week.monday.day}/{week.monday.month}" for week in weeks],
        [(_percent(week.known), _percent(week.expected)) for week in weeks],
        description=f"Per week, in procenten: wat je wist, en wat we verwachtten. {_BENEATH}",
    )


def _percent(share: float | None) -> int | None:
    return None if share is None else round(share * 100)


def _histogram(
    labels: Sequence[str], counts: Sequence[int], along: str, what: str = "Kaarten"
) -> Markup:
    return charts.columns(
        labels, counts, lowest_top=4, description=f"{what} naar {along}. {_BENEATH}"
    )
