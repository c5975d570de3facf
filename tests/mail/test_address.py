"""One person, one address, however it is typed."""

import pytest

from app.mail.address import normal_address


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Anna@Voorbeeld.NL ", "anna@voorbeeld.nl"),
        ("anna+haven@voorbeeld.nl", "anna+haven@voorbeeld.nl"),
        ("demo@haven.test", "demo@haven.test"),
        ("anna@bücher.example", "anna@xn--bcher-kva.example"),
        ("ANNA@XN--BCHER-KVA.example", "anna@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert normal_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "anna",
        "anna@localhost",
        "anna@@voorbeeld.nl",
        "an na@voorbeeld.nl",
        "Anna <anna@voorbeeld.nl>",
        "anna@voorbeeld.nl,bram@voorbeeld.nl",
        "anna@voorbeeld.nl\r\nBcc: bram@voorbeeld.nl",
        "anna@voorbeeld.nl\0",
        "=?utf-8?q?x=0ABcc:bram?=@voorbeeld.nl",
        "änna@voorbeeld.nl",
        "a" * 65 + "@voorbeeld.nl",
        "anna@" + "a." * 130 + "nl",
        "anna@[127.0.0.1]",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    assert normal_address(typed) is None
