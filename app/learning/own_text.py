"""Texts that somebody wrote: what of them is kept, wherever they come from."""

from unicodedata import category


def readable_text(given: str) -> str:
    """A text from a form or a file, with plain line ends and without what only a terminal would obey."""
    lines = given.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each for each in lines if each in "\n\t" or not _is_control(each)).strip()


def _is_control(character: str) -> bool:
    return category(character) in ("Cc", "Cs") or character in _TURNS


# They turn the direction of all that follows, also of what is ours.
_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
