"""A learner sees their own words and notes at cards; nobody else can."""

import json
from collections.abc import Collection, Iterable
from uuid import UUID

from app.learning.own_cards import OpenedWords, OwnCard, SealedWords, Words
from app.learning.people import Learner
from app.secrets.sealing import Keyring, Unreadable, unseal
from app.storage import own_cards
from app.storage.keys import Purpose
from app.usecases.open_keys import DataKeys, open_keys


def read_words(
    keyring: Keyring, learner: Learner, made: Iterable[OwnCard | None]
) -> dict[str, Words]:
    """The words by card, of those cards that have any. What no key opens is left out.

    The database is asked for the keys, once, and only where there is something to open.
    """
    written = [(own.card, own.words) for own in made if own and own.words]
    opened = _opened(keyring, learner, written)
    return {card: words for (card, _), words in opened.items()}


def read_all_words(keyring: Keyring, learner: Learner) -> OpenedWords:
    """All that was ever written at cards, also what was undone. What no key opens is left out."""
    changes = own_cards.all_changes(learner.id)
    written = [(change.card, change.words) for change in changes if change.words]
    return _opened(keyring, learner, written)


def _opened(
    keyring: Keyring, learner: Learner, written: Collection[tuple[str, SealedWords]]
) -> OpenedWords:
    data_keys = open_keys(keyring, learner, Purpose.CARDS) if written else {}
    found: dict[tuple[str, SealedWords], Words] = {}
    for card, sealed in written:
        try:
            found[card, sealed] = open_words(data_keys, card, sealed)
        except Unreadable:
            continue
    return found


def open_words(data_keys: DataKeys, card: str, sealed: SealedWords) -> Words:
    """The words of that card, with the author's beside them. Raises Unreadable."""
    if sealed.key not in data_keys:
        raise Unreadable("its key is not there")
    text = unseal(data_keys[sealed.key], sealed.text, place_of(sealed.key, card))
    front, back, note = json.loads(text)
    return Words(front, back, note, sealed.author_front, sealed.author_back)


def place_of(key_id: UUID, card: str) -> bytes:
    """What sealed words are bound to: they open with no other key and at no other card."""
    return key_id.bytes + card.encode()
