"""Two steps: what crosses between two real processes."""

from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from nb2pipe.ir.pipeline import Chunk, ChunkKind
from nb2pipe.source import CellId

if TYPE_CHECKING:
    from collections.abc import Callable


def shared(text: str) -> Chunk:
    return Chunk(kind=ChunkKind.SHARED, cell=CellId("c1"), number=1, line=1, text=text)


POINT = shared("class Point:\n    def __init__(self, x): self.x = x\n\nclass Special(Point): pass\n\ndef double(x): return 2 * x")


def test_isinstance_holds_across_a_border(run_step: Callable[..., Any]) -> None:
    first = run_step(POINT, "p = Special(3)\ntable = {'p': p, 'f': double}", outputs={"p": "Artifact", "table": "Artifact"})
    assert (first.status, first.stderr) == (0, "")
    second = run_step(
        POINT,
        "print(isinstance(p, Point), type(p) is Special, p.x, table['f'] is double)",
        inputs={port: first.artifact(port) for port in ("p", "table")},
    )
    assert second.stdout == "cell 2 │ True True 3 True\n"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("x = lambda: 1", "`x` (builtins.function) cannot be pickled: what the notebook defines crosses a border as source"),
        ("def x(): pass", "what the notebook defines crosses a border as source"),
        ("class x: pass", "what the notebook defines crosses a border as source"),
        ("def make():\n    def inner(): pass\n    return [inner]\nx = make()", "local object 'make.<locals>.inner'"),
        ("x = {'f': lambda: 1}", "<lambda>"),
        ("import threading\nx = threading.Lock()", "cannot pickle '_thread.lock' object"),
    ],
)
def test_code_is_never_pickled(run_step: Callable[..., Any], code: str, reason: str) -> None:
    done = run_step(code, outputs={"x": "Artifact"})
    assert (done.status, done.result) == (1, {})
    assert done.stderr.startswith("error[NB401] unserializable-value: `x` ")
    assert reason in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not done.path("x").exists()


def test_an_object_of_a_class_that_the_next_step_lacks_is_explained(run_step: Callable[..., Any]) -> None:
    first = run_step(POINT, "p = Special(3)", outputs={"p": "Artifact"})
    second = run_step("print(p)", inputs={"p": first.artifact("p")})
    assert second.status == 1
    assert second.stderr == (
        "error[NB802] encoding-mismatch: an input needs what this step does not have: Can't get attribute 'Special' on <module '__main__'>\n"
    )


def test_identity_holds_across_a_border(run_step: Callable[..., Any]) -> None:
    first = run_step(
        "log = []\na = {'log': log}\nb = {'log': log}\nc = a", outputs={"port": "Artifact"}, names={"port": ("a", "b", "c", "log")}
    )
    second = run_step(
        "a['log'].append(1)\nprint(b, c is a, log)", inputs={"port": first.artifact("port")}, names={"port": ("a", "b", "c", "log")}
    )
    assert second.stdout == "cell 1 │ {'log': [1]} True [1]\n"


def test_swapped_bytes_are_refused_and_nothing_runs(run_step: Callable[..., Any]) -> None:
    first = run_step(POINT, "x = Point(1)", outputs={"x": "Artifact"})
    (first.path("x") / "x.pickle").write_bytes(pickle.dumps(print))
    second = run_step(POINT, "print('ran')", inputs={"x": first.artifact("x")})
    assert (second.status, second.stdout) == (1, "")
    assert second.stderr.startswith("error[NB802] encoding-mismatch: input `x` is not what the step before wrote: its digest differs")


def test_a_pickle_whose_digest_was_lost_is_refused(run_step: Callable[..., Any]) -> None:
    first = run_step(POINT, "x = Point(1)", outputs={"x": "Artifact"})
    artifact = first.artifact("x")
    del artifact["metadata"]["nb2pipe_digest"]
    second = run_step(POINT, "print('ran')", inputs={"x": artifact})
    assert (second.status, second.stdout) == (1, "")
    assert "pickle without a digest" in second.stderr


def test_pickle_can_be_forbidden(run_step: Callable[..., Any]) -> None:
    done = run_step(POINT, "x = Point(1)", outputs={"x": "Artifact"}, pickle="forbid")
    assert done.stderr == (
        'error[NB401] unserializable-value: `x` (__main__.Point) can only be pickled, and the pipeline says pickle = "forbid"\n'
    )
    done = run_step("log = []\na, b = [log], [log]", outputs={"p": "Artifact"}, names={"p": ("a", "b")}, pickle="forbid")
    assert "`a`, `b`, which share parts, can only be pickled" in done.stderr


def test_an_input_that_is_gone_is_nb801(run_step: Callable[..., Any]) -> None:
    done = run_step("print('ran')", inputs={"x": {"name": "x", "uri": "/nowhere/at/all", "metadata": {}}})
    assert (done.status, done.stdout, done.stderr) == (1, "", "error[NB801] input-missing: input `x` is not there\n")


def test_an_empty_list_of_artifacts_is_nb801(run_step: Callable[..., Any]) -> None:
    done = run_step("print('ran')", inputs={"x": []})
    assert (done.status, done.stderr) == (1, "error[NB801] input-missing: input `x` was not given to this step\n")


def test_frames_arrays_and_estimators_cross(run_step: Callable[..., Any]) -> None:
    first = run_step(
        "import numpy as np, pandas as pd\nfrom sklearn.linear_model import LinearRegression\n"
        "df = pd.DataFrame({'a': [1.0, 2.0], 'b': ['x', 'y']})\narray = np.eye(2)\nmodel = LinearRegression().fit(array, [1, 2])",
        outputs={"df": "Dataset", "array": "Artifact", "model": "Model"},
        imports=("numpy", "pandas", "sklearn"),
        pickle="forbid",
    )
    assert (first.stderr, first.status) == ("", 0)
    encodings = {port: json.loads(first.artifact(port)["metadata"]["nb2pipe_encoding"])[port] for port in ("df", "array", "model")}
    assert encodings == {"df": "arrow-frame", "array": "npy", "model": "skops"}
    assert first.artifact("model")["metadata"]["framework"] == "sklearn"
    second = run_step(
        "print(df.dtypes.astype(str).tolist(), array.sum(), model.predict(array).round(6).tolist(), type(model).__name__)",
        inputs={port: first.artifact(port) for port in ("df", "array", "model")},
        imports=("numpy", "pandas", "sklearn"),
    )
    assert second.stdout == "cell 1 │ ['float64', 'str'] 2.0 [1.0, 2.0] LinearRegression\n"


def test_equal_steps_write_equal_digests(run_step: Callable[..., Any]) -> None:
    code = "x = {'b', 'a', 'c'}\ny = {frozenset('ab'): {1, 2}}"
    runs = [run_step(code, outputs={"x": "Artifact", "y": "Artifact"}, environment={"PYTHONHASHSEED": seed}) for seed in ("1", "2")]
    assert runs[0].artifact("x")["metadata"] == runs[1].artifact("x")["metadata"]
    assert runs[0].artifact("y")["metadata"] == runs[1].artifact("y")["metadata"]
