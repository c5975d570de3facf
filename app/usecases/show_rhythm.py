"""A learner weighs choices about time: what they ask in minutes, and what is remembered for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.learning.course import Course
from app.learning.exam import ExamOutlook, exam_outlook
from app.learning.people import Learner
from app.learning.queue import pace
from app.learning.rhythm import Rhythm
from app.learning.workload import RETENTIONS, Workload, workloads
from app.storage import reviews
from app.usecases.rebuild_memory import memories_from_log


@dataclass(frozen=True, slots=True)
class RhythmCost:
    """What a rhythm costs. `cards` are those of the learner's track; `workloads` is None where
    nothing can simulate them; `exam` and `without_exam` are None where there is no exam ahead."""

    cards: int
    workloads: Sequence[Workload] | None
    exam: ExamOutlook | None
    without_exam: ExamOutlook | None


def show_rhythm(course: Course, learner: Learner, rhythm: Rhythm, today: date) -> RhythmCost:
    """The cost of `rhythm`, chosen or only considered, for this learner from `today` on."""
    seconds_per_card = pace(reviews.last_durations(learner.id))
    on_track = [card for card in course.cards if course.is_on_track(card, learner.track)]
    exam = without = None
    if rhythm.exam_on is not None and rhythm.exam_on > today:
        exam, without = (
            _outlook(
                replace(learner, rhythm=each), on_track, rhythm.exam_on, today, seconds_per_card
            )
            for each in (rhythm, replace(rhythm, exam_on=None))
        )
    return RhythmCost(
        cards=len(on_track),
        workloads=workloads(
            [*RETENTIONS, rhythm.retention],
            learner.parameters.values,
            cards=len(on_track),
            new_a_day=rhythm.new_a_day,
            seconds_per_card=seconds_per_card,
        ),
        exam=exam,
        without_exam=without,
    )


def _outlook(
    learner: Learner, on_track: Sequence[str], exam_on: date, today: date, seconds_per_card: float
) -> ExamOutlook:
    log = reviews.all_reviews(learner.id)
    memories = {memory.card: memory for memory in memories_from_log(learner, log)}
    return exam_outlook(
        exam_on,
        [memories[card] for card in on_track if card in memories],
        [card for card in on_track if card not in memories],
        learner.rhythm,
        learner.spacing,
        today,
        seconds_per_card,
    )
