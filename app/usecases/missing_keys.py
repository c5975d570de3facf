"""What keeps the writing of learners from being read, told before the server starts."""

from dataclasses import dataclass

from app.secrets.sealing import Keyring
from app.storage import keys, own_cards, reflections


@dataclass(frozen=True, slots=True)
class MissingKeys:
    """Names that REFLECTION_KEYS lacks, and how many texts have no data key in the store."""

    names: tuple[str, ...]
    texts: int


def missing_keys(keyring: Keyring) -> MissingKeys | None:
    """None where everything can be read."""
    names = tuple(name for name in keys.wrapping_names() if name not in keyring.keys)
    there = keys.key_ids()
    sealed = [*reflections.counts_by_key().items(), *own_cards.counts_by_key().items()]
    orphans = sum(number for key, number in sealed if key not in there)
    return MissingKeys(names, orphans) if names or orphans else None
