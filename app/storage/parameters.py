"""The parameters of FSRS that are in use: of each learner, in their row, and of the course."""

import json
from datetime import date
from functools import lru_cache

from app.learning.parameters import BY_DEFAULT, ParametersInUse, ParameterSource
from app.learning.scheduling import DEFAULT_PARAMETERS, Parameters
from app.storage.database import Statement
from app.storage.fields import from_day_number, to_day_number

_COURSE = Statement("SELECT parameters, since FROM course_parameters ORDER BY id DESC LIMIT 1")
_ADD = Statement("INSERT INTO course_parameters (parameters, since) VALUES (?, ?)")


def course_parameters() -> ParametersInUse:
    """What the whole course has in use, which is what somebody new begins with."""
    row = _COURSE.row()
    return (
        BY_DEFAULT if row is None else parameters_in(row[0], ParameterSource.COURSE.value, row[1])
    )


def add_course_parameters(values: Parameters, since: date) -> None:
    """Let the course use these from now on."""
    _ADD.run(json.dumps(values), to_day_number(since))


def parameters_columns(in_use: ParametersInUse) -> dict[str, object]:
    """The columns of a learner's row."""
    if in_use.source is ParameterSource.FSRS:
        return {"parameters": None, "parameters_source": None, "parameters_since": None}
    return {
        "parameters": json.dumps(in_use.values),
        "parameters_source": in_use.source.value,
        "parameters_since": in_use.since,
    }


def parameters_in(text: str | None, source: str | None, since: int | None) -> ParametersInUse:
    """What those columns say."""
    return BY_DEFAULT if text is None else _parameters_in(text, source, since)


def values_in(text: str | None) -> Parameters:
    """The numbers alone."""
    return DEFAULT_PARAMETERS if text is None else _values_in(text)


# A learner's row is read with every request.
@lru_cache(maxsize=1024)
def _parameters_in(text: str, source: str | None, since: int | None) -> ParametersInUse:
    day = None if since is None else from_day_number(since)
    return ParametersInUse(_values_in(text), ParameterSource(source), day)


@lru_cache(maxsize=1024)
def _values_in(text: str) -> Parameters:
    return tuple(json.loads(text))
