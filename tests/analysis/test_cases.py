"""What the analysis finds, one idea a case, and what truly happens when the case is run.

The expectations stand in ``cases/*.txt`` (see `cell_cases`). A case whose expectation contradicts its own traced run fails.
"""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from typing import TYPE_CHECKING

import pytest
from cell_cases import Case, facts_of, notebook_of, read_cases, show
from tracer import HIDDEN, Namespace, run_python, trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CASES = read_cases()
SLOW_TO_IMPORT = {"tensorflow", "keras", "torch", "xgboost", "lightgbm"}


def imported(case: Case) -> set[str]:
    """Return the top-level modules that a case imports."""
    found = set()
    for cell in notebook_of(case.code).cells:
        for node in ast.walk(ast.parse(cell.analysed)):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            found.update(name.partition(".")[0] for name in [*names, *([node.module or ""] if isinstance(node, ast.ImportFrom) else [])])
    return found


def params(cases: list[Case], marks: Callable[[Case], list[pytest.MarkDecorator]]) -> list[object]:
    """Name the cases by their titles."""
    return [pytest.param(case, id=case.title, marks=marks(case)) for case in cases]


def known(case: Case) -> list[pytest.MarkDecorator]:
    """Mark a case that the analysis gets wrong."""
    return [pytest.mark.xfail(reason=case.note("wrong"), strict=True)] if case.note("wrong") else []


def test_there_are_at_least_three_hundred_cases_and_no_two_have_one_title() -> None:
    """Each idea is written once."""
    titles = [case.title for case in CASES]
    assert len(set(titles)) == len(titles) >= 300


@pytest.mark.parametrize("case", params(CASES, known))
def test_the_analysis_says_what_the_case_says(case: Case) -> None:
    """Reads, writes and changes are as expected, and the makers of reads where the case names them."""
    notebook = notebook_of(case.code)
    named = []
    for cell, facts, said in zip(notebook.cells, facts_of(notebook), case.said, strict=True):
        reads = {name: makers if said.reads.get(name) else frozenset() for name, makers in facts.reads.items()}
        stars = facts.writes - said.writes if "import *" in cell.source else frozenset()  # a case names those that matter
        named.append(facts._replace(reads=reads, writes=facts.writes - stars))
    assert show(named) == show(case.said)


@pytest.fixture
def clean_process(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run in an empty folder, and undo what a case does to the settings of libraries and the process."""
    monkeypatch.chdir(str(tmp_path))
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "argv", ["notebook"])
    yield
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")
        pyplot.rcdefaults()


@pytest.mark.filterwarnings("ignore")  # a case may warn, as notebooks do
@pytest.mark.usefixtures("clean_process")
@pytest.mark.parametrize("case", params([case for case in CASES if not case.note("untraced")], lambda case: []))
def test_what_the_case_says_is_what_happens(case: Case) -> None:
    """Running the cells shows the reads, makers, writes and changes that the case claims."""
    missing = sorted(name for name in imported(case) if name in SLOW_TO_IMPORT or importlib.util.find_spec(name) is None)
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    cells = notebook_of(case.code).cells
    names, run = Namespace(), run_python
    if any(cell.executed != cell.source or cell.magic for cell in cells) or re.search(r"\b(_+|_\d+|Out|In)\b", case.code):
        from ipython_cells import make_shell, run_ipython

        make_shell(names)
        run = run_ipython
    seen = trace([cell.source for cell in cells], names=names, run=run)
    assert not seen[-1].error
    for cell, true, claimed in zip(cells, seen, case.happens, strict=True):
        stars = {name for name in true.writes if name not in claimed.writes} if "import *" in cell.source else set()
        assert set(true.reads) == {name for name in claimed.reads if not HIDDEN.fullmatch(name)}
        assert true.writes - stars == claimed.writes
        assert true.mutates == claimed.mutates
        assert {name: at for name, at in true.reads.items() if claimed.reads[name] and at not in claimed.reads[name]} == {}
