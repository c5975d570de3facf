"""JSON that comes in: whatever cannot be read is a bad request, never an error of ours."""

from typing import Any, NoReturn

from flask.json.provider import DefaultJSONProvider


class StrictJson(DefaultJSONProvider):
    """Flask's JSON without the words that are not JSON (NaN, Infinity)."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """The value of `s`. Raises ValueError, also for what is nested too deeply to read."""
        try:
            return super().loads(s, parse_constant=_refuse, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")
