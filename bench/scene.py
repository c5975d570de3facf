"""The course with 20,000 cards more and learners who have them due: the same for every benchmark."""

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

from app.learning.course import (
    Card,
    CardKind,
    Chapter,
    Course,
    EmbeddedCard,
    Lesson,
    Place,
)
from app.learning.people import Learner, Track
from app.learning.reviews import Grade, Review
from app.learning.scheduling import Memory, remember
from app.storage import database, learners, reviews
from app.storage.database import Statement, transaction

CARDS = 20_000
CARDS_IN_LESSON = 5
CHAPTER = "generated"
ZONE = "Europe/Amsterdam"
# Only the site of the benchmarks has it: the layout, and nothing in it.
EMPTY_PAGE = "/leeg"
SEED = 1
# What people answer, by and large: one in eight is missed.
GRADES = (Grade.AGAIN, Grade.HARD, *[Grade.GOOD] * 5, Grade.EASY)
# Days ago that the cards were first learned.
FIRST_LEARNED = (100, 200)

_PLACE = Place("bench", 1)
_COPY_MEMORIES = Statement(
    "INSERT INTO memory (learner_id, card, stability, difficulty, due_on, last_day, last_at, "
    "last_id, reviews, lapses, decay, returned, remembered) SELECT ?, card, stability, difficulty, "
    "due_on, last_day, last_at, last_id, reviews, lapses, decay, returned, remembered FROM memory "
    "WHERE learner_id = ? ORDER BY last_at"
)
_COPY_REVIEWS = Statement(
    "INSERT INTO review (learner_id, id, card, grade, reviewed_at, day, duration_ms, why_missed) "
    "SELECT ?, id, card, grade, reviewed_at, day, duration_ms, why_missed FROM review "
    "WHERE learner_id = ? ORDER BY reviewed_at"
)


@dataclass(frozen=True, slots=True)
class Scene:
    """A database with learners of a year ago who have 20,000 memories, nearly all of them due."""

    url: str
    learners: tuple[Learner, ...]


def with_generated_cards(course: Course) -> Course:
    """`course` and a chapter more: 20,000 cards, five to a lesson."""
    names = card_ids()
    cards = {name: _card(name) for name in names}
    lessons = tuple(
        _lesson(number, names[start : start + CARDS_IN_LESSON])
        for number, start in enumerate(range(0, CARDS, CARDS_IN_LESSON), start=1)
    )
    chapter = Chapter(CHAPTER, "Gemaakt", "Om mee te meten.", {"1": "Gemaakt"}, lessons)
    return replace(course, chapters=(*course.chapters, chapter), cards={**course.cards, **cards})


def set_scene(url: str, people: int) -> Scene:
    """Fill the empty database at `url`, which stays bound in this process."""
    database.bind(url)
    database.migrate()
    now = datetime.now(UTC)
    cast = tuple(
        learners.add_guest(seed=SEED, now=now - timedelta(days=365), zone_name=ZONE)
        for _ in range(people)
    )
    first, *others = cast
    _review_everything(first, first.day_at(now))
    for other in others:
        with transaction(other.id):
            _COPY_REVIEWS.run(other.id, first.id)
            _COPY_MEMORIES.run(other.id, first.id)
    return Scene(url, cast)


def card_ids() -> list[str]:
    """The generated cards, in order."""
    return [f"kaart-{number}" for number in range(CARDS)]


def sqlite_url(folder: Path) -> str:
    """A database file in `folder`."""
    return f"sqlite:///{folder / 'haven.db'}"


def _review_everything(learner: Learner, today: date) -> None:
    """Three reviews of each card, each some days after it was due, so that memories differ."""
    rng = random.Random(SEED)
    log: list[Review] = []
    memories: list[Memory] = []
    for card in card_ids():
        # So long ago that nearly everything is due.
        day = today - timedelta(days=rng.randint(*FIRST_LEARNED))
        memory = None
        for _ in range(3):
            id_ = UUID(int=rng.getrandbits(128), version=4)
            moment = datetime.combine(day, time(10, rng.randrange(60)), UTC)
            review = Review(id_, card, rng.choice(GRADES), moment, day, 4000)
            memory = remember(memory, review, learner.spacing)
            day = memory.due_on + timedelta(days=rng.randrange(7))
            log.append(review)
        assert memory is not None
        memories.append(memory)
    # In the order of their moments, as they come in life: sorted by card the pages of the index
    # would be full to the brim, and every grade would split some.
    log.sort(key=lambda review: review.reviewed_at)
    rng.shuffle(memories)
    with transaction(learner.id):
        reviews.add_reviews(learner.id, log)
        reviews.save_memories(learner.id, memories)


def _card(name: str) -> Card:
    return Card(
        id=name,
        kind=CardKind.QUESTION,
        concepts=(),
        items=(),
        track=Track.KERN,
        basis=None,
        references=(),
        situation="",
        question=f"Wat doet een band op afstand, in geval {name}?",
        answer=f"Hij blijft *bestaan*, ook in geval {name}.",
        explanation="Omdat het kind een beeld van de ander met zich meedraagt.",
        hint="",
        options=(),
        place=_PLACE,
    )


def _lesson(number: int, cards: list[str]) -> Lesson:
    return Lesson(
        number=number,
        slug=f"les-{number}",
        title=f"Les {number}",
        paragraph="1",
        summary="",
        items=(),
        concepts=(),
        references=(),
        blocks=tuple(EmbeddedCard(card, 1) for card in cards),
        words=0,
        place=_PLACE,
    )
