"""What holds for every proposal, tried on random notebooks: loading, changing, looking, fitting, helpers and headings in any order."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nb2pipe.api import check_notebook
from nb2pipe.diagnostics.model import Severity
from nb2pipe.frontend import read_text
from nb2pipe.frontend.arguments import STEP_NAME
from nb2pipe.frontend.writepercent import add_percent_tags
from nb2pipe.propose.proposal import Proposal, propose

NAMES = st.sampled_from(("df", "x", "y", "model", "items", "total"))
LINES = (
    "{a} = pd.read_csv('https://example.org/{a}.csv')",
    "{a} = 3",
    "{a} = [1, 2, 3]",
    "{a} = []",
    "{a} = {{'k': {b}}}",
    "{a} = {b}",
    "{a} = np.array({b})",
    "{a}['k'] = {b}",
    "{a}.append({b})",
    "{a} += 1",
    "{a} = {a}.dropna()",
    "{a} = Ridge().fit({b}, {c})",
    "{a}.fit({b}, {c})",
    "{a} = {b}.predict({c})",
    "print({a}.score({b}, {c}))",
    "{a} = open('notes.txt')",
    "{a} = (each for each in {b})",
    "{a} = lambda v: v + {b}",
    "{a} = helper({b})",
    "def helper(v):\n    return v, {a}",
    "def helper(v):\n    global {a}\n    {a} = v",
    "class Thing:\n    part = {a}",
    "{a} = Thing()",
    "for each in {a}:\n    {b} = each",
    "if {a}:\n    {b} = 1",
    "del {a}",
    "{a}.head()",
    "print({a})",
    "{a}",
    "plt.plot({a})",
    "fig, ax = plt.subplots()",
    "ax.plot({a})",
    "assert {a} > 0.5",
    "{a}.to_csv('out.csv')",
    "joblib.dump({a}, 'm.joblib')",
    "np.random.seed(1)",
    "{a} = np.random.rand(3)",
    "import pandas as pd",
    "import numpy as np\nimport matplotlib.pyplot as plt",
    "from sklearn.linear_model import Ridge\nimport joblib",
    "!wget https://example.org/data.zip",
    "!pip install pandas",
    "%matplotlib inline",
    "print 'Python 2'",
    "# nothing",
    "",
)
HEADINGS = (
    "# Title",
    "## Load the data",
    "## Train",
    "## Evaluate",
    "### More",
    "some text",
    "## Crème brûlée!",
    "## 日本",
    "## setup",
    "## 12",
)
TAGS = (
    "",
    "",
    "",
    "",
    "",
    "",
    "skip",
    "setup",
    "parameters",
    "step:a",
    "step:b",
    "gpu:1",
    "foreach:items",
    "gate",
    "ignore:NB301",
    "other",
)


@st.composite
def code(draw: st.DrawFn) -> str:
    """The source of one cell."""
    lines = draw(st.lists(st.sampled_from(LINES), min_size=1, max_size=3))
    return "\n".join(line.format(a=draw(NAMES), b=draw(NAMES), c=draw(NAMES)) for line in lines)


@st.composite
def percent(draw: st.DrawFn, *, tagged: bool = False) -> str:
    """A percent script of up to nine cells, a third of them with a heading above."""
    cells = []
    for _ in range(draw(st.integers(1, 9))):
        if draw(st.integers(0, 2)) == 0:
            cells.append(f"# %% [markdown]\n# {draw(st.sampled_from(HEADINGS))}")
        tag = draw(st.sampled_from(TAGS)) if tagged else ""
        cells.append(f"# %% {tag}".rstrip() + f"\n{draw(code())}")
    return "\n".join(cells) + "\n"


MANY = settings(max_examples=150, deadline=None)


def proposed(text: str) -> Proposal:
    result = read_text(text, "case.py")
    return propose(result.value, lambda notebook: check_notebook(notebook, result.diagnostics).diagnostics)


def errors(text: str) -> set[tuple[str, object]]:
    result = read_text(text, "case.py")
    found = check_notebook(result.value, result.diagnostics).diagnostics
    return {(each.code, each.span) for each in found if each.severity == Severity.ERROR}


@pytest.mark.campaign
@given(percent())
@MANY
def test_a_written_proposal_brings_no_error_and_leaves_nothing_to_propose(text):
    tags = proposed(text).draft.tags
    written = add_percent_tags(text, tags)
    assert errors(written) <= errors(text)
    assert proposed(written).draft.tags == {}


@given(percent(tagged=True))
@MANY
def test_tags_that_are_there_stay(text):
    """The written notebook has the tags that it had and the proposed ones, the same code, and no new error."""
    tags = proposed(text).draft.tags
    written = add_percent_tags(text, tags)
    before, after = read_text(text, "case.py").value.cells, read_text(written, "case.py").value.cells
    assert [cell.source for cell in before] == [cell.source for cell in after]
    for old, new in zip(before, after, strict=True):
        assert sorted(tag.text for tag in new.tags) == sorted([*(tag.text for tag in old.tags), *tags.get(old.index, ())])
    assert errors(written) <= errors(text)


@given(percent())
@MANY
def test_names_of_steps_are_legal_distinct_and_short(text):
    names = [step.name for step in proposed(text).draft.steps]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(STEP_NAME, name) and len(name) <= 50 for name in names)


@given(percent())
@settings(max_examples=30, deadline=None)
def test_the_same_notebook_gets_the_same_proposal(text):
    assert proposed(text).draft == proposed(text).draft


def test_code_nested_deeper_than_python_calls_functions_is_no_obstacle():
    """A sum of thousands of terms and a chain of thousands of calls are proposed for like any other code."""
    text = f"# %%\nx = {' + '.join(['abs(1)'] * 3000)}\n# %%\ny = x{'.real' * 500}\nprint(y)\n"
    assert [step.name for step in proposed(text).draft.steps] == ["main"]
