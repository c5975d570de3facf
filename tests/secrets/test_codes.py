"""Codes are worth something in one browser only."""

import pytest

from app.secrets.codes import code_hash_of, is_code, new_code, new_secret


def test_a_code_is_eight_digits() -> None:
    codes = {new_code() for _ in range(200)}
    assert all(len(code) == 8 and code.isascii() and code.isdecimal() for code in codes)
    assert len(codes) > 190


@pytest.mark.parametrize("typed", ["12345678", "1234 5678", " 1234-5678\n", "12\u00a034\u00a05678"])
def test_a_code_may_be_typed_or_pasted_with_spaces(typed: str) -> None:
    secret = new_secret()
    assert is_code(typed, code_hash_of("12345678", secret), secret)


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "87654321", "１２３４５６７８"])
def test_anything_else_is_not_the_code(typed: str) -> None:
    secret = new_secret()
    assert not is_code(typed, code_hash_of("12345678", secret), secret)


def test_the_code_of_one_browser_is_nothing_to_another() -> None:
    kept = code_hash_of("12345678", new_secret())
    assert not is_code("12345678", kept, new_secret())
