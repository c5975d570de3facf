"""What a cohort remembers: per concept and card as published, and by week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.learning.cohort_figures import Figure, hardest_first, sum_of_figures
from app.learning.cohorts import Cohort
from app.learning.course import Course
from app.storage import cohort_figures


@dataclass(frozen=True, slots=True)
class ConceptFigures:
    """A concept with the published figures of its cards, the hardest first."""

    concept: str
    figure: Figure
    cards: Sequence[tuple[str, Figure]]


@dataclass(frozen=True, slots=True)
class SubjectMatter:
    """Everything that was published of a cohort; `weeks` are by their Mondays, in order, `reported`
    the cards that people reported, those of most people first."""

    concepts: Sequence[ConceptFigures]
    weeks: Sequence[tuple[date, Figure]]
    reported: Sequence[tuple[str, Figure]]

    @property
    def hard(self) -> Sequence[ConceptFigures]:
        """The concepts that go wrong for many."""
        return [each for each in self.concepts if each.figure.is_hard]


def show_subject_matter(course: Course, cohort: Cohort) -> SubjectMatter:
    """The published figures of a cohort, by concept in the order of difficulty, and by week."""
    published = cohort_figures.published_figures(cohort.id)
    weeks = [
        (monday, figure)
        for figure in published.values()
        if (monday := cohort_figures.week_of_figure(figure))
    ]
    by_concept: dict[str, list[tuple[str, Figure]]] = {}
    for card in course.cards.values():
        figure = published.get(cohort_figures.about_card(card.id))
        if figure and card.concepts:
            by_concept.setdefault(card.concepts[0], []).append((card.id, figure))
    found = {
        concept: ConceptFigures(concept, figure, sorted(cards, key=lambda one: one[1].interval[1]))
        for concept, cards in by_concept.items()
        if (figure := sum_of_figures(concept, [figure for _, figure in cards]))
    }
    reported = [
        (card, figure)
        for card in course.cards
        if (figure := published.get(cohort_figures.about_reports(card)))
    ]
    ordered = hardest_first(each.figure for each in found.values())
    return SubjectMatter(
        [found[figure.about] for figure in ordered],
        sorted(weeks),
        sorted(reported, key=lambda one: (-one[1].people, one[0])),
    )
