"""The examples in the guides for authors, which together are one small chapter."""

import re
from pathlib import Path

from app.settings import ROOT

# A file name between backquotes, alone on a line, and the fenced text of that file below it.
_EXAMPLE = re.compile(r"^`(\S+/\S+)`\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def write_examples(root: Path, chapter: str) -> None:
    """Put what the guides show below `root`, in folders with the name of that chapter."""
    for guide in ("course/README.md", "cards/README.md"):
        for name, text in _EXAMPLE.findall((ROOT / guide).read_text(encoding="utf-8")):
            file = root / name.replace("/voorbeeld/", f"/{chapter}/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
