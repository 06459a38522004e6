"""Files a newcomer reads in one sitting, under names that say what is in them."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    path
    for folder in ("compiler/nb2pipe", "jupyter_mlops", "tests", "benchmarks", "requirements")
    for path in (ROOT / folder).rglob("*.py")
    if "cases" not in path.parts and "golden" not in path.parts
)

SOFT, HARD = 300, 500  # tests, which are read case by case, only have the hard one
# Over the soft limit, each with its reason. Tables are easier to read in one piece.
LONG: dict[str, str] = {}

VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "processor", "tools", "stuff", "lib"}


def test_no_file_is_longer_than_the_soft_limit_without_a_reason():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    over = {name: count for name, count in lengths.items() if count > (HARD if name.startswith("tests/") else SOFT)}
    assert {name: count for name, count in over.items() if name not in LONG} == {}
    assert {name: count for name, count in over.items() if count > HARD and "table" not in LONG.get(name, "")} == {}
    assert set(LONG) - set(over) == set(), "short again: take it off the list"


def test_no_module_has_a_name_that_says_nothing():
    assert [str(path) for path in SOURCES if VAGUE & set(path.relative_to(ROOT).with_suffix("").parts)] == []


def test_no_module_hides_a_module_of_the_standard_library():
    packages = [path for path in SOURCES if path.relative_to(ROOT).parts[0] in {"compiler", "jupyter_mlops"}]
    assert [str(path.relative_to(ROOT)) for path in packages if path.stem in sys.stdlib_module_names and path.stem != "__main__"] == []


def test_functions_fit_on_a_screen():
    """Forty lines is the aim; sixty is where a function must be cut."""
    long = []
    for path in SOURCES:
        if path.relative_to(ROOT).parts[0] == "tests":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                count = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
                if count > 60:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {count} lines")
    assert long == []
