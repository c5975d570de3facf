"""What is known of a learner on the day of a mail: cards, prompt, and whether anybody answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.learning.course import Course, ReflectivePrompt
from app.learning.daily_mail import MailFacts, cards_are_worth_it, is_farewell, is_resting
from app.learning.mail_wishes import Contents, Due, MailWishes, Rhythm
from app.learning.moments import Reason
from app.learning.people import Learner
from app.learning.progress import week_ahead
from app.learning.queue import TodayPlan, plan_today
from app.learning.scheduling import Memory
from app.storage import cohorts, daily_mails, reviews, sessions
from app.usecases.plan_session import Outlook, outlook_on
from app.usecases.prompt_of_day import prompt_of_day


@dataclass(frozen=True, slots=True)
class MailDay:
    """The facts a decision rests on, and what the mail would hold."""

    facts: MailFacts
    plan: TodayPlan | None
    prompt: ReflectivePrompt | None


def mail_facts(
    course: Course,
    learner: Learner,
    wishes: MailWishes,
    due: Due,
    now: datetime,
    *,
    is_again: bool = False,
) -> MailDay:
    """Everything about the mail of `due`. Call it in the transaction that claims the day.

    The prompt is fixed for the page too. `is_again`: this mail was tried before today, so that its
    prompt was not shown on the page but chosen by us.
    """
    unanswered, last_on = daily_mails.silence_before(
        learner.id, due.day, last_heard_of(learner, wishes, due.day)
    )
    is_on_break = cohorts.break_until(learner.id, due.day) is not None
    prompt, was_shown = None, False
    # A prompt that is asked for is that of the page too, so only for a mail that will go.
    is_quiet = (
        is_on_break
        or is_resting(wishes, unanswered, last_on, due.day)
        or is_farewell(wishes, unanswered)
    )
    if wishes.contents is not Contents.CARDS and not is_quiet:
        choice = prompt_of_day(
            course,
            learner,
            learner.day_at(now),
            now,
            is_get=False,
            is_asked_for=wishes.rhythm is Rhythm.WEEKLY,
        )
        # Pages write the prompt of a day only when it was ended: then it needs no mail.
        was_shown = choice.reason is Reason.SHOWN_BEFORE and not is_again
        prompt = None if was_shown else choice.prompt
    plan, worth = None, False
    if wishes.contents is not Contents.PROMPT and not is_quiet:
        plan, worth = _cards(course, learner, now, is_reason_enough=prompt is not None)
    cards = plan.cards if plan else 0
    facts = MailFacts(
        cards=cards,
        are_worth_it=worth,
        has_prompt=prompt is not None,
        is_done=was_shown and not cards,
        unanswered=unanswered,
        last_on=last_on,
        is_on_break=is_on_break,
    )
    return MailDay(facts, plan, prompt)


def last_heard_of(learner: Learner, wishes: MailWishes, today: date) -> date:
    """The last day on which the learner did something here: a grade, any other post, these wishes."""
    days = [
        learner.day_at(wishes.changed_at),
        learner.day_at(sessions.last_seen(learner.id) or learner.joined_at),
        reviews.last_day_before(learner.id, today + timedelta(days=1)),
    ]
    return max(day for day in days if day is not None)


def _cards(
    course: Course, learner: Learner, now: datetime, *, is_reason_enough: bool
) -> tuple[TodayPlan, bool]:
    """Today's plan as /vandaag shows it, and whether it is worth a mail, by itself or because there
    is a reason for one already."""
    today = learner.day_at(now)
    outlook = outlook_on(course, learner, today)
    plan = plan_today(outlook.standing, today, outlook.seconds_per_card, learner.rhythm)
    if is_reason_enough or not plan.cards:
        return plan, is_reason_enough
    coming = _coming(learner, outlook, today)
    return plan, cards_are_worth_it(plan, _due(learner, outlook, today), coming, today)


# Both are worked out once somebody asks.


def _coming(learner: Learner, outlook: Outlook, today: date) -> Iterator[int]:
    """How many cards each of the coming days brings."""
    seconds = outlook.seconds_per_card
    for day in week_ahead(outlook.standing, outlook.cards, today, seconds, learner.rhythm)[1:]:
        yield day.cards


def _due(learner: Learner, outlook: Outlook, today: date) -> Iterator[Memory]:
    """What is remembered of the cards that are due."""
    due = [each.card for each in outlook.cards if each.due_on <= today]
    yield from reviews.memories_of_cards(learner.id, due).values()
