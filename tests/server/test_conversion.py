"""Kale's and papermill's notebooks in our own words, and tags proposed for a notebook in the editor."""

from __future__ import annotations

from pathlib import Path

import pytest
from notebooks import code, sent, validator

from jupyter_mlops.server.context import Context
from jupyter_mlops.server.conversion import convert
from jupyter_mlops.server.documents import text_of
from jupyter_mlops.server.proposal import propose
from jupyter_mlops.server.view import view
from nb2pipe.api import check_source, propose_tags

ROOT = Path(__file__).resolve().parents[2]
CONTEXT = Context(root=ROOT)
KALE = {
    "pipeline_name": "churn",
    "docker_image": "python:3.12",
    "enable_caching": False,
    "volumes": [{"name": "data", "mount_point": "/data", "type": "pvc"}],
    "steps_defaults": ["limit:memory:4Gi", "label:team:fraud"],
}
NOTEBOOKS = {
    "blocks": code(
        ("import math", ["imports"]),
        "import json",
        ("def f(x):\n    return x + 1", ["functions"]),
        ("n = 3", ["pipeline-parameters"]),
        "m = 4",
        ("x = [n, m]", ["block:load", "limit:cpu:2", "mine"]),
        ("x.append(f(1))", ["block:load", "limit:cpu:4"]),
        ("x", ["skip", "block:load"]),
        "x.append(2)",
        ("total = sum(x)\nprint(total)", ["block:train", "prev:load", "limit:amd.com/gpu:1", "cache:enabled", "report:enabled"]),
        ("print(total)", ["pipeline-metrics"]),
    ),
    "steps": code(("x = 1", ["step:a", "limit:nvidia.com/gpu:1"]), ("print(x)", ["step:b", "prev:a"])),
}


def converted(notebook):
    answer = convert(CONTEXT, body=notebook)
    assert [error.message for error in validator("Conversion").iter_errors(answer)] == []
    new = {cell["id"]: cell for cell in answer["cells"]}
    cells = [{**cell, **({"tags": new[cell["id"]]["tags"]} if cell["id"] in new else {})} for cell in notebook["cells"]]
    metadata = {key: value for key, value in notebook["metadata"].items() if key not in answer["useless"]}
    if answer["metadata"] is not None:
        metadata["nb2pipe"] = answer["metadata"]
    return {**notebook, "cells": cells, "metadata": metadata}


@pytest.mark.parametrize("metadata", [{}, {"kubeflow_notebook": KALE}, {"kubeflow_notebook": KALE, "nb2pipe": {"name": "own"}}])
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_kale_notebook_means_the_same_in_our_words_and_needs_kales_rules_no_more(name, metadata):
    before = {**NOTEBOOKS[name], "metadata": metadata}
    after = converted(before)
    old, new = check_source(text_of(before), "a.ipynb"), check_source(text_of(after), "a.ipynb")
    assert old.pipeline is not None
    assert new.pipeline == old.pipeline
    assert [each.code for each in new.diagnostics if each.code.startswith("NB11") and each.code != "NB111"] == []
    assert view(CONTEXT, body=before)["kale"]
    assert not view(CONTEXT, body=after)["kale"]
    assert converted(after) == after


def test_what_has_no_word_of_ours_stays():
    notebook = code(("x = 1", ["block:a", "notebook:other", "limit:something:1", "mine"]))
    assert converted(notebook)["cells"][0]["tags"] == ["step:a", "notebook:other", "limit:something:1", "mine"]


def test_papermills_cell_of_given_values_is_no_part_of_the_pipeline():
    notebook = code(("n = 1", ["parameters"]), ("n = 2", ["injected-parameters"]), ("print(n)", ["step:a"]))
    assert [cell["tags"] for cell in converted(notebook)["cells"]] == [["parameters"], ["injected-parameters", "skip"], ["step:a"]]


def test_a_notebook_of_our_own_words_is_not_changed():
    notebook = code(("x = 1", ["step:a", "gpu:1", "mine"]))
    assert convert(CONTEXT, body=notebook) == {"cells": [], "metadata": None, "useless": []}


@pytest.mark.parametrize("path", sorted((ROOT / "example_notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_proposal_in_the_editor_is_the_command_lines(path):
    notebook = sent(path)
    for cell in notebook["cells"]:
        cell["tags"] = []
    answer = propose(CONTEXT, body=notebook)
    assert [error.message for error in validator("Proposal").iter_errors(answer)] == []
    assert answer["changes"] == sum(bool(cell["add"]) for cell in answer["cells"])
    assert bool(answer["refused"]) == (answer["changes"] == 0)
    assert answer["graph"] is None or {cell["step"] for cell in answer["cells"]} >= {node["name"] for node in answer["graph"]["nodes"]}


def test_a_proposal_for_a_file_is_that_for_its_content(tmp_path):
    notebook = code("import json", "x = json.loads('[1, 2]')", "y = sum(x)\nprint(y)")
    path = tmp_path / "a.ipynb"
    path.write_text(text_of(notebook), encoding="utf-8")
    proposed = propose_tags(str(path)).proposal
    answer = propose(CONTEXT, body=notebook)
    assert {cell["number"] - 1: tuple(cell["add"]) for cell in answer["cells"] if cell["add"]} == dict(proposed.draft.tags)


@pytest.mark.parametrize(
    ("notebook", "reason"),
    [
        (code(("x = 1", ["stp:a"])), "a tag is wrong, and what was meant must be known first: `stp:a` is not a tag"),
        (code(("x = 1", ["step:a"])), "the tags can stay as they are"),
        (
            {"path": "a.ipynb", "metadata": {"kernelspec": {"language": "R"}}, "cells": []},
            "the notebook's language is `R`; only Python can be compiled",
        ),
    ],
)
def test_why_nothing_is_proposed_is_said(notebook, reason):
    assert propose(CONTEXT, body=notebook)["refused"].startswith(reason)
