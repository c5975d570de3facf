"""The map of the course, for its authors: what each lesson teaches, and which cards ask it."""

from collections.abc import Iterator

from app.content.columns import aligned
from app.learning.course import Course


def course_map(course: Course) -> Iterator[str]:
    """A table, line by line; at its end what no lesson teaches yet."""
    cards = _cards_by_item(course)
    head, *lines = aligned(
        [
            ("  leerstof", "term", "prioriteit", "kaarten", ""),
            *(
                (
                    f"  {item.id}",
                    item.term,
                    str(item.priority),
                    f"{len(cards[item.id])} van {item.cards}",
                    ", ".join(cards[item.id]),
                )
                for item in course.items.values()
            ),
        ]
    )
    left = dict(zip(course.items, lines, strict=True))
    yield head
    for chapter, lesson in course.lessons.values():
        yield f"{lesson.paragraph}  {chapter.slug}/{lesson.number:02d}-{lesson.slug}"
        yield from (left.pop(item) for item in lesson.items if item in left)
    if left:
        yield "in geen enkele les"
        yield from left.values()


def _cards_by_item(course: Course) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {item: [] for item in course.items}
    for card in course.cards.values():
        for item in card.items:
            if item in found:
                found[item].append(card.id)
    return found
