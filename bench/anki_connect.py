"""anki-connect-server: Anki's own scheduler behind HTTP, in an environment of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which

from app.settings import ROOT

_HOME = ROOT / "var" / "anki-connect"
_PINS = Path(__file__).parent / "anki-connect.txt"
_OLDEST_PYTHON = (3, 12)


def installed() -> Path | None:
    """The program, installed when it was not yet; None without a Python that is new enough."""
    program = _HOME / "bin" / "anki-connect-server"
    if program.exists():
        return program
    python = next((path for path in _pythons() if _version(path) >= _OLDEST_PYTHON), None)
    if python is None:
        return None
    subprocess.run([python, "-m", "venv", "--clear", _HOME], check=True)
    subprocess.run(
        [_HOME / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-deps",
         "--disable-pip-version-check", "-r", _PINS],
        check=True,
    )  # fmt: skip
    return program


def environment(collection: Path, port: int) -> dict[str, str]:
    """The variables with which the program serves that collection on that port."""
    return {
        **os.environ,
        "ANKICONNECT_COLLECTION_PATH": str(collection),
        "ANKICONNECT_PORT": str(port),
    }


def _pythons() -> Iterator[str]:
    yield sys.executable
    for name in ("python3.14", "python3.13", "python3.12", "python3"):
        if found := which(name):
            yield found
    yield from map(str, sorted(Path.home().glob(".pyenv/versions/3.1[2-9].*/bin/python3")))


def _version(python: str) -> tuple[int, int]:
    told = subprocess.run([python, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"Python (\d+)\.(\d+)", told.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)
