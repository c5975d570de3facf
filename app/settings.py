"""The environment -> one frozen value. Nonsense stops the start, with the variable's name."""

import contextlib
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from app.secrets.sealing import BadKeys, Keyring, new_reflection_keys

ROOT = Path(__file__).parents[1]

# Server processes that nobody asked for: each holds the course in memory, and connections.
_MOST_WORKERS = 4


class BadSettings(ValueError):
    """A variable is missing or makes no sense; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between installs."""

    database_url: str = field(default="sqlite:///var/haven.db", repr=False)
    secret_key: str = field(default="", repr=False)
    reflection_keys: str = field(default="", repr=False)
    site_url: str = "http://127.0.0.1:8000"
    mail_url: str = field(default="folder:var/mail", repr=False)
    mail_from: str = "Haven <haven@localhost>"
    mail_hook_key: str = field(default="", repr=False)
    dkim_key: Path | None = None
    dkim_selector: str = "haven"
    environment: str = "development"
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    proxies: int = 0
    has_worker: bool = True
    course_root: Path = ROOT

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read every variable. Raises BadSettings."""
        given = {name: value.strip() for name, value in environ.items() if value.strip()}
        environment = _one_of(given, "HAVEN_ENV", ("development", "production"))
        host = given.get("HOST", "127.0.0.1")
        port = _number(given, "PORT", 8000, 1, 65_535)
        site_url = given.get("SITE_URL", f"http://{_visitable(host)}:{port}").rstrip("/")
        site = _address("SITE_URL", site_url)
        if site.scheme not in ("http", "https") or not site.hostname:
            raise BadSettings(f"SITE_URL is {site_url!r}; it looks like https://haven.example.nl")
        mail_url = given.get("MAIL_URL", "folder:var/mail")
        _require_outbox(_address("MAIL_URL", mail_url))
        database_url = given.get("DATABASE_URL", "sqlite:///var/haven.db")
        if _address("DATABASE_URL", database_url).scheme not in (
            "sqlite",
            "postgresql",
            "postgres",
        ):
            raise BadSettings("DATABASE_URL begins with sqlite:/// or postgresql://")
        return cls(
            database_url=database_url,
            secret_key=_secret(given, environment),
            reflection_keys=_reflection_keys(given, environment),
            site_url=site_url,
            mail_url=mail_url,
            mail_from=_sender(given, site.hostname),
            mail_hook_key=_long_enough(given, "MAIL_HOOK_KEY"),
            dkim_key=_file(given, "DKIM_KEY"),
            dkim_selector=_dns_name(given, "DKIM_SELECTOR", "haven"),
            environment=environment,
            host=host,
            port=port,
            workers=_number(given, "WEB_WORKERS", usual_workers(), 1, 64),
            proxies=_number(given, "TRUSTED_PROXIES", 0, 0, 9),
            has_worker=_one_of(given, "HAVEN_WORKER", ("on", "off")) == "on",
            course_root=_folder(given, "COURSE_ROOT", ROOT),
        )


def usual_workers() -> int:
    """How many processes serve where nobody said: one for each CPU, because Python uses no more."""
    return min(os.cpu_count() or 1, _MOST_WORKERS)


def _require_outbox(parts: SplitResult) -> None:
    if parts.scheme not in ("folder", "smtp", "smtps"):
        raise BadSettings("MAIL_URL begins with folder:, smtp:// or smtps://")
    is_whole = parts.path if parts.scheme == "folder" else parts.hostname and parts.port != 0
    if not is_whole:
        raise BadSettings("MAIL_URL looks like folder:var/mail or smtp://user:password@host:587")


def _sender(given: Mapping[str, str], host: str) -> str:
    named = "localhost" if ":" in host else host  # an IPv6 address names no sender
    sender = given.get("MAIL_FROM", f"Haven <haven@{named}>")
    if not sender.isprintable() or "=?" in sender or "@" not in parseaddr(sender)[1]:
        raise BadSettings("MAIL_FROM looks like Haven <haven@example.nl>")
    return sender


def _secret(given: Mapping[str, str], environment: str) -> str:
    key = given.get("SECRET_KEY", "")
    if environment == "production":
        if not key:
            raise BadSettings("SECRET_KEY is not set; production needs one")
        if len(key) < 32:
            raise BadSettings("SECRET_KEY is shorter than 32 characters")
        return key
    return key or _kept_secret(ROOT / "var" / "secret_key", secrets.token_urlsafe(48))


def _reflection_keys(given: Mapping[str, str], environment: str) -> str:
    keys = given.get("REFLECTION_KEYS", "")
    if not keys and environment == "production":
        raise BadSettings("REFLECTION_KEYS is not set; production needs one")
    keys = keys or _kept_secret(ROOT / "var" / "reflection_keys", new_reflection_keys("own"))
    try:
        Keyring.of_text(keys)
    except BadKeys as error:
        raise BadSettings(f"REFLECTION_KEYS cannot be read: {error}") from error
    return keys


def _long_enough(given: Mapping[str, str], name: str) -> str:
    key = given.get(name, "")
    if key and len(key) < 32:
        raise BadSettings(f"{name} is shorter than 32 characters")
    return key


def _kept_secret(path: Path, fresh: str) -> str:
    """A secret of this checkout, so that a restart keeps everybody signed in; `fresh` is the first.

    What it opens is lost with it: the file is written whole, and by one of two that start together.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        part = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        part.touch(mode=0o600)
        part.write_text(fresh, encoding="ascii")
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(part)
        part.unlink()
    return path.read_text(encoding="ascii").strip()


def _visitable(host: str) -> str:
    if host in ("0.0.0.0", "::"):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _address(name: str, value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018  it is only read, and judged, when it is asked for
    except ValueError as error:
        # The value may hold a password, so it is not repeated.
        raise BadSettings(f"{name} cannot be read as an address") from error
    return parts


def _folder(given: Mapping[str, str], name: str, default: Path) -> Path:
    folder = Path(given.get(name, default))
    if not folder.is_dir():
        raise BadSettings(f"{name} is {str(folder)!r}; there is no such folder")
    return folder


def _file(given: Mapping[str, str], name: str) -> Path | None:
    if name not in given:
        return None
    file = Path(given[name])
    if not file.is_file():
        raise BadSettings(f"{name} is {str(file)!r}; there is no such file")
    return file


def _dns_name(given: Mapping[str, str], name: str, default: str) -> str:
    value = given.get(name, default)
    if not (value.isascii() and all(part.isalnum() for part in re.split("[.-]", value))):
        raise BadSettings(f"{name} is {value!r}; it is the name of a DNS record, such as haven")
    return value


def _one_of(given: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = given.get(name, choices[0])
    if value not in choices:
        raise BadSettings(f"{name} is {value!r}; it can be {' or '.join(choices)}")
    return value


def _number(given: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    value = given.get(name, str(default))
    # Python reads no number of more than 4300 digits.
    if not (
        value.isascii() and value.isdecimal() and len(value) < 20 and low <= int(value) <= high
    ):
        raise BadSettings(f"{name} is {value[:40]!r}; it is a number from {low} to {high}")
    return int(value)
