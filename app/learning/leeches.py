"""Cards that keep slipping away: more of the same does not help, another wording may."""

from app.learning.scheduling import Memory

# Anki waits for 8 lapses and then puts the card away; ours are fewer and harder, and we ask.
LEECH_AFTER = 6
# Said again after so many lapses more.
LEECH_AGAIN_AFTER = 3


def is_leech(memory: Memory | None) -> bool:
    """Whether a card was forgotten so often that it should be another card."""
    return memory is not None and memory.lapses >= LEECH_AFTER


def is_leech_now(memory: Memory | None) -> bool:
    """Whether to say so after this answer: on the sixth lapse, and on every third after that."""
    return (
        memory is not None
        and is_leech(memory)
        and memory.is_forgotten
        and (memory.lapses - LEECH_AFTER) % LEECH_AGAIN_AFTER == 0
    )
