"""From a folder of templates to a mail on its way."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.mail.message import build_message
from app.mail.outbox import Outbox

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@dataclass(frozen=True, slots=True)
class Mailer:
    """What every mail needs: where it goes out, who it is from, and the address of the site."""

    outbox: Outbox
    sender: str
    site_url: str

    def send(self, name: str, to: str, now: datetime, **values: object) -> None:
        """Send the mail of the templates in the folder `name`. Raises MailFailed."""
        subject, text, html = (
            _TEMPLATES.get_template(f"{name}/{part}").render(site_url=self.site_url, **values)
            for part in ("subject.txt", "body.txt", "body.html")
        )
        self.outbox.send(
            build_message(
                sender=self.sender, to=to, subject=subject.strip(), text=text, html=html, now=now
            )
        )
