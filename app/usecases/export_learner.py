"""A learner takes along everything that is theirs."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from app.learning.exports import Export
from app.learning.own_cards import CardChange, OpenedWords, OwnCard, PlainChange, Words
from app.learning.people import Learner
from app.learning.reflections import Reflection
from app.storage import cohort_members, lessons, own_cards, reports, reviews
from app.storage.database import snapshot


@contextmanager
def export_learner(
    learner: Learner,
    now: datetime,
    reflections: Sequence[Reflection] | None = None,
    words: OpenedWords | None = None,
) -> Iterator[Export]:
    """What the learner has, all of one moment; it can be read until the block ends.

    `reflections` and `words` come from the learner's own request, and from nowhere else. Own words
    that are not among them stay behind.
    """
    with snapshot():
        own = own_cards.own_cards_of(learner.id)
        changes = sorted(
            own_cards.all_changes(learner.id),
            key=lambda change: (change.card, change.changed_at, change.id.int),
        )
        yield Export(
            learner=learner,
            made_at=now,
            opened=lessons.openings_of(learner.id),
            memories=reviews.memories_of(learner.id),
            memberships=cohort_members.memberships_of(learner.id),
            log=lambda: reviews.log_of(learner.id),
            own=own,
            changes=list(_plain(changes, words or {})),
            reports=sorted(
                reports.reports_of(learner.id),
                key=lambda report: (report.card, report.reported_at, report.id.int),
            ),
            words=None if words is None else _by_card(own, words),
            reflections=reflections,
        )


def _plain(changes: Sequence[CardChange], words: OpenedWords) -> Iterator[PlainChange]:
    """The changes with their words open. One whose words are not comes not at all: without them it
    would say that they were taken away."""
    for change in changes:
        if change.words is None:
            yield PlainChange(change)
        elif opened := words.get((change.card, change.words)):
            yield PlainChange(replace(change, words=None), opened)


def _by_card(own: Mapping[str, OwnCard], words: OpenedWords) -> dict[str, Words]:
    return {
        card: opened
        for card, made in own.items()
        if made.words and (opened := words.get((card, made.words)))
    }
