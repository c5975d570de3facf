"""From a folder of templates to a mail on its way."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.learning.help_lines import HelpLines
from app.mail.message import Mail, Subscription, build_message
from app.mail.outbox import Outbox, outbox_at
from app.mail.signing import Signer, signer_of

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@lru_cache(maxsize=16)
def _foot(kind: str, site_url: str, help_lines: HelpLines | None) -> str:
    """What stands under every mail, made once: it was half of all the pieces a mail is made of."""
    template = _TEMPLATES.get_template(f"foot.{kind}")
    return template.render(site_url=site_url, help_lines=help_lines)


_TEMPLATES.globals["foot"] = _foot


@dataclass(frozen=True, slots=True)
class Mailer:
    """What every mail needs: where it goes out, who it is from, the address of the site, the numbers
    of people who help, and what signs it (None: the mail server does, or nobody)."""

    outbox: Outbox
    sender: str
    site_url: str
    help_lines: HelpLines | None = None
    signer: Signer | None = None

    def send(self, name: str, to: str, now: datetime, **values: Any) -> None:
        """Send the mail of the templates in the folder `name`. Raises MailFailed."""
        self.outbox.send(self.build(name, to, now, **values))

    def build(
        self,
        name: str,
        to: str,
        now: datetime,
        *,
        message_id: str = "",
        subscription: Subscription | None = None,
        reply_to: str = "",
        **values: Any,
    ) -> Mail:
        """The mail of the templates in the folder `name`. Raises BadMessage."""
        given = {"site_url": self.site_url, "help_lines": self.help_lines, **values}
        subject, text, html = (
            _TEMPLATES.get_template(f"{name}/{part}").render(given)
            for part in ("subject.txt", "body.txt", "body.html")
        )
        mail = build_message(
            sender=self.sender,
            to=to,
            subject=subject.strip(),
            text=text,
            html=html,
            now=now,
            message_id=message_id,
            subscription=subscription,
            reply_to=reply_to,
        )
        return mail if self.signer is None else self.signer.signed(mail)


def mailer_at(
    url: str,
    sender: str,
    site_url: str,
    help_lines: HelpLines,
    dkim_key: Path | None = None,
    dkim_selector: str = "",
) -> Mailer:
    """The mailer of an install; `url` is that of its outbox. Raises BadKey."""
    domain = parseaddr(sender)[1].rpartition("@")[2]
    signer = signer_of(dkim_key, dkim_selector, domain) if dkim_key else None
    return Mailer(outbox_at(url), sender, site_url, help_lines, signer)
