"""Authors and instructors see which cards are hard for everybody."""

from collections.abc import Iterator, Sequence

from app.learning.course import Course
from app.learning.item_difficulty import Difficulties, difficulties
from app.learning.parameters import by_card
from app.learning.people import Learner
from app.learning.scheduling import Prediction, predictions
from app.storage import learners, reviews


def show_item_difficulty(
    course: Course, learner_ids: Sequence[int], *, with_simulated: bool = False
) -> Difficulties:
    """The cards of the course that enough of these learners met. Simulated learners count only
    `with_simulated`."""
    return difficulties(
        (card, prediction)
        for learner_id in learner_ids
        if (learner := learners.learner_of(learner_id)) is not None
        and (with_simulated or not learner.simulated)
        for card, prediction in _first_of_each_card(learner)
        if card in course.cards
    )


def _first_of_each_card(learner: Learner) -> Iterator[tuple[str, Prediction]]:
    for log in by_card(reviews.all_reviews(learner.id)):
        first = next(predictions(log, learner.parameters.values), None)
        if first is not None:
            yield log[0].card, first
