"""What is proposed for notebooks, one idea a case: `cases/*.txt` hold cells in percent form, ``----``, and each code cell's proposal.

With `--update-goldens` the expectations are rewritten; review them like code.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nb2pipe.api import check_notebook
from nb2pipe.frontend import read_text
from nb2pipe.ir.notebook import CellKind
from nb2pipe.propose.proposal import propose

if TYPE_CHECKING:
    from nb2pipe.propose.proposal import Proposal

CASES = Path(__file__).parent / "cases"


def proposed(code: str) -> Proposal:
    """Propose tags for a percent script."""
    result = read_text(code, "case.py")
    assert result.value is not None
    return propose(result.value, lambda notebook: check_notebook(notebook, result.diagnostics).diagnostics)


def printed(code: str) -> str:
    """Print for each code cell its number, the tags to add, and why."""
    proposal = proposed(code)
    lines = []
    for cell in proposal.notebook.cells:
        if cell.kind is CellKind.CODE:
            tags = " ".join(proposal.draft.tags.get(cell.index, ("·",)))
            lines.append(f"{cell.number}  {tags}  {proposal.draft.reasons.get(cell.index, '')}".rstrip())
    return "\n".join(lines)


def blocks(path: Path) -> list[tuple[str, str, str]]:
    """Split a file into title, code and expectation."""
    found = []
    for part in re.split(r"^== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title, _, rest = part.partition("\n")
        code, _, expected = rest.partition("\n----\n")
        found.append((title.strip(), code.strip("\n"), expected.strip("\n")))
    return found


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda path: path.stem)
def test_cases(path: Path, request: pytest.FixtureRequest) -> None:
    """Every case of the file prints what it says."""
    found = [(title, code, printed(code)) for title, code, _ in blocks(path)]
    if request.config.getoption("--update-goldens"):
        path.write_text("\n\n".join(f"== {title}\n{code}\n----\n{text}" for title, code, text in found) + "\n", encoding="utf-8")
    assert found == blocks(path)
