"""The numbers of the help page, from one file that says when they were checked."""

import tomllib
from datetime import date
from pathlib import Path

from app.content.problems import Problem
from app.learning.course import Place
from app.learning.help_lines import TRUSTED_FOR, HelpLine, HelpLines

# Part of Haven and not of the course one serves with it: help is there whatever the lessons are.
FILE = Path(__file__).parents[2] / "course" / "hulplijnen.toml"


def read_help_lines(path: Path = FILE) -> HelpLines:
    """Everything in the file; a missing key raises KeyError, which stops the start."""
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    return HelpLines(
        checked_on=given["nagekeken"],
        checked_how=given["hoe"],
        lines=tuple(
            HelpLine(
                name=line["naam"],
                region=line["gebied"],
                when=line["wanneer"],
                numbers=tuple(line["nummers"]),
                site=line.get("site", ""),
                is_urgent=line.get("dringend", False),
            )
            for line in given["lijn"]
        ),
    )


def check_help_lines(help_lines: HelpLines, today: date) -> list[Problem]:
    """What keeps the numbers from being trusted today."""
    if not help_lines.stale_on(today):
        return []
    return [
        Problem(
            Place("course/hulplijnen.toml", 1),
            f"de nummers zijn nagekeken op {help_lines.checked_on}; dat moet korter dan "
            f"{TRUSTED_FOR.days} dagen geleden zijn. Kijk ze na en verzet de datum.",
        )
    ]
