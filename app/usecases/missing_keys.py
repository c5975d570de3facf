"""What keeps the writing of learners from being read, told before the server starts."""

from dataclasses import dataclass

from app.secrets.sealing import Keyring
from app.storage import keys, reflections


@dataclass(frozen=True, slots=True)
class MissingKeys:
    """Names that REFLECTION_KEYS lacks, and how many reflections have no data key in the store."""

    names: tuple[str, ...]
    reflections: int


def missing_keys(keyring: Keyring) -> MissingKeys | None:
    """None where everything can be read."""
    names = tuple(name for name in keys.wrapping_names() if name not in keyring.keys)
    there = keys.key_ids()
    orphans = sum(number for key, number in reflections.counts_by_key().items() if key not in there)
    return MissingKeys(names, orphans) if names or orphans else None
