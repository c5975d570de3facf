"""The mails of the timetable: of the day, of the week, and the one that says we stop for now."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from app.learning.course import ReflectivePrompt
from app.learning.daily_mail import MailKind
from app.learning.mail_wishes import MailWishes
from app.learning.queue import TodayPlan
from app.mail.mailer import Mailer
from app.mail.message import Mail, Subscription


@dataclass(frozen=True, slots=True)
class DailyContents:
    """What stands in one mail: to whom, the token of its links, cards and prompt where there are."""

    to: str
    token: str
    message_id: str
    kind: MailKind
    plan: TodayPlan | None
    prompt: ReflectivePrompt | None


def build_daily_mail(mailer: Mailer, contents: DailyContents, now: datetime) -> Mail:
    """The mail of one day. Raises BadMessage."""
    name = "farewell" if contents.kind is MailKind.FAREWELL else "daily"
    return mailer.build(
        name,
        contents.to,
        now,
        message_id=contents.message_id,
        subscription=_subscription(mailer, contents.token),
        is_weekly=contents.kind is MailKind.WEEKLY,
        plan=contents.plan,
        prompt=contents.prompt,
        link=_link(mailer, contents.token),
    )


def send_mail_is_on(mailer: Mailer, to: str, token: str, wishes: MailWishes, now: datetime) -> None:
    """Confirms that mail was asked for, and what. Raises MailFailed."""
    mailer.send(
        "mail_is_on",
        to,
        now,
        wishes=wishes,
        link=_link(mailer, token),
        subscription=_subscription(mailer, token),
    )


def _subscription(mailer: Mailer, token: str) -> Subscription:
    host = urlsplit(mailer.site_url).hostname or "localhost"
    return Subscription(f"dagelijks.{host.replace(':', '.')}", _link(mailer, token))


def _link(mailer: Mailer, token: str) -> str:
    """The page behind the links of the mail, which also takes the POST that ends them."""
    return f"{mailer.site_url}/mail/{token}"
