"""Figures about a cohort: what they would be now, and what was last published of them.

Everybody is counted in one cohort alone, and from the day they joined it.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from app.learning.cohort_figures import Candidate, Figure
from app.learning.week_plan import monday_of
from app.storage.database import Statement
from app.storage.fields import from_day_number, to_day_number

_CARD, _WEEK, _REPORT = "card:", "week:", "report:"
_DAY = 86_400_000_000  # in microseconds
# The first Monday of 1970 was its fifth day.
_MONDAY_SHIFT = 3

# Who answered a card on more than one day did so last on a day of its return.
_CARDS = Statement(
    f"SELECT '{_CARD}' || card, count(*), sum(remembered), sum(returned), "
    "sum(CASE WHEN last_day > published_on THEN 1 ELSE 0 END), max(published_on) "
    "FROM cohort_member JOIN memory ON memory.learner_id = cohort_member.learner_id "
    "LEFT JOIN cohort_figure ON cohort_figure.cohort_id = cohort_member.cohort_id "
    f"AND cohort_figure.about = '{_CARD}' || card "
    "WHERE cohort_member.cohort_id = ? AND left_on IS NULL AND is_counted AND returned > 0 "
    "AND last_day >= joined_on GROUP BY card"
)
_WEEKS = Statement(
    f"SELECT (day + {_MONDAY_SHIFT}) / 7, count(DISTINCT learner_day.learner_id), "
    "sum(remembered), sum(returned) FROM cohort_member "
    "JOIN learner_day ON learner_day.learner_id = cohort_member.learner_id "
    "WHERE cohort_id = ? AND left_on IS NULL AND is_counted AND returned > 0 "
    "AND day >= ? AND day < ? AND day >= joined_on "
    "GROUP BY 1"
)
# A report is new to a figure only from the day after the next: days of a cohort are not those of UTC.
_REPORTS = Statement(
    f"SELECT '{_REPORT}' || card, count(*), "
    "sum(CASE WHEN first_on > published_on + 1 THEN 1 ELSE 0 END), max(published_on) FROM ("
    f"SELECT card, min(reported_at / {_DAY}) AS first_on FROM cohort_member "
    "JOIN report ON report.learner_id = cohort_member.learner_id "
    f"WHERE cohort_id = ? AND left_on IS NULL AND is_counted AND reported_at / {_DAY} >= joined_on "
    "AND NOT EXISTS (SELECT 1 FROM voiding "
    "WHERE voiding.learner_id = report.learner_id AND voiding.review = report.id) "
    "GROUP BY report.learner_id, card) AS reported "
    f"LEFT JOIN cohort_figure ON cohort_id = ? AND about = '{_REPORT}' || card GROUP BY card"
)
_PUBLISHED = Statement(
    "SELECT about, people, part, whole, published_on FROM cohort_figure WHERE cohort_id = ?"
)
_PUBLISH = Statement(
    "INSERT INTO cohort_figure (cohort_id, about, people, part, whole, published_on) "
    "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (cohort_id, about) DO UPDATE SET "
    "people = excluded.people, part = excluded.part, whole = excluded.whole, "
    "published_on = excluded.published_on"
)
_TAKE_TURN = Statement(
    "UPDATE cohort SET figures_on = ? WHERE id = ? AND (figures_on IS NULL OR figures_on < ?)"
)


def takes_turn(cohort_id: str, today: date) -> bool:
    """Whether nobody has looked at this cohort's figures today; from now on somebody has."""
    number = to_day_number(today)
    return _TAKE_TURN.run(number, cohort_id, number) == 1


def cards_now(cohort_id: str, today: date) -> list[Candidate]:
    """For each card: how often it was remembered when it returned."""
    return [
        Candidate(Figure(about, people, part, whole, today), changed or 0, published_on is not None)
        for about, people, part, whole, changed, published_on in _CARDS.rows(cohort_id)
    ]


def weeks_now(cohort_id: str, since: date, today: date) -> list[Candidate]:
    """For each week that is over: how often any card was remembered when it returned.

    A week that was published has nothing new: it is never published again.
    """
    first, end = to_day_number(monday_of(since)), to_day_number(monday_of(today))
    published = published_figures(cohort_id)
    found = []
    for week, people, part, whole in _WEEKS.rows(cohort_id, first, end):
        about = f"{_WEEK}{from_day_number(7 * week - _MONDAY_SHIFT)}"
        was_published = about in published
        found.append(Candidate(Figure(about, people, part, whole, today), 0, was_published))
    return found


def reports_now(cohort_id: str, today: date) -> list[Candidate]:
    """For each card: how many people told its author that something is not right."""
    return [
        Candidate(
            Figure(about, people, people, people, today), changed or 0, published_on is not None
        )
        for about, people, changed, published_on in _REPORTS.rows(cohort_id, cohort_id)
    ]


def published_figures(cohort_id: str) -> dict[str, Figure]:
    """Everything that was published, by what it is about."""
    return {row[0]: _figure(row) for row in _PUBLISHED.rows(cohort_id)}


def publish(cohort_id: str, figures: Iterable[Figure]) -> None:
    for each in figures:
        day = to_day_number(each.published_on)
        _PUBLISH.run(cohort_id, each.about, each.people, each.part, each.whole, day)


def about_card(card: str) -> str:
    """What a figure about that card is about."""
    return f"{_CARD}{card}"


def about_reports(card: str) -> str:
    """What a figure about the reports of that card is about."""
    return f"{_REPORT}{card}"


def week_of_figure(figure: Figure) -> date | None:
    """The Monday of the week a figure is about; None where it is about something else."""
    name = figure.about.removeprefix(_WEEK)
    return date.fromisoformat(name) if name != figure.about else None


def _figure(row: tuple[Any, ...]) -> Figure:
    about, people, part, whole, published_on = row
    return Figure(about, people, part, whole, from_day_number(published_on))
