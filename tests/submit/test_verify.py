"""Whole notebooks against their pipelines, by the command as a user calls it, and what is made of the answers."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from typing import Any

import pytest

from jupyter_mlops.submit.causes import Causes
from jupyter_mlops.submit.checkpoint import compare_step
from jupyter_mlops.submit.snapshots import snapshot
from jupyter_mlops.submit.verdict import Difference, StepVerdict, Verdict, as_text


def kept(**values: Any) -> dict[str, bytes | None]:
    return {name: snapshot(value) for name, value in values.items()}


def test_names_are_compared_where_both_runs_should_have_them(tmp_path):
    """A name of an earlier step that this one is not given is no difference; one that its own cells bind is."""
    record = tmp_path / "a.names"
    record.write_bytes(pickle.dumps(kept(x=1, y=[0.3], extra=3)))
    said = {"stored": [{"port": "x", "values": [1]}], "record": str(record), "names": []}
    whole = kept(x=1, y=[0.1 + 0.2], earlier=4, bound=5)
    assert compare_step(whole, {"y", "bound"}, said) == [
        {"kind": "value", "name": "x", "difference": None},
        {"kind": "name", "name": "bound", "difference": "the step does not define it"},
        {"kind": "name", "name": "extra", "difference": "the whole notebook does not define it"},
        {"kind": "name", "name": "y", "difference": None},
    ]


def test_the_second_whole_run_is_compared_with_the_first(tmp_path):
    first = tmp_path / "a.whole"
    first.write_bytes(pickle.dumps((kept(x=0.5, y=1), set())))
    said = {"again": str(first), "unlike": ["x", "y"], "names": []}
    assert [each["difference"] for each in compare_step(kept(x=0.25, y=1), set(), said)] == ["it: 0.25 against 0.5", None]


def finding(code: str, cell: int, name: str | None = None) -> dict[str, Any]:
    return {"code": code, "slug": "some-slug", "severity": "note", "message": "what it says", "cell": cell, "name": name}


PLAN = {
    "steps": [
        {"name": "a", "inputs": {}, "after": []},
        {"name": "b", "inputs": {"x": {"step": "a", "port": "x"}}, "after": []},
        {"name": "c", "inputs": {}, "after": []},
    ]
}


@pytest.mark.parametrize(
    ("findings", "code"),
    [
        ([finding("NB303", 1), finding("NB304", 2)], "NB304"),  # the step's own
        ([finding("NB303", 1)], "NB303"),  # where its values come from
        ([finding("NB303", 3)], None),  # a step that it has nothing to do with
        ([finding("NB402", 2), finding("NB307", 1)], "NB307"),  # what does differ before what may
        ([finding("NB303", 2), finding("NB307", 1)], "NB307"),  # chance would make two whole runs differ as well
        ([finding("NB304", 2), finding("NB401", 2, "y")], "NB401"),  # about the very name
        ([finding("NB305", 2), finding("NB501", 2)], None),  # a secret makes no difference
    ],
)
def test_the_nearest_finding_is_the_cause(findings, code):
    steps = {name: {"cells": [number]} for number, name in enumerate("abc", 1)}
    causes = Causes(PLAN, {"findings": findings, "merged": [], "steps": steps})
    (explained,) = causes.explained("b", [Difference(kind="name", name="y", says="it: 1 against 2")])
    assert (explained.cause and explained.cause["code"]) == code


def test_a_step_that_says_a_code_is_its_own_cause():
    causes = Causes(PLAN, {"findings": [], "merged": [], "steps": {name: {"cells": []} for name in "abc"}})
    (explained,) = causes.explained("b", [Difference(kind="step", says="error[NB401] unserializable-value: `x` cannot be pickled")])
    assert explained.cause == {"code": "NB401", "slug": "unserializable-value", "cell": None, "message": "`x` cannot be pickled"}


def test_the_text_says_what_differs_and_why():
    cause = {"code": "NB304", "slug": "wall-clock", "cell": 3, "message": "`time.time()` reads the clock"}
    steps = (
        StepVerdict(step="a", cells=(2,), state="equal", compared={"cells": 1, "values": 2, "names": 1}),
        StepVerdict(
            step="b",
            cells=(3, 4),
            state="differs",
            differences=(
                Difference(kind="stdout", cell=3, says="line 1: '1' against '2'", cause=cause),
                Difference(kind="value", name="x", says="it: 1 against 2", cause=cause),
            ),
            compared={"cells": 2},
        ),
        StepVerdict(step="c", cells=(5,), state="not run"),
    )
    assert as_text(Verdict(mode="tags", steps=steps)) == (
        "step `b` (cells 3, 4) differs\n"
        "  cell 3 prints: line 1: '1' against '2'\n"
        "    because of NB304 wall-clock in cell 3: `time.time()` reads the clock\n"
        "  `x`: it: 1 against 2\n"
        "\n"
        "not run, because a step that they need failed: c\n"
        "\n"
        "not equal: 2 of 3 steps; compared: what 3 cells display, 2 values that cross steps, 1 final name\n"
    )
    assert as_text(Verdict(mode="tags", steps=steps[:1])) == (
        "equal: 1 step; compared: what 1 cell displays, 2 values that cross steps, 1 final name\n"
    )


def test_what_is_not_reproducible_by_itself_is_told_apart():
    noise = Difference(kind="stdout", cell=2, says="line 1: '1' against '2'", reproducible=False)
    verdict = Verdict(mode="tags", steps=(StepVerdict(step="a", cells=(2,), state="not reproducible", differences=(noise,)),))
    assert verdict.equal
    assert as_text(verdict).startswith(
        "not reproducible by itself (two whole runs differ there too):\n  cell 2 prints: line 1: '1' against '2'\n"
    )


@pytest.fixture
def verified(tmp_path):
    """Write a notebook of cells (with their tags), verify it with the options; give the exit status and the JSON."""

    def run(*cells, options=("--each-cell",)):
        document = {
            "cells": [
                {
                    "cell_type": "code",
                    "execution_count": None,
                    "id": f"c{at}",
                    "metadata": {"tags": tags.split()},
                    "outputs": [],
                    "source": text,
                }
                for at, (tags, text) in enumerate(cells)
            ],
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        (tmp_path / "book.ipynb").write_text(json.dumps(document))
        environment = {
            key: value for key, value in os.environ.items() if key != "PYTEST_CURRENT_TEST"
        }  # or the kernel behaves as under test
        done = subprocess.run(
            [sys.executable, "-m", "nb2pipe", "verify", "book.ipynb", "--format", "json", *options],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    return run


def states(verdict: dict[str, Any]) -> dict[str, str]:
    return {step["step"]: step["state"] for step in verdict["steps"]}


@pytest.mark.slow
def test_each_cell_shows_the_same_alone(verified):
    """Text, frames, figures, history, magics and what programs print."""
    code, verdict = verified(
        ("", "%matplotlib inline\nimport os\nimport matplotlib.pyplot as plt\nimport pandas as pd"),
        ("parameters", "n = 3"),
        ("", "frame = pd.DataFrame({'x': range(n), 'y': [0.1] * n})\nframe"),
        ("", "class Point:\n    def __init__(self, x):\n        self.x = x\np = Point(1)\np"),
        ("", "frame.plot()\nplt.show()\nprint({'b', 'a'}, p.x)"),
        ("", "%%capture out\nprint('hidden')"),
        ("", "words = !echo a b\nprint(out.stdout, words)"),
        ("", "os.system('echo from a program')\nfigure, axes = plt.subplots()\naxes.plot([1, 2])\nfigure"),
    )
    assert (code, verdict["equal"], verdict["mode"]) == (0, True, "each-cell")
    assert set(states(verdict).values()) == {"equal"}
    assert [step["compared"]["cells"] for step in verdict["steps"]] == [1] * 7


@pytest.mark.slow
def test_a_difference_has_its_cause_and_noise_is_told_apart(verified):
    """The process id differs in every run; what a process remembers in a place that no analysis sees differs only when cells are apart."""
    code, verdict = verified(
        ("", "__import__('math').remembered = 1"),
        ("", "import math\nprint(hasattr(math, 'remembered'))"),
        ("", "import os\nprint(os.getpid())"),
        ("", "import random\nr = random.random()"),
        ("", "print(r)"),
        ("", "print('the same')"),
    )
    assert code == 1
    noise = "not reproducible"
    assert list(states(verdict).values()) == ["equal", "differs", noise, noise, noise, "equal"]
    told = {step["step"]: each for step in verdict["steps"] for each in step["differences"]}
    assert (told["cell-2"]["reproducible"], told["cell-2"]["difference"]) == (True, "line 1: 'True' against 'False'")
    assert (told["cell-4"]["reproducible"], told["cell-4"]["cause"]["code"]) == (False, "NB303")


@pytest.mark.slow
def test_a_cell_that_raises_raises_the_same_alone_and_ends_both(verified):
    cells = (("", "x = [1]"), ("", "x.append(2)\nx[5]"), ("", "print(x)"))
    code, verdict = verified(*cells)
    assert code == 0
    assert verdict["stopped"] == {"cell": 2, "error": "IndexError: list index out of range"}
    assert states(verdict) == {"cell-1": "equal", "cell-2": "equal", "cell-3": "not reached"}
    code, verdict = verified(*cells, options=("--each-cell", "--allow-errors"))
    assert (code, verdict["stopped"], set(states(verdict).values())) == (0, None, {"equal"})


@pytest.mark.slow
def test_cells_that_cannot_be_apart_are_joined_and_the_rest_is_compared(verified):
    code, verdict = verified(("", "g = (each for each in range(3))"), ("", "print(next(g))"), ("", "y = 1"), ("", "print(y)"))
    assert code == 1
    assert [(each["cells"], each["code"]) for each in verdict["merged"]] == [([1, 2], "NB401")]
    assert states(verdict) == {"cells-1-2": "equal", "cell-3": "equal", "cell-4": "equal"}


@pytest.mark.slow
def test_the_steps_of_the_tags_are_compared_with_their_fan_out(verified):
    code, verdict = verified(
        ("parameters", "depths = [1, 2]"),
        ("step:fit foreach:depths", "scores = []\nfor depth in depths:\n    scores.append(depth * 10)\n    print(depth)"),
        ("step:use", "print(sum(scores))"),
        options=(),
    )
    assert (code, verdict["mode"], set(states(verdict).values())) == (0, "tags", {"equal"})
    assert [step["compared"] for step in verdict["steps"]] == [{"cells": 0, "values": 1, "names": 0}, {"cells": 1, "values": 0, "names": 0}]
