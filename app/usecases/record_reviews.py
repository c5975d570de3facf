"""A learner grades cards: log, fold, due date, counts of the day. Every grade takes this path."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.learning.course import Course
from app.learning.learner_day import DayCounts, change_of_days, days_of_card, sum_of_days
from app.learning.leeches import is_leech_now
from app.learning.people import Learner
from app.learning.reports import Report
from app.learning.reviews import Refusal, Review, WhyMissed, refusal_of
from app.learning.scheduling import Memory, Spacing, in_log_order, remember_all
from app.storage import learner_days, lessons, reports, reviews
from app.storage.database import transaction


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a batch: ids taken, ids refused with the reason, due dates by card, and the
    cards of which this was the miss too many."""

    accepted: Sequence[UUID]
    refused: Mapping[UUID, Refusal]
    due: Mapping[str, date]
    leeches: Collection[str] = ()


def record_reviews(
    course: Course,
    learner: Learner,
    batch: Sequence[Review],
    now: datetime,
    opened: Sequence[str] = (),
) -> Recorded:
    """Add reviews to the learner's log and fold them into memories, all in one transaction.

    The order in which reviews arrive does not matter and a repeated id counts once. `opened` are
    lessons ("chapter/lesson") the browser has shown meanwhile. When this returns it is on disk.
    """
    refused: dict[UUID, Refusal] = {}
    taken: dict[UUID, Review] = {}
    for review in batch:
        refusal = refusal_of(review, known_cards=course.cards, joined_at=learner.joined_at, now=now)
        if refusal is None:
            taken.setdefault(review.id, review)
        else:
            refused[review.id] = refusal
    with transaction(learner.id):
        lessons.open_lessons(learner.id, opened, now)
        memories = _record(course, learner, list(taken.values()))
        # What is in the log stays accepted, though its card may have left the course meanwhile.
        known = reviews.in_log(learner.id, list(refused))
    return Recorded(
        accepted=[*taken, *(known - taken.keys())],
        refused={name: refusal for name, refusal in refused.items() if name not in known},
        due={card: memory.due_on for card, memory in memories.items()},
        leeches=[card for card, memory in memories.items() if is_leech_now(memory)],
    )


def _record(course: Course, learner: Learner, batch: Sequence[Review]) -> dict[str, Memory]:
    """Write the events and what they make of each card's memory; gives those memories."""
    if not batch:
        return {}
    cards = list({review.card for review in batch})
    spacing, memories = reviews.spacing_and_memories(learner.id, cards)
    added = reviews.add_reviews(learner.id, batch)
    by_card: dict[str, list[Review]] = {}
    for review in in_log_order(review for review in batch if review.id in added):
        by_card.setdefault(review.card, []).append(review)
        if review.why_missed is WhyMissed.BAD_QUESTION:
            reports.add_report(learner.id, _report(course, review))
    changes = {
        card: _change(learner, spacing, memories.get(card), events)
        for card, events in by_card.items()
    }
    changed = {card: memory for card, (memory, _) in changes.items()}
    reviews.save_memories(learner.id, list(changed.values()))
    learner_days.add_to_days(learner.id, sum_of_days(days for _, days in changes.values()))
    return memories | changed


def _report(course: Course, review: Review) -> Report:
    """To say that a question is no good is to tell its author, and undone with the answer."""
    version = course.cards[review.card].version
    return Report(review.id, review.card, version, "", review.reviewed_at)


def _change(
    learner: Learner, spacing: Spacing, memory: Memory | None, events: Sequence[Review]
) -> tuple[Memory, Mapping[date, DayCounts]]:
    """The memory of one card after new events, which are in the order of the log, and what they
    add to the counts of days."""
    if memory is None or memory.follows(events[0]):
        return remember_all(memory, events, spacing), days_of_card(events, memory)
    log = reviews.reviews_of_card(learner.id, events[0].card)
    new = {event.id for event in events}
    before = days_of_card(event for event in log if event.id not in new)
    change = change_of_days(before, days_of_card(log))
    return remember_all(None, in_log_order(log), spacing), change
