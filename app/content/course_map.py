"""The map of the course, for its authors: what each lesson teaches, and which cards ask it."""

from collections.abc import Iterator, Sequence

from app.learning.course import Course


def course_map(course: Course) -> Iterator[str]:
    """A table, line by line; at its end what no lesson teaches yet."""
    cards = _cards_by_item(course)
    rows = {
        item.id: (
            item.id,
            item.term,
            str(item.priority),
            f"{len(cards[item.id])} van {item.cards}",
            ", ".join(cards[item.id]),
        )
        for item in course.items.values()
    }
    head = ("leerstof", "term", "prioriteit", "kaarten", "")
    widths = [max(map(len, column)) for column in zip(head, *rows.values(), strict=True)]
    yield _line(head, widths)
    for chapter, lesson in course.lessons.values():
        yield f"{lesson.paragraph}  {chapter.slug}/{lesson.number:02d}-{lesson.slug}"
        yield from (_line(rows.pop(item), widths) for item in lesson.items if item in rows)
    if rows:
        yield "in geen enkele les"
        yield from (_line(row, widths) for row in rows.values())


def _cards_by_item(course: Course) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {item: [] for item in course.items}
    for card in course.cards.values():
        for item in card.items:
            if item in found:
                found[item].append(card.id)
    return found


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (f"{cell:{width}}" for cell, width in zip(cells, widths, strict=True))
    return f"  {'  '.join(padded)}".rstrip()
