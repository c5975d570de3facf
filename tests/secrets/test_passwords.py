"""Passwords: long enough, not guessable, no other rules."""

import unicodedata

import pytest
from argon2 import PasswordHasher

from app.secrets.passwords import (
    LONGEST,
    PasswordFlaw,
    hash_of,
    is_outdated,
    is_password,
    password_flaw,
)

SENTENCE = "mijn kat slaapt op de fiets"


@pytest.mark.parametrize(
    "password",
    [
        SENTENCE,
        "zeventien blauwe olifanten",
        "een geheim wachtwoord van klei en kaneel",
        "ééntje über naïve façade",
        "🦆🦆 eenden in de vijver 🦆",
        "x7Qp" * 3 + "vlinderkast" + "z" * 100 + "tulp",
    ],
)
def test_a_sentence_is_a_password(password: str) -> None:
    assert password_flaw(password, ["anna@voorbeeld.nl"]) is None


@pytest.mark.parametrize(
    ("password", "flaw"),
    [
        ("", PasswordFlaw.TOO_SHORT),
        ("kort maar Kr@4!", None),
        ("kort maar Kr@4", PasswordFlaw.TOO_SHORT),
        ("e\u0301" * 14, PasswordFlaw.TOO_SHORT),
        ("tulp en klei " * 20, PasswordFlaw.TOO_LONG),
        ("wachtwoord12345", PasswordFlaw.GUESSABLE),
        ("geheimwachtwoord", PasswordFlaw.GUESSABLE),
        ("psychologie2026", PasswordFlaw.GUESSABLE),
        ("Welkom12345678!", PasswordFlaw.GUESSABLE),
        ("vonkvonkvonkvonk", PasswordFlaw.GUESSABLE),
        ("qwertyuiopasdfgh", PasswordFlaw.GUESSABLE),
        ("annadevries1989", PasswordFlaw.GUESSABLE),
        ("objectconstantie1", PasswordFlaw.GUESSABLE),
    ],
)
def test_what_a_guesser_tries_first_is_no_password(
    password: str, flaw: PasswordFlaw | None
) -> None:
    assert password_flaw(password, ["anna.devries1989@voorbeeld.nl", "Objectconstantie"]) is flaw


def test_every_length_up_to_the_longest_is_judged() -> None:
    words = "tulp klei vork maan brug zeef mos "
    assert password_flaw((words * 8)[:LONGEST]) is None


def test_an_accent_may_be_typed_as_one_character_or_as_two() -> None:
    composed = "één café naïef über"
    assert is_password(unicodedata.normalize("NFD", composed), hash_of(composed))


def test_a_password_is_recognised_and_another_is_not() -> None:
    kept = hash_of(SENTENCE)
    assert kept.startswith("$argon2id$")
    assert is_password(SENTENCE, kept)
    assert not is_password(f"{SENTENCE} ", kept)
    assert not is_password("x" * 900_000, kept)


def test_nobody_signs_in_without_a_password_to_compare_with() -> None:
    assert not is_password("what nobody's password is compared with", None)
    assert not is_password(SENTENCE, "not a hash at all")


def test_a_hash_made_with_other_settings_is_outdated() -> None:
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(SENTENCE))
    assert not is_outdated(hash_of(SENTENCE))
