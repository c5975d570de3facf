"""What is derived is compared with what it is derived from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from app.learning.learner_day import days_of_log
from app.storage import learner_days, learners, own_cards, reviews
from app.usecases.rebuild_memory import memories_from_log, own_cards_from_log

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs, named for an operator."""

    learner_id: int
    what: str


def check_data() -> Iterator[Difference]:
    """Every memory and every own card that is not the fold of its log, every day that is not the sum
    of its reviews."""
    for learner_id in learners.learner_ids():
        learner = learners.learner_of(learner_id)
        if learner is None:
            continue
        log = reviews.all_reviews(learner_id)
        folded = {memory.card: memory for memory in memories_from_log(learner, log)}
        differing = [
            *_differing("memory of card", reviews.memories_of(learner_id), folded),
            *_differing("counts of day", learner_days.days_of(learner_id), days_of_log(log)),
        ]
        yield from (Difference(learner_id, what) for what in differing)
        own = own_cards.own_cards_of(learner_id)
        made = {card.card: card for card in own_cards_from_log(learner)}
        for card in sorted(own.keys() | made.keys()):
            if own.get(card) != made.get(card):
                # What somebody wrote is for nobody else's eyes, so it is not printed.
                yield Difference(learner_id, f"own card {card!r}: not what its log says")


def _differing(what: str, kept: Mapping[T, object], derived: Mapping[T, object]) -> Iterator[str]:
    for key in sorted(kept.keys() | derived.keys(), key=str):
        if kept.get(key) != derived.get(key):
            name = repr(key) if isinstance(key, str) else key
            yield f"{what} {name}: kept {kept.get(key)}, log says {derived.get(key)}"
