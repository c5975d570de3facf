"""What comes over the wire, in forms and in JSON, read with care: None for what makes no sense."""

import re
from collections.abc import Mapping
from datetime import MAXYEAR, MINYEAR, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.learning.days import day_of
from app.learning.queue import LARGEST_SITTING, UNDO_DEPTH, Sitting
from app.learning.reviews import LONGEST_DURATION_MS, Grade, Review, WhyMissed

_UUID = re.compile(
    r"[0-9a-fA-F]{8}(-?)[0-9a-fA-F]{4}\1[0-9a-fA-F]{4}\1[0-9a-fA-F]{4}\1[0-9a-fA-F]{12}"
)


def parse_review(given: object, zone: ZoneInfo) -> Review | None:
    """The event that came over the wire, or None where it makes no sense.

    `zone` is that of the learner: it says on which day the review was.
    """
    if not isinstance(given, dict):
        return None
    review_id = parse_uuid(given.get("id"))
    card = given.get("card")
    grade = Grade.of_word(given.get("grade"))
    reviewed_at = _moment(given.get("reviewed_at"))
    duration_ms = given.get("duration_ms")
    why = given.get("why_missed")
    if review_id is None or not isinstance(card, str) or grade is None or reviewed_at is None:
        return None
    if not isinstance(duration_ms, int) or isinstance(duration_ms, bool):
        return None
    if not 0 <= duration_ms <= LONGEST_DURATION_MS:
        return None
    # A form sends an empty text for no reason at all.
    if why is not None and why not in ("", *(reason.value for reason in WhyMissed)):
        return None
    return Review(
        id=review_id,
        card=card,
        grade=grade,
        reviewed_at=reviewed_at,
        day=day_of(reviewed_at, zone),
        duration_ms=duration_ms,
        why_missed=WhyMissed(why) if why else None,
    )


def parse_form(form: Mapping[str, str], zone: ZoneInfo, now: datetime) -> Review | None:
    """The event in a form; without a script it does not say when, and that is now."""
    why = form.get("why_missed") if form.get("grade") == Grade.AGAIN.word else None
    moment = form.get("reviewed_at") or now.isoformat()
    duration = parse_number(form.get("duration_ms"), 0)
    return parse_review(
        {**form, "duration_ms": duration, "reviewed_at": moment, "why_missed": why}, zone
    )


def parse_sitting(
    fields: Mapping[str, str], left: str, skipped: str, given: str, undone: str = "undone"
) -> Sitting:
    """The sitting in a form or an address; the other arguments are the names of its fields."""
    return Sitting(
        left=min(parse_number(fields.get(left), 0), LARGEST_SITTING),
        skipped=tuple(filter(None, fields.get(skipped, "").split(",")[:LARGEST_SITTING])),
        given=_uuids(fields.get(given, "")),
        undone=_uuids(fields.get(undone, "")),
    )


def _uuids(text: str) -> tuple[UUID, ...]:
    if not text:
        return ()
    found = (parse_uuid(part) for part in text.split(",")[-UNDO_DEPTH:])
    return tuple(each for each in found if each)


def parse_number(text: str | None, default: int) -> int:
    """A whole number from 0 of at most nine digits, or `default`."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else default


def parse_uuid(value: object) -> UUID | None:
    """Only the usual form: UUID() itself reads braces, spaces and underscores too."""
    return UUID(value) if isinstance(value, str) and _UUID.fullmatch(value) else None


def _moment(value: object) -> datetime | None:
    """An ISO 8601 moment with its offset; None for anything else, also without a zone."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    # In its first and last year a moment can fall outside the calendar in another zone.
    if moment is None or moment.tzinfo is None or not MINYEAR < moment.year < MAXYEAR:
        return None
    return moment
