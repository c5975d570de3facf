"""Numbers in, a picture out: SVG that pygal draws and our own style sheet colours.

pygal adds a style sheet, scripts and texts for its tooltips; all of that is taken out again, so
that the picture obeys the content policy and follows light and dark like the page around it
(`docs/decisions/0006-charts.md`).
"""

import sys
from collections.abc import Sequence
from datetime import date
from xml.etree.ElementTree import Element, SubElement, tostring

import pygal
from markupsafe import Markup
from pygal.style import Style

# pygal leaves an import hook of a kind that newer Pythons warn about; we use none of its plugins.
sys.meta_path[:] = [
    finder for finder in sys.meta_path if not isinstance(finder, pygal.PluginImportFixer)
]

# In units of the view box, which is about as wide as the column of a small phone in pixels.
_WIDTH = 320
_TEXT = 14
_ROW = 26
_AXIS = 34
_LONGEST_LABEL = 19

# What the axis of a curve names; a card is asked again near 9.
_TENTHS = (0, 3, 6, 9)

_STYLE = Style(label_font_size=_TEXT, major_label_font_size=_TEXT, value_font_size=_TEXT)


def stacked_rows(
    labels: Sequence[str], series: Sequence[Sequence[int]], *, description: str
) -> Markup:
    """A row for each label, its bar made of one part per series; whole numbers along the axis."""
    chart = pygal.HorizontalStackedBar(
        **_options(height=_ROW * len(labels) + _AXIS), margin_right=12
    )
    # pygal draws from the bottom upwards, and its own `truncate_label` leaves rows alone.
    chart.x_labels = [_shortened(label) for label in reversed(labels)]
    for numbers in series:
        chart.add("", list(reversed(numbers)))
    largest = max((sum(row) for row in zip(*series, strict=True)), default=0)
    chart.y_labels = range(0, largest + 1, max(1, -(-largest // 5)))
    return _render(chart, description)


def columns(
    labels: Sequence[str], numbers: Sequence[int], *, lowest_top: int, description: str
) -> Markup:
    """A column for each label, with its number on top.

    The axis reaches at least `lowest_top`, so that small numbers look small.
    """
    chart = pygal.Bar(
        **_options(height=180),
        margin_top=18,
        print_values=True,
        print_values_position="top",
        formatter=str,
        show_y_labels=False,
        show_y_guides=False,
        range=(0, max([*numbers, lowest_top])),
    )
    chart.x_labels = labels
    chart.add("", list(numbers))
    return _render(chart, description)


def curve(
    points: Sequence[tuple[date, float]],
    *,
    marked: Sequence[tuple[date, str]],
    description: str,
) -> Markup:
    """A line through points from 0 to 10, first to last day; `marked` days have a name below it."""
    chart = pygal.XY(
        **_options(height=190),
        margin_right=16,
        show_dots=False,
        show_x_guides=True,
        include_x_axis=True,
        range=(0, 10),
    )
    chart.y_labels = _TENTHS
    chart.x_labels = [{"value": day.toordinal(), "label": name} for day, name in marked]
    chart.add("", [(day.toordinal(), chance) for day, chance in points])
    return _render(chart, description)


def many_columns(
    labels: Sequence[str], numbers: Sequence[int], *, label_every: int, description: str
) -> Markup:
    """A column for each number, too narrow for its value; one in `label_every` has its label."""
    chart = pygal.Bar(
        **_options(height=150),
        margin_right=8,
        formatter=str,
        range=(0, max([*numbers, 4])),
        x_labels_major_every=label_every,
        show_minor_x_labels=False,
    )
    chart.x_labels = labels
    chart.y_labels = _whole_steps(max([*numbers, 4]))
    chart.add("", list(numbers))
    return _render(chart, description)


def paired_columns(
    labels: Sequence[str],
    pairs: Sequence[tuple[int | None, int | None]],
    *,
    description: str,
) -> Markup:
    """Two columns side by side, in percents, with every second label; None leaves a gap."""
    chart = pygal.Bar(
        **_options(height=180),
        margin_right=8,
        formatter=str,
        range=(0, 100),
        x_labels_major_every=2,
        show_minor_x_labels=False,
    )
    chart.x_labels = labels
    chart.y_labels = (0, 50, 100)
    for column in (0, 1):
        chart.add("", [pair[column] for pair in pairs])
    return _render(chart, description)


# The squares of a calendar, in units of the view box.
_LEFT = 26
_TOP = 20
_CALENDAR_LEVELS = 4


def calendar(
    weeks: Sequence[Sequence[int]],
    labels: Sequence[str],
    rows: Sequence[str],
    *,
    description: str,
) -> Markup:
    """A square for each day: a column for each week, darker where the number is higher.

    pygal has no such picture. `labels` stand above the weeks and `rows` beside the seven days; an
    empty one leaves its place empty.
    """
    side = (_WIDTH - _LEFT) / len(weeks)
    most = max((number for week in weeks for number in week), default=0)
    root = Element("svg", viewBox=f"0 0 {_WIDTH} {_TOP + 7 * side:.1f}")
    for column, (week, label) in enumerate(zip(weeks, labels, strict=True)):
        left = _LEFT + column * side
        _text(root, left, _TOP - 6, label)
        for row, number in enumerate(week):
            # Any answer at all shows.
            level = -(-number * _CALENDAR_LEVELS // most) if most else 0
            SubElement(
                root,
                "rect",
                {"class": f"dag niveau-{level}", "rx": "2"},
                x=f"{left:.1f}",
                y=f"{_TOP + row * side:.1f}",
                width=f"{side - 1.5:.1f}",
                height=f"{side - 1.5:.1f}",
            )
    for row, label in enumerate(rows):
        _text(root, 0, _TOP + (row + 0.85) * side, label)
    return Markup(tostring(_described(root, description), encoding="unicode"))


def _text(root: Element, x: float, y: float, label: str) -> None:
    if label:
        SubElement(root, "text", x=f"{x:.1f}", y=f"{y:.1f}").text = label


def _whole_steps(largest: int) -> range:
    return range(0, largest + 1, max(1, -(-largest // 4)))


def _shortened(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1].rstrip() + "…"


def _options(height: int) -> dict[str, object]:
    return {
        "width": _WIDTH,
        "height": height,
        "style": _STYLE,
        "js": (),
        "no_prefix": True,
        "disable_xml_declaration": True,
        "show_legend": False,
        "truncate_label": -1,
        "margin": 4,
        "spacing": 6,
    }


def _render(chart: pygal.Graph, description: str) -> Markup:
    chart.add_xml_filter(_without_extras)
    chart.add_xml_filter(lambda root: _described(root, description))
    return Markup(chart.render(is_unicode=True))


def _without_extras(element: Element) -> Element:
    element.attrib.pop("style", None)
    for child in list(element):
        if _is_extra(child):
            element.remove(child)
        else:
            _without_extras(child)
    return element


def _is_extra(element: Element) -> bool:
    # The tag of a comment is a function.
    if not isinstance(element.tag, str) or element.tag in ("defs", "title", "desc"):
        return True
    classes = element.get("class", "").split()
    return "background" in classes or "tooltip-overlay" in classes


def _described(root: Element, description: str) -> Element:
    root.attrib.pop("id", None)
    root.set("class", "grafiek")
    root.set("role", "img")
    root.set("aria-label", description)
    return root
