"""What lowering makes of notebooks, one idea a case: `cases/*.txt` hold cells in percent form, ``----``, findings and the pipeline's text.

With `--update-goldens` the expectations are rewritten; review them like code.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nb2pipe.frontend import read_text
from nb2pipe.ir.text import pipeline_text
from nb2pipe.ir.verify import verify_pipeline
from nb2pipe.lower.pipeline import lower

CASES = Path(__file__).parent / "cases"


def blocks(path: Path) -> list[tuple[str, str, str]]:
    """Split a file into title, code and expectation."""
    parts = re.split(r"^== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    found = []
    for part in parts:
        title, _, rest = part.partition("\n")
        code, _, expected = rest.partition("\n----\n")
        found.append((title.strip(), code.strip("\n"), expected.strip("\n")))
    return found


def printed(code: str) -> str:
    """Print the findings and the pipeline of a percent script."""
    notebook = read_text(code, "case.py").value
    assert notebook is not None
    numbers = {cell.id: cell.number for cell in notebook.cells}
    result = lower(notebook)
    lines = [
        f"{each.code} cell {numbers[each.span.cell]}, {each.span.start.line}:{each.span.start.column + 1} {each.message}"
        for each in result.diagnostics
        if each.span
    ]
    if result.value is not None:
        if not any(each.severity.value == "error" for each in result.diagnostics):
            verify_pipeline(result.value)
        lines.append(pipeline_text(result.value))
    return "\n".join(lines).strip("\n")


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda path: path.stem)
def test_cases(path: Path, request: pytest.FixtureRequest) -> None:
    """Every case of the file prints what it says."""
    cases = blocks(path)
    found = [(title, code, printed(code)) for title, code, _ in cases]
    if request.config.getoption("--update-goldens"):
        path.write_text("\n\n".join(f"== {title}\n{code}\n----\n{text}" for title, code, text in found) + "\n", encoding="utf-8")
    assert found == blocks(path)
