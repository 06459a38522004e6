"""A cell of a notebook and the same cell in a step are one thing."""

from __future__ import annotations

import pytest

from jupyter_mlops.provenance import Entity
from jupyter_mlops.provenance.lineage_report import lineage


def made(name):
    return (Entity("dataset", name, "1"),)


def cells(part):
    return {(node.name, node.version) for node in part.nodes if node.kind == "cell"}


@pytest.mark.parametrize("order", [(5, "ab12"), ("ab12", 5)])
def test_the_same_source_makes_number_and_id_one_cell(project, cell, order):
    for at, called in enumerate(order):
        cell(called, "sha256:c1", (), made(f"d{at}"), run=f"r{at}")
    assert cells(lineage()) == {(f"churn.ipynb#{order[0]}", "sha256:c1")}
    assert {"d0", "d1"} <= {node.name for node in lineage(f"churn.ipynb#{order[1]}").downstream().nodes}


def test_an_edit_in_the_notebook_makes_stale_what_the_step_made(project, cell):
    cell("ab12", "sha256:c1")
    cell(5, "sha256:c1", (), made("features"))
    cell("ab12", "sha256:c2")
    assert list(lineage("features").stale.values()) == ["`churn.ipynb#ab12` is now c2"]


def test_two_cells_with_the_same_source_stay_two(project, cell):
    cell(5, "sha256:c1")
    cell(9, "sha256:c1")
    cell("ab12", "sha256:c1", (), made("x"))
    assert {name for name, _ in cells(lineage())} == {"churn.ipynb#5", "churn.ipynb#9", "churn.ipynb#ab12"}


def test_cells_of_other_notebooks_are_others(project, cell):
    cell(5, "sha256:c1")
    cell("other", "sha256:c9")
    assert len(cells(lineage())) == 2
