"""Anki itself: a collection of 20,000 notes with FSRS on, answered through its own scheduler."""

import random
import time
from pathlib import Path

import anki.collection  # noqa: F401  # first, because Anki's modules import each other in a circle
from anki.cards import Card
from anki.collection import AddNoteRequest, Collection
from anki.deck_config_pb2 import UpdateDeckConfigsMode, UpdateDeckConfigsRequest
from anki.decks import DeckId
from anki.scheduler.v3 import CardAnswer, Scheduler

from app.learning.reviews import Grade
from bench.scene import CARDS, FIRST_LEARNED, SEED

# Anki's largest; its queue of today is never used up by a benchmark.
_REVIEWS_A_DAY = 9999
# Days between the three reviews that every card has had, and to the fourth.
_INTERVALS = (3, 11, 40)
_RATINGS = {
    Grade.AGAIN: CardAnswer.AGAIN,
    Grade.HARD: CardAnswer.HARD,
    Grade.GOOD: CardAnswer.GOOD,
    Grade.EASY: CardAnswer.EASY,
}


def make_collection(path: Path) -> list[str]:
    """A collection whose cards have had three reviews each and are nearly all due; gives their ids."""
    collection = Collection(str(path))
    kind = collection.models.by_name("Basic")
    assert kind is not None
    deck = collection.decks.id("Default")
    assert deck is not None
    requests = []
    for number in range(CARDS):
        note = collection.new_note(kind)
        note["Front"], note["Back"] = f"Vraag {number}", f"Antwoord {number}"
        requests.append(AddNoteRequest(note=note, deck_id=deck))
    collection.add_notes(requests)
    _write_history(collection)
    _switch_fsrs_on(collection, deck)
    cards = [str(card) for card in collection.find_cards("is:due")]
    collection.close()
    return cards


def open_collection(path: Path) -> Collection:
    """The collection, as the application opens it: WAL, and synchronous as SQLite has it (FULL)."""
    return Collection(str(path))


def answer_next(collection: Collection, grade: Grade) -> None:
    """Fetch the card that is next, grade it, and have it on disk."""
    scheduler = collection.sched
    assert isinstance(scheduler, Scheduler)
    queued = scheduler.get_queued_cards(fetch_limit=1).cards[0]
    card = Card(collection, backend_card=queued.card)
    card.start_timer()
    answer = scheduler.build_answer(card=card, states=queued.states, rating=_RATINGS[grade])
    scheduler.answer_card(answer)


def _write_history(collection: Collection) -> None:
    assert collection.db is not None
    rng = random.Random(SEED)
    now = int(time.time())
    log = []
    cards = []
    for number, card in enumerate(collection.find_cards("")):
        days_ago = rng.randint(*FIRST_LEARNED)
        last = 0
        for interval in _INTERVALS:
            # The id of a log entry is its moment in ms and must differ from every other.
            log.append(
                ((now - days_ago * 86_400) * 1000 - number, card, -1, 3, interval, last, 2500, 4000, int(last > 0))
            )  # fmt: skip
            days_ago -= interval
            last = interval
        cards.append((collection.sched.today - days_ago, last, card))
    collection.db.executemany("INSERT INTO revlog VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", log)
    collection.db.executemany(
        "UPDATE cards SET type = 2, queue = 2, factor = 2500, reps = 3, due = ?, ivl = ? "
        "WHERE id = ?",
        cards,
    )


def _switch_fsrs_on(collection: Collection, deck: DeckId) -> None:
    """As in the screen of deck options; Anki then folds its log into memories."""
    found = collection.decks.get_deck_configs_for_update(deck)
    config = found.all_config[0].config
    config.config.reviews_per_day = _REVIEWS_A_DAY
    collection.decks.update_deck_configs(
        UpdateDeckConfigsRequest(
            target_deck_id=deck,
            configs=[config],
            mode=UpdateDeckConfigsMode.UPDATE_DECK_CONFIGS_MODE_NORMAL,
            fsrs=True,
            limits=found.current_deck.limits,
        )
    )
