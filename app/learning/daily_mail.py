"""Whether somebody gets a mail on a day, and why: when it is worth it, and less when nobody answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from app.learning.mail_wishes import Contents, Due, MailWishes, Rhythm
from app.learning.queue import CATCH_UP_CARDS, TodayPlan
from app.learning.scheduling import Memory, retrievability

# A mail that could not go out on its moment is worth something for half a day.
GRACE = timedelta(hours=12)
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(minutes=30)

# Days to the next mail after so many that nobody answered; after the last of them goes the mail that
# says we stop. Those for cards alone are Orbit's (research/product.md 2.1), the others those of 5.2.
_DAILY_GAPS = (1, 1, 1, 1, 2, 2, 2, 7, 7, 7)
_CARDS_GAPS = (2, 2, 5, 10, 20, 30, 30)
_WEEKLY_GAPS = (7, 7, 7, 7, 7, 7)

# Cards alone are worth a mail when this many would be forgotten if they waited a week longer.
FORGOTTEN_IN_A_WEEK = 2.0
WAITING = timedelta(days=7)

SOFT_BOUNCES = 5
SOFT_BOUNCES_WITHIN = timedelta(days=7)


class MailKind(Enum):
    """The mails of the timetable."""

    DAILY = "daily"
    WEEKLY = "weekly"
    FAREWELL = "farewell"


class MailState(Enum):
    """How far the mail of one day is.

    `in_doubt` is from just before its text is handed over until the server answers; it stays where
    nobody heard the answer, because then only the mail server knows whether it went out.
    """

    CLAIMED = "claimed"
    WAITING = "waiting"
    IN_DOUBT = "in_doubt"
    SENT = "sent"
    MISSED = "missed"
    DEAD = "dead"


class Returned(Enum):
    """What came back for a mail that was sent."""

    SOFT = "soft_bounce"
    HARD = "hard_bounce"
    COMPLAINT = "complaint"


class MailReason(Enum):
    """Why there is a mail, or none."""

    PROMPT_AND_CARDS = "prompt_and_cards"
    PROMPT = "prompt"
    CARDS = "cards"
    SILENCE = "silence"
    BACKING_OFF = "backing_off"
    NOTHING_TODAY = "nothing_today"
    DONE_TODAY = "done_today"
    NOT_WORTH_IT = "not_worth_it"
    TOO_LATE = "too_late"
    NO_ADDRESS = "no_address"
    ON_BREAK = "on_break"
    IN_DOUBT = "in_doubt"


@dataclass(frozen=True, slots=True)
class MailFacts:
    """What a decision rests on.

    `cards` are those that today asks, `are_worth_it` whether they alone are worth a mail,
    `has_prompt` whether there is a prompt today, `is_done` whether everything today asks was done;
    `unanswered` counts the mails since the learner last did something, `last_on` is the day of the
    last mail; `is_on_break` whether all the learner's cohorts have a break.
    """

    cards: int
    are_worth_it: bool
    has_prompt: bool
    is_done: bool
    unanswered: int
    last_on: date | None
    is_on_break: bool = False


@dataclass(frozen=True, slots=True)
class MailDecision:
    """What happens on a day: a mail of `kind`, or none, with the reason."""

    day: date
    reason: MailReason
    kind: MailKind | None = None


def decide_mail(wishes: MailWishes, facts: MailFacts, due: Due, now: datetime) -> MailDecision:
    """Whether the mail of the day of `due` goes out now."""
    if now - due.at >= GRACE:
        return MailDecision(due.day, MailReason.TOO_LATE)
    if facts.is_on_break:
        return MailDecision(due.day, MailReason.ON_BREAK)
    if is_resting(wishes, facts.unanswered, facts.last_on, due.day):
        return MailDecision(due.day, MailReason.BACKING_OFF)
    if is_farewell(wishes, facts.unanswered):
        return MailDecision(due.day, MailReason.SILENCE, MailKind.FAREWELL)
    reason = _worth(wishes, facts)
    is_worth_it = reason in (MailReason.PROMPT_AND_CARDS, MailReason.PROMPT, MailReason.CARDS)
    kind = MailKind.WEEKLY if wishes.rhythm is Rhythm.WEEKLY else MailKind.DAILY
    return MailDecision(due.day, reason, kind if is_worth_it else None)


def is_resting(wishes: MailWishes, unanswered: int, last_on: date | None, day: date) -> bool:
    """Whether `day` lies too soon after the last mail for somebody who did not answer so many."""
    return last_on is not None and day < last_on + days_of_rest(wishes, unanswered)


def is_farewell(wishes: MailWishes, unanswered: int) -> bool:
    """Whether so many were not answered that the next mail says we stop."""
    return unanswered >= len(gaps_of(wishes))


def gaps_of(wishes: MailWishes) -> tuple[int, ...]:
    """The n-th is the least number of days to the next mail after n that nobody answered."""
    if wishes.rhythm is Rhythm.WEEKLY:
        return _WEEKLY_GAPS
    return _CARDS_GAPS if wishes.contents is Contents.CARDS else _DAILY_GAPS


def days_of_rest(wishes: MailWishes, unanswered: int) -> timedelta:
    """How long after the last mail the next may come, when so many were not answered."""
    gaps = gaps_of(wishes)
    return timedelta(days=gaps[min(unanswered, len(gaps)) - 1] if unanswered else 1)


def retry_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, half an hour at most."""
    return min(FIRST_RETRY * (1 << min(attempts, 10)), LONGEST_RETRY)


def cards_are_worth_it(
    plan: TodayPlan, due: Iterable[Memory], coming: Iterable[int], today: date
) -> bool:
    """Whether today's cards alone are worth a mail; the rule is Orbit's.

    A full sitting; or cards of which about two would be forgotten by waiting a week; or no day of
    the coming week brings as many (`coming` is what each brings). What comes last is read only where
    the rest does not decide.
    """
    if not plan.cards:
        return False
    if plan.cards >= CATCH_UP_CARDS or all(cards <= plan.cards for cards in coming):
        return True
    lost = sum(retrievability(each, today) - retrievability(each, today + WAITING) for each in due)
    return lost >= FORGOTTEN_IN_A_WEEK


def _worth(wishes: MailWishes, facts: MailFacts) -> MailReason:
    has_prompt = facts.has_prompt and wishes.contents is not Contents.CARDS
    has_cards = facts.cards > 0 and wishes.contents is not Contents.PROMPT
    if has_prompt:
        return MailReason.PROMPT_AND_CARDS if has_cards else MailReason.PROMPT
    if facts.is_done:
        return MailReason.DONE_TODAY
    if not has_cards:
        return MailReason.NOTHING_TODAY
    is_weekly = wishes.rhythm is Rhythm.WEEKLY
    return MailReason.CARDS if facts.are_worth_it or is_weekly else MailReason.NOT_WORTH_IT
