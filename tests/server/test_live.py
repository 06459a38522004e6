"""After any edits, what is kept of a notebook changes no answer."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from notebooks import code, sent

from jupyter_mlops.server.context import Context
from jupyter_mlops.server.memory import MOST_NOTEBOOKS
from jupyter_mlops.server.view import view

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (
    "x = [1, 2]",
    "x = [1, 2]\nn = 3",
    "x.append(n)",
    "def f(a):\n    return a + n",
    "def f(a):\n    x.append(a)\n    return n",
    "y = f(n)",
    "y = f(n) + f(2)",
    "for k in x:\n    n += k",
    "import numpy as np\nx = np.zeros(3)",
    "import random\nrandom.random()",
    "class C:\n    size = 1",
    "C.size = n",
    "z = C()\nz.part = x",
    "print(x, n)",
    "print(missing)",
    "!ls {n} $x",
    "%time n = 4",
    "del x",
    "x = (",
    "",
)
TAGS = (
    (),
    ("step:a",),
    ("step:b",),
    ("parameters",),
    ("skip",),
    ("setup",),
    ("step:c", "foreach:x"),
    ("block:d",),
    ("stp:a",),
    ("ignore:NB201",),
)
CELLS = st.tuples(st.sampled_from(SOURCES), st.sampled_from(TAGS))
EDITS = st.one_of(
    st.tuples(st.just("text"), st.integers(0, 9), st.sampled_from(SOURCES)),
    st.tuples(st.just("tags"), st.integers(0, 9), st.sampled_from(TAGS)),
    st.tuples(st.just("insert"), st.integers(0, 9), CELLS),
    st.tuples(st.just("remove"), st.integers(0, 9), st.none()),
    st.tuples(st.just("move"), st.integers(0, 9), st.integers(0, 9)),
)


def edited(notebook, edit, number):
    """Return the notebook after one edit."""
    kind, at, what = edit
    cells = [dict(cell) for cell in notebook["cells"]]
    at = min(at, len(cells) - 1)
    if kind == "insert":
        cells.insert(at, {**code((what[0], list(what[1])))["cells"][0], "id": f"new-{number}"})
    elif kind == "remove" and len(cells) > 1:
        del cells[at]
    elif kind == "move":
        cells.insert(what, cells.pop(at))
    elif kind == "text":
        cells[at]["source"] = what
    elif kind == "tags":
        cells[at]["tags"] = list(what)
    return {**notebook, "cells": cells}


@given(st.lists(CELLS, min_size=1, max_size=8), st.lists(EDITS, min_size=1, max_size=6))
@settings(deadline=None)
def test_an_answer_after_edits_is_a_fresh_answer(cells, edits):
    kept = Context(root=ROOT)
    notebook = code(*((source, list(tags)) for source, tags in cells))
    view(kept, body=notebook)
    for number, edit in enumerate(edits):
        notebook = edited(notebook, edit, number)
        assert view(kept, body=notebook) == view(Context(root=ROOT), body=notebook)


@pytest.mark.parametrize("path", sorted((ROOT / "example_notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_any_cell_of_an_example_may_be_edited_and_edited_back(path):
    kept = Context(root=ROOT)
    first = sent(path)
    expected = view(kept, body=first)
    for at, cell in enumerate(first["cells"]):
        if cell["type"] == "code":
            notebook = {
                **first,
                "cells": [{**each, "source": each["source"] + "\nadded = 1"} if each is cell else each for each in first["cells"]],
            }
            answer = view(kept, body=notebook)
            if at % 4 == 0:
                assert answer == view(Context(root=ROOT), body=notebook)
            assert view(kept, body=first) == expected


def test_only_some_notebooks_are_remembered():
    context = Context(root=ROOT)
    for number in range(3 * MOST_NOTEBOOKS):
        view(context, body={**code("x = 1"), "path": f"{number}.ipynb"})
    assert len(context.memory._open) == MOST_NOTEBOOKS


def test_many_may_ask_at_once():
    context = Context(root=ROOT)
    notebooks = [code(*((f"x{at} = {at + number}", [f"step:s{at}"]) for at in range(12))) for number in range(6)]
    expected = [view(Context(root=ROOT), body=notebook) for notebook in notebooks]
    answers: dict[int, object] = {}
    threads = [Thread(target=lambda at=at: answers.update({at: view(context, body=notebooks[at % 6])})) for at in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answers[at] == expected[at % 6] for at in range(24)] == [True] * 24
