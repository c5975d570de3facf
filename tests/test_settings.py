"""Nonsense in the environment stops the start and names the variable."""

import os

import pytest

from app.secrets.sealing import new_reflection_keys
from app.settings import BadSettings, Settings

SECRET = "k" * 32


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "acht"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "８０"),
        ("PORT", "9" * 5000),
        ("WEB_WORKERS", "0"),
        ("HAVEN_ENV", "prod"),
        ("SITE_URL", "haven.example.nl"),
        ("SITE_URL", "ftp://haven.example.nl"),
        ("SITE_URL", "https://"),
        ("SITE_URL", "http://[1"),
        ("MAIL_URL", "post@haven.example.nl"),
        ("MAIL_URL", "smtp://[1"),
        ("MAIL_URL", "smtp://localhost:post"),
        ("DATABASE_URL", "mysql://localhost/haven"),
        ("DATABASE_URL", "postgresql://[1/haven"),
        ("COURSE_ROOT", "/there/is/no/such/folder"),
        ("REFLECTION_KEYS", "geheim"),
        ("REFLECTION_KEYS", f"own:{SECRET}"),
    ],
)
def test_a_variable_that_makes_no_sense_stops_the_start_by_its_name(name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=name):
        Settings.from_environment({"SECRET_KEY": SECRET, name: value})


@pytest.mark.parametrize("key", ["", "  ", "short"])
def test_production_needs_a_secret_of_its_own(key: str) -> None:
    with pytest.raises(BadSettings, match="SECRET_KEY"):
        Settings.from_environment({"HAVEN_ENV": "production", "SECRET_KEY": key})


def test_production_needs_keys_for_what_learners_write() -> None:
    given = {"HAVEN_ENV": "production", "SECRET_KEY": SECRET}
    with pytest.raises(BadSettings, match="REFLECTION_KEYS is not set"):
        Settings.from_environment(given)
    keys = new_reflection_keys("2026")
    settings = Settings.from_environment(given | {"REFLECTION_KEYS": keys})
    assert settings.reflection_keys == keys and keys not in repr(settings)


def test_a_process_serves_for_each_cpu_unless_another_number_is_asked_for() -> None:
    usual = Settings.from_environment({"SECRET_KEY": SECRET}).workers
    assert usual == min(os.cpu_count() or 1, 4)
    assert Settings.from_environment({"SECRET_KEY": SECRET, "WEB_WORKERS": "7"}).workers == 7


def test_an_empty_variable_is_the_default() -> None:
    settings = Settings.from_environment({"SECRET_KEY": SECRET, "PORT": " ", "HOST": ""})
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("0.0.0.0", "http://127.0.0.1:8080"),
        ("::1", "http://[::1]:8080"),
        ("10.1.2.3", "http://10.1.2.3:8080"),
    ],
)
def test_the_address_that_is_printed_can_be_visited(host: str, address: str) -> None:
    given = {"SECRET_KEY": SECRET, "HOST": host, "PORT": "8080"}
    assert Settings.from_environment(given).site_url == address


def test_secrets_do_not_show_when_the_settings_are_printed() -> None:
    given = {"SECRET_KEY": SECRET, "MAIL_URL": "smtp://me:geheim@localhost"}
    given["DATABASE_URL"] = "postgresql://me:geheim@localhost/haven"
    shown = repr(Settings.from_environment(given))
    assert SECRET not in shown and "geheim" not in shown
