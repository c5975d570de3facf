"""The mails in the name of an instructor: to join a cohort, and a message to who did."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from app.mail.mailer import Mailer
from app.mail.message import Mail, Subscription


@dataclass(frozen=True, slots=True)
class InvitationContents:
    """What stands in an invitation: to whom, of whom, for which cohort, and the token of its link."""

    to: str
    message_id: str
    name: str
    sender: str
    cohort: str
    institution: str
    token: str


@dataclass(frozen=True, slots=True)
class MessageContents:
    """What stands in a message: `about` is the label of whom it was written for, `reply_to` where an
    answer goes (nowhere if empty), `token` that of the link that ends them."""

    to: str
    message_id: str
    sender: str
    cohort: str
    about: str
    reply_to: str
    text: str
    token: str


def build_invitation(mailer: Mailer, contents: InvitationContents, now: datetime) -> Mail:
    """Asks somebody to join; nothing happens until they do. Raises BadMessage."""
    link = f"{mailer.site_url}/uitnodiging/{contents.token}"
    return mailer.build(
        "cohort_invitation",
        contents.to,
        now,
        message_id=contents.message_id,
        subscription=Subscription(_list_id(mailer, "uitnodiging"), f"{link}/nee"),
        contents=contents,
        link=link,
    )


def build_message_of_instructor(mailer: Mailer, contents: MessageContents, now: datetime) -> Mail:
    """What an instructor wrote, with the reason and the way out. Raises BadMessage."""
    link = f"{mailer.site_url}/berichten/{contents.token}"
    return mailer.build(
        "cohort_message",
        contents.to,
        now,
        message_id=contents.message_id,
        subscription=Subscription(_list_id(mailer, "docent"), link),
        reply_to=contents.reply_to,
        contents=contents,
        link=link,
    )


def _list_id(mailer: Mailer, name: str) -> str:
    host = urlsplit(mailer.site_url).hostname or "localhost"
    return f"{name}.{host.replace(':', '.')}"
