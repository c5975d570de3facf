"""An address as a square to point a phone at: SVG that follows our own style sheet."""

from io import BytesIO

import segno
from markupsafe import Markup


def qr_code(address: str) -> Markup:
    """The code as an SVG of class `qr`, to be shown beside the address itself."""
    drawing = BytesIO()
    segno.make_qr(address, error="m").save(
        drawing, kind="svg", xmldecl=False, svgns=True, nl=False, omitsize=True, border=2,
        svgclass="qr", lineclass=None,
    )  # fmt: skip
    # The address stands beside it in words.
    svg = drawing.getvalue().decode().replace("<svg ", '<svg aria-hidden="true" ', 1)
    return Markup(svg)
