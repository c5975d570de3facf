"""The fragment with the next card, without Jinja at every grade: a quarter of its time went there.

For each shape of card Jinja makes the fragment once, from holes instead of values, and a grade fills
them. The template stays the only one that knows the page; `tests/web/test_stencil.py` holds the two
equal for every card of the course.
"""

import re
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from app.learning.progress import CardProgress, WhyThen
from app.learning.reviews import Grade
from app.web.dutch import dutch_chance, dutch_return, dutch_when
from app.web.sitting_page import Previous, ShownCard

# Of Unicode's private use: it is in no text.
_MARK = "\ue000"
_HOLE = re.compile(f"{_MARK}(\\w+){_MARK}")
# The filters of the template that change what differs from grade to grade.
_FILTERS = ("kans", "terug", "wanneer")


@dataclass(frozen=True, slots=True)
class _Shape:
    """What decides which parts the fragment has."""

    buttons: tuple[Grade, ...]
    has_hint: bool
    has_options: bool
    why: WhyThen


class Stencils:
    """Fills the holes of `_session.html`, and cuts them where a shape is new."""

    def __init__(self, templates: Environment) -> None:
        self._globals: MutableMapping[str, Any] = templates.globals
        # The same template in surroundings of its own, where a hole passes every filter. What it asks
        # for that is no hole is an error: it would be one learner's, in the page of another.
        around = templates.overlay(undefined=StrictUndefined)
        by = {name: _letting_holes_by(templates.filters[name]) for name in _FILTERS}
        around.filters = {**templates.filters, **by}
        self._template = around.get_template("_session.html")
        self._cut: dict[_Shape, str] = {}

    def fill(self, page: Mapping[str, Any], token: str) -> str | None:
        """The fragment with what `sitting_page` gave; None where it has more parts than usual."""
        shown, stand, stored = page["shown"], page["stand"], page["stored"]
        if not _is_usual(shown, stand, stored) or page["sitting"].undone:
            return None
        html = shown.html
        shape = _Shape(shown.buttons, bool(html.hint), bool(shown.options), stand.why)
        cut = self._cut.get(shape)
        if cut is None:
            cut = self._cut[shape] = _with_places(self._template.render(_holes(shape)))
        return cut % self._values(page, shown, stand, stored, token)

    def _values(
        self,
        page: Mapping[str, Any],
        shown: ShownCard,
        stand: CardProgress,
        stored: Previous,
        token: str,
    ) -> dict[str, object]:
        sitting, today, html, card = page["sitting"], page["today"], shown.html, shown.card.id
        values: dict[str, object] = {
            "token": token,
            "learner": page["learner"].id,
            "address": escape(page["address"]),
            "skip_address": escape(page["skip_address"]),
            "left": sitting.left,
            "skipped": escape(",".join(sitting.skipped)),
            "given": ",".join([str(step) for step in sitting.given]),
            "last_step": page["last_step"],
            "stored_returns": dutch_return(stored.due_on, today) if stored.due_on else "",
            "card": card,
            "source": escape(shown.source),
            "front": html.front,
            "back": html.back,
            "hint": html.hint,
            "review_id": shown.review_id,
        }
        if stand.chance_now is not None:
            values["chance"] = dutch_chance(stand.chance_now)
        if stand.due_on is not None:
            values["due"] = dutch_when(stand.due_on, today)
        if shown.options:
            values["options"] = self._globals["options"](card, shown.options)
            values["explained_options"] = self._globals["explained_options"](shown.options)
        button = self._globals["grade_button"]
        for grade in shown.buttons:
            values[grade.word] = button(grade, shown.returns.get(grade), today)
        return values


def _is_usual(shown: ShownCard, stand: CardProgress, stored: Previous) -> bool:
    return (
        shown.own is None
        and stand.why is not WhyThen.AHEAD
        and stored.due_on is not None
        and stored.hidden is None
        and stored.why_missed is None
        and not stored.is_leech
    )


def _holes(shape: _Shape) -> dict[str, Any]:
    """What the template of that shape asks for: parts that are there or not, and holes."""
    nothing = SimpleNamespace(value="")
    return {
        "csrf_token": lambda: _hole("token"),
        "learner": SimpleNamespace(id=_hole("learner")),
        "address": _hole("address"),
        "skip_address": _hole("skip_address"),
        "sitting": SimpleNamespace(
            left=_hole("left"), skipped=[_hole("skipped")], given=[_hole("given")], undone=()
        ),
        "last_step": _hole("last_step"),
        "today": None,
        "stored": SimpleNamespace(
            due_on=_hole("stored_returns"), hidden=nothing, why_missed=nothing, is_leech=False
        ),
        "stand": SimpleNamespace(why=shape.why, chance_now=_hole("chance"), due_on=_hole("due")),
        "shown": SimpleNamespace(
            card=SimpleNamespace(id=_hole("card")),
            html=SimpleNamespace(
                front=_hole("front"), back=_hole("back"), hint=shape.has_hint and _hole("hint")
            ),
            buttons=shape.buttons,
            returns={},
            today=None,
            review_id=_hole("review_id"),
            source=_hole("source"),
            options=shape.has_options,
            own=None,
        ),
        "options": lambda *_: _hole("options"),
        "explained_options": lambda *_: _hole("explained_options"),
        "grade_button": lambda grade, *_: _hole(grade.word),
    }


def _hole(name: str) -> Markup:
    return Markup(f"{_MARK}{name}{_MARK}")


def _with_places(rendered: str) -> str:
    """The text as Python's `%` fills it."""
    return _HOLE.sub(r"%(\1)s", rendered.replace("%", "%%"))


def _letting_holes_by(made: Callable[..., Any]) -> Callable[..., Any]:
    return lambda value, *more: value if isinstance(value, str) else made(value, *more)
