"""A learner who likes numbers sees them."""

from datetime import date

from app.learning.course import Course
from app.learning.figures import Figures, figures
from app.learning.people import Learner
from app.storage import reviews


def show_figures(course: Course, learner: Learner, today: date) -> Figures | None:
    """The figures of this learner; None before the first answer."""
    log = reviews.all_reviews(learner.id)
    memories = {
        card: memory
        for card, memory in reviews.memories_of(learner.id).items()
        if course.is_on_track(card, learner.track)
    }
    parameters = learner.parameters.values
    return figures(course, log, memories, parameters, today) if log else None
