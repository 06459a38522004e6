"""The tagged notebooks of this repository: what is proposed for them with and without their tags."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from nb2pipe.api import check_notebook, propose_tags
from nb2pipe.diagnostics.model import Severity
from nb2pipe.frontend import read
from nb2pipe.lower.pipeline import lower
from nb2pipe.propose.proposal import propose
from nb2pipe.record import replace

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "example_notebooks").glob("*.ipynb"))
WITHOUT_A_WORLD = [path for path in EXAMPLES if path.stem != "04_lifecycle"]
"""The lifecycle's notebook also plays customers and a server; without its tags nothing tells them from the pipeline."""
PROBES = sorted((ROOT / "tests" / "probes" / "notebooks").glob("*.py"))


def untagged(path: Path):
    notebook = read(str(path)).value
    return replace(notebook, cells=tuple(replace(cell, tags=(), settings={}) for cell in notebook.cells))


def findings(notebook):
    return {(each.code, each.span) for each in check_notebook(notebook).diagnostics if each.severity == Severity.ERROR}


def borders(notebook) -> set[int]:
    """The cells at which another step goes on than above, by place among all cells."""
    places = {cell: step.name for step in lower(notebook).value.steps for cell in step.cells}
    cells = [cell for cell in notebook.cells if cell.id in places]
    return {after.index for before, after in pairwise(cells) if places[before.id] != places[after.id]}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_tagged_example_needs_nothing(path):
    assert propose_tags(str(path)).proposal.draft.tags == {}


@pytest.mark.parametrize("path", WITHOUT_A_WORLD, ids=lambda path: path.stem)
def test_an_untagged_example_gets_the_borders_that_its_author_chose(path):
    """At most one border of each example is missing (two models side by side), and none is invented."""
    proposal = propose(untagged(path), lambda notebook: check_notebook(notebook).diagnostics)
    chosen, found = borders(read(str(path)).value), borders(proposal.notebook)
    assert found <= chosen
    assert len(chosen - found) <= 1


@pytest.mark.parametrize("path", PROBES, ids=lambda path: path.stem)
def test_proposals_bring_no_error(path):
    """The probes are notebooks made to be hard to divide."""
    notebook = untagged(path)
    proposal = propose(notebook, lambda tried: check_notebook(tried).diagnostics)
    assert findings(proposal.notebook) <= findings(notebook)
    assert propose(proposal.notebook, lambda tried: check_notebook(tried).diagnostics).draft.tags == {}
