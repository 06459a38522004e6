"""Completion of tags, proposals, conversion, pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from notebooks import code, validator

from jupyter_mlops.server.completion import complete
from jupyter_mlops.server.context import Context, Refused
from jupyter_mlops.server.pages import explain
from nb2pipe.diagnostics.catalogue import CATALOGUE

CONTEXT = Context(root=Path.cwd())
NOTEBOOK = code(
    ("grid = [1, 2]\ngood = 3 > 2\naccuracy = 0.9\npage = '<b>'", ["step:load", "gpu:habana.ai/gaudi:2"]),
    ("for g in grid:\n    print(g)\nprint(missing, good, accuracy, page)", ["step:train"]),
)


def items(text):
    answer = complete(CONTEXT, body={"text": text, "notebook": NOTEBOOK})
    assert [error.message for error in validator("Completions").iter_errors(answer)] == []
    return [each["text"] for each in answer["items"]]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("", ["step:", "parameters", "setup", "skip"]),
        ("st", ["step:"]),
        ("tra", ["step:train"]),
        ("stpe", ["step:"]),
        ("step:", ["step:load", "step:train"]),
        ("after:tr", ["after:train"]),
        ("stp:x", ["step:x"]),
        ("foreach:", ["foreach:grid"]),
        ("when:", ["when:good"]),
        ("metrics:", ["metrics:accuracy"]),
        ("html:", ["html:page"]),
        ("ignore:", ["ignore:NB201"]),
        ("gpu:", ["gpu:habana.ai/gaudi:2", "gpu:1", "gpu:2"]),
        ("gpu:amd", ["gpu:amd.com/gpu:1"]),
        ("cache:", ["cache:off", "cache:on"]),
        ("memory:8", ["memory:8Gi"]),
        ("encoding:", ["encoding:accuracy=json", "encoding:accuracy=pickle"]),
        ("nothing of ours:", []),
    ],
)
def test_what_is_typed_becomes_what_fits_the_notebook(typed, first):
    assert items(typed)[: len(first)] == first


def test_every_page_can_be_read_and_no_other():
    assert {code: explain(CONTEXT, code=code.lower())["code"] for code in CATALOGUE} == {code: code for code in CATALOGUE}
    with pytest.raises(Refused, match="there is no diagnostic `NB000`"):
        explain(CONTEXT, code="NB000")
