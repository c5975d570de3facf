"""What is derived is compared with what it is derived from."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.storage import learners, own_cards, reviews
from app.usecases.rebuild_memory import memories_from_log, own_cards_from_log


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs, named for an operator."""

    learner_id: int
    what: str


def check_data() -> Iterator[Difference]:
    """Every memory and every own card that is not the fold of its log."""
    for learner_id in learners.learner_ids():
        learner = learners.learner_of(learner_id)
        if learner is None:
            continue
        kept = reviews.memories_of(learner_id)
        folded = {memory.card: memory for memory in memories_from_log(learner)}
        for card in sorted(kept.keys() | folded.keys()):
            if kept.get(card) != folded.get(card):
                yield Difference(
                    learner_id,
                    f"memory of card {card!r}: kept {kept.get(card)}, log says {folded.get(card)}",
                )
        own = own_cards.own_cards_of(learner_id)
        made = {card.card: card for card in own_cards_from_log(learner)}
        for card in sorted(own.keys() | made.keys()):
            if own.get(card) != made.get(card):
                # What somebody wrote is for nobody else's eyes, so it is not printed.
                yield Difference(learner_id, f"own card {card!r}: not what its log says")
