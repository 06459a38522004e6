"""What the analysis finds, one idea a case: notebooks in `cases/*.txt` with the facts that must be printed for them.

A case is a title line ``== title``, cells in percent form, ``----``, and one line a cell: ``reads -> writes ~mutates``.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nb2pipe.analysis.analyse import analyse
from nb2pipe.analysis.summary import cell_summaries
from nb2pipe.frontend import read_text

CASES = Path(__file__).parent / "cases"


def cases() -> list[object]:
    """Collect the cases of all files."""
    found = []
    for path in sorted(CASES.glob("*.txt")):
        for block in re.split(r"^== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            title, _, rest = block.partition("\n")
            code, _, expected = rest.partition("\n----\n")
            found.append(pytest.param(code, expected.strip(), id=f"{path.stem}: {title.strip()}"))
    return found


def facts(code: str) -> str:
    """Print what each cell of a percent script reads, writes and changes."""
    notebook = read_text(code, "case.py").value
    assert notebook is not None
    lines = []
    for cell in cell_summaries(analyse(notebook)):
        reads, writes, mutates = (", ".join(cell[key]) for key in ("reads", "writes", "mutates"))
        lines.append(" ".join(filter(None, [reads, "->", writes, f"~{mutates}" if mutates else ""])))
    return "\n".join(lines)


@pytest.mark.parametrize(("code", "expected"), cases())
def test_case(code: str, expected: str) -> None:
    """The facts are as the case says."""
    assert facts(code) == expected
