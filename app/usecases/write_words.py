"""A learner says a card in words of their own, or puts a note beside it."""

import json
from datetime import datetime
from uuid import uuid4

from app.learning.own_cards import (
    NO_WORDS,
    CardChange,
    ChangeKind,
    SealedWords,
    Words,
    fold_changes,
)
from app.learning.people import Learner
from app.secrets.sealing import Keyring, seal
from app.storage import own_cards
from app.storage.database import transaction
from app.storage.keys import Purpose
from app.usecases.change_card import append_change
from app.usecases.open_keys import DataKeys, ensure_key, open_keys
from app.usecases.read_words import place_of, read_words


def write_words(
    keyring: Keyring, learner: Learner, card: str, words: Words, now: datetime
) -> CardChange | None:
    """Seal the words and write them in the place of those before; None where these held already.

    With NO_WORDS the card is as its author wrote it again.
    """
    if words.are_there:
        ensure_key(keyring, learner, Purpose.CARDS, now)
    with transaction(learner.id):
        changes = own_cards.changes_of_card(learner.id, card)
        if words == read_words(keyring, learner, [fold_changes(changes)]).get(card, NO_WORDS):
            return None
        data_keys = open_keys(keyring, learner, Purpose.CARDS)
        sealed = seal_words(data_keys, card, words)
        change = CardChange(uuid4(), card, ChangeKind.WORDS, now, words=sealed)
        return append_change(learner, changes, change)


def seal_words(data_keys: DataKeys, card: str, words: Words) -> SealedWords | None:
    """The words, sealed with the newest of the keys: a JSON list of three texts. None for NO_WORDS."""
    if not words.are_there:
        return None
    key_id, data_key = next(iter(data_keys.items()))
    text = json.dumps([words.front, words.back, words.note], ensure_ascii=False)
    sealed = seal(data_key, text, place_of(key_id, card))
    return SealedWords(key_id, sealed, words.author_front, words.author_back)
