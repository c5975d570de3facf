"""What the import contracts of `pyproject.toml` cannot say about the layers."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from app.settings import ROOT

FILES = sorted((ROOT / "app").rglob("*.py"))
# The entry points: they read the clock and the environment, and hand on what they read.
ENTRY_POINTS = ("app/__main__.py", "app/web/__init__.py", "app/worker/")
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def modules_imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def below_the_entry_points() -> list[Path]:
    return [path for path in FILES if not name_of(path).startswith(ENTRY_POINTS)]


def test_the_rules_need_only_the_standard_library_and_fsrs() -> None:
    # fsrs_rs_python may be absent; tests/learning/test_workload.py holds that.
    needed = {
        (name_of(path), module)
        for path in (ROOT / "app/learning").glob("*.py")
        for module in modules_imported(path)
        if module.split(".")[0] not in {*sys.stdlib_module_names, "fsrs", "fsrs_rs_python"}
        and not module.startswith("app.learning")
    }
    assert needed == set()


def test_nothing_below_the_entry_points_reads_the_clock() -> None:
    reads = [
        f"{name_of(path)}:{node.lineno}"
        for path in below_the_entry_points()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and ast.unparse(node.func.value) in ("datetime", "date", "time", "datetime.datetime")
    ]
    assert reads == []


# They have a default for the parameters of FSRS, with which whoever is fitted would be planned wrong.
TAKES_PARAMETERS = {"Spacing": 6, "steps_after": 3, "predictions": 2}


def test_nobody_is_planned_with_parameters_that_are_not_theirs() -> None:
    forgotten = [
        f"{name_of(path)}:{node.lineno}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and len(node.args) < TAKES_PARAMETERS.get(node.func.id, 0)
        and "parameters" not in {keyword.arg for keyword in node.keywords}
    ]
    # How many reviews there are to predict is the same under all parameters.
    assert [place for place in forgotten if "learning/parameters.py" not in place] == []


def test_nothing_below_the_entry_points_reads_the_environment() -> None:
    for path in below_the_entry_points():
        source = path.read_text(encoding="utf-8")
        assert "os.environ" not in source, name_of(path)
        assert "getenv" not in source, name_of(path)
