"""Sealed writing opens with its own key, in its own place, and nowhere else."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.secrets.sealing import (
    BadKeys,
    Keyring,
    Unreadable,
    device_key_of,
    new_data_key,
    new_reflection_keys,
    seal,
    unseal,
)

KEY = bytes(range(32))
PLACE = b"a place"
FIRST_RELEASE = (
    "017bd6faeda01c9ee6021447fe7e6b5856f1d80f8f0622989267180f8cfb95de4a0988088f9acd88"
    "636a77d2d4a9194063fe404b231d5f5d547958aee69aac5aa11ea9b12b9bd20229ff265ac56ea1c9"
    "b756d03b2ab675d2456a5d7c452f8ccc67049b2ae73536a4599e21179e9ddf0f142129f7e90e1013"
    "76b6eb1690b39fc86c02ba6ccf8641983c58e7352ae4578e8ad473ce9794558da46d45b87ae437c6"
    "4c94b16f1153f9e048ca314a758f7576ac8499fb69af9bc5f5e123b8130812e37c21b9a922bbfd45"
    "78916909c58390e17b05de04977ed0ab08ed56b277616d36b2fd0813a681f39b9bce672ef653f5c5"
    "5350580214fc51c52dbb196b7731b3835776ccc9acf88c5bfa1efecfff18a911ef278622187e09d1"
    "b4747a5d9e"
)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert unseal(KEY, seal(KEY, text, PLACE), PLACE) == text


def test_the_same_text_is_never_sealed_in_the_same_way() -> None:
    assert len({seal(KEY, "Zij knikte.", PLACE) for _ in range(1000)}) == 1000


def test_the_length_tells_little() -> None:
    lengths = {len(seal(KEY, "a" * length, PLACE)) for length in range(1, 255)}
    assert lengths == {1 + 12 + 256 + 16}


def test_what_was_changed_moved_or_is_somebody_elses_does_not_open() -> None:
    sealed = seal(KEY, "Zij knikte.", PLACE)
    for place in range(len(sealed)):
        with pytest.raises(Unreadable):
            unseal(KEY, sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :], PLACE)
    for key, moved, about in (
        (new_data_key(), sealed, PLACE),
        (KEY, sealed, b"another place"),
        (KEY, sealed[:20], PLACE),
        (KEY, b"", PLACE),
    ):
        with pytest.raises(Unreadable):
            unseal(key, moved, about)


def test_a_text_that_was_sealed_by_the_first_release_still_opens() -> None:
    # As docs/decisions/0013-sealed-writing.md describes the format.
    sealed = bytes.fromhex(FIRST_RELEASE)
    assert unseal(KEY, sealed, PLACE) == "Eén woord."


def test_a_device_has_a_key_of_its_own_that_is_always_the_same() -> None:
    assert device_key_of(KEY) == device_key_of(KEY) != KEY
    assert device_key_of(new_data_key()) != device_key_of(KEY)


def test_a_keyring_opens_what_its_older_keys_wrapped() -> None:
    old, new = new_reflection_keys("2026"), new_reflection_keys("2027")
    name, wrapped = Keyring.of_text(old).wrap(KEY, PLACE)
    both = Keyring.of_text(f"{new}, {old}")
    assert (name, both.newest) == ("2026", "2027")
    assert both.unwrap(name, wrapped, PLACE) == KEY
    with pytest.raises(Unreadable, match="2026"):
        Keyring.of_text(new).unwrap(name, wrapped, PLACE)
    with pytest.raises(Unreadable):
        both.unwrap("2027", wrapped, PLACE)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "a", "a:", f"a:{base64.b64encode(b'short').decode()}", ":" + "A" * 43 + "=",
     "Naam:" + "A" * 43 + "=", "a:" + "A" * 42 + "%=", "a:é" + "A" * 42 + "=",
     "a:" + "A" * 43 + "=,a:" + "B" * 43 + "="],
)  # fmt: skip
def test_keys_that_make_no_sense_are_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(BadKeys) as refused:
        Keyring.of_text(text)
    assert "AAAA" not in str(refused.value)
    assert "AAAA" not in repr(Keyring.of_text(new_reflection_keys("own")))
