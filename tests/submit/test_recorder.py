"""The recorder sees what the cells of a step show and what its names are at the end, and the step does what it does without it."""

from __future__ import annotations

import json
import pickle
import textwrap
from typing import Any

import pytest

from jupyter_mlops.submit.recorder import FOLDER, recording
from jupyter_mlops.submit.snapshots import StandIn, _code, is_users, restore, snapshot
from nb2pipe.api import check_source, compile_pipeline


@pytest.fixture
def recorded(run, tmp_path, monkeypatch):
    """Run a notebook in percent format with the recorder around its steps; give the result, and the records of one step."""

    def make(text, *names, step="a", code=0, ports=()):
        folder = tmp_path / "records"
        folder.mkdir()
        (folder / "wanted.json").write_text(json.dumps({step: {"names": names, "ports": ports}}))
        monkeypatch.setenv(FOLDER, str(folder))
        checked = check_source(textwrap.dedent(text), "demo.py", backend="local")
        assert checked.pipeline is not None, checked.diagnostics
        plan = json.loads(compile_pipeline(checked.pipeline, backend="local").files[0].text)
        result = run(plan, around=recording)
        assert result.exit == code, [each.headline for each in result.steps]
        kept = pickle.loads((folder / f"{step}.names").read_bytes())
        said = json.loads((folder / f"{step}.json").read_text())
        make.apart = said["apart"]
        return result, said["cells"], {name: restore(value) for name, value in kept.items()}

    return make


def test_each_cell_has_its_own_record(recorded):
    result, cells, names = recorded("""
        # %% tags=["step:a"]
        import os, sys
        x = [1, 2]
        print("printed")
        print("warned", file=sys.stderr)
        os.system("echo said by a program")
        x
        # %%
        display({"b": 1}, "two")
        # %% tags=["step:b"]
        print(x)
    """)
    assert cells == {
        "1": {"stdout": "printed\nsaid by a program\n", "stderr": "warned\n", "shown": [{"text": "[1, 2]"}], "error": None, "draws": []},
        "2": {"stdout": "", "stderr": "", "shown": [{"text": "{'b': 1}"}, {"text": "'two'"}], "error": None, "draws": []},
    }
    assert names["x"] == [1, 2]
    assert names["os"] == StandIn("module", "os")
    log = next(step.log.read_text() for step in result.steps if step.step == "a")
    assert "cell 1 │ printed\n" in log
    assert "cell 1 │ said by a program\n" in log


def test_rich_forms_are_those_of_the_page(recorded):
    _, cells, _ = recorded("""
        # %% tags=["step:a"]
        import matplotlib.pyplot as plt
        import pandas as pd
        plt.plot([1, 2])
        pd.DataFrame({"x": [1]})
    """)
    frame, figure = cells["1"]["shown"]
    assert sorted(frame) == ["html", "text"]
    assert "<table" in frame["html"]
    assert sorted(figure) == ["figure", "text"]


def test_a_cell_that_raises_leaves_what_it_showed(recorded):
    _, cells, names = recorded(
        """
        # %% tags=["step:a"]
        print("before")
        1 / 0
        """,
        code=1,
    )
    assert cells["1"]["stdout"] == "before\n"
    assert cells["1"]["error"] == {"name": "ZeroDivisionError", "text": "division by zero"}
    assert names == {}


def test_names_that_share_parts_and_leave_apart_are_known(recorded):
    recorded(
        """
        # %% tags=["step:a"]
        x = [1]
        y = {"x": x}
        z = [2]
        """,
        ports=[["x"], ["y"], ["z"]],
    )
    assert recorded.apart == [["x", "y"]]


def test_cells_that_draw_are_known(recorded):
    """Whoever draws: the cell itself or a library that it calls."""
    _, cells, _ = recorded("""
        # %% tags=["step:a"]
        import random
        import numpy
        # %%
        x = numpy.random.random()
        # %%
        y = [1, 2, 3]
        # %%
        random.shuffle(y)
    """)
    assert {number: cell["draws"] for number, cell in cells.items()} == {"1": [], "2": ["numpy.random"], "3": [], "4": ["random"]}


def test_names_that_a_step_only_changes_are_kept_when_asked_for(recorded):
    text = """
        # %% tags=["step:first"]
        x = []
        # %% tags=["step:a"]
        x.append(1)
        y = 2
        # %% tags=["step:b"]
        print(x, y)
    """
    assert recorded(text, "x")[2] == {"x": [1], "y": 2}


def test_the_result_of_a_recorded_step_is_the_cached_result_of_a_plain_one(recorded, run):
    text = """
        # %% tags=["step:a"]
        x = 1
        # %% tags=["step:b"]
        print(x)
    """
    recorded(text)
    plan = json.loads(
        compile_pipeline(check_source(textwrap.dedent(text), "demo.py", backend="local").pipeline, backend="local").files[0].text
    )
    assert [step.state.value for step in run(plan).steps] == ["cached", "cached"]


def test_parts_without_a_state_have_stand_ins():
    def kept(value: Any) -> Any:
        data = snapshot(value)
        assert data is not None
        return restore(data)

    assert kept([json, (each for each in ())]) == [StandIn("module", "json"), StandIn("object", "builtins.generator")]
    assert kept(lambda x: x + 1) == kept(lambda x: x + 1) != kept(lambda x: x + 2)
    assert kept({"a": [1, {2.5}]}) == {"a": [1, {2.5}]}


def test_figures_are_not_made_anew(recorded):
    """A figure that is read back would be drawn again in the next cell."""
    _, _, names = recorded("""
        # %% tags=["step:a"]
        import matplotlib.pyplot as plt
        figure, axes = plt.subplots(2)
    """)
    assert names["figure"] == StandIn("drawn", "Figure")
    assert [each.kind for each in names["axes"]] == ["drawn", "drawn"]


@pytest.mark.parametrize("name", ["_", "__", "_i", "_i12", "_3", "_ii", "In", "Out", "__name__", "get_ipython", "display", "random:numpy"])
def test_names_of_the_kernel_are_not_the_notebooks(name):
    assert not is_users(name)


@pytest.mark.parametrize("name", ["x", "_x", "_index", "i", "indices"])
def test_other_names_are(name):
    assert is_users(name)


def test_a_function_is_known_by_what_it_does_and_not_by_how_its_cell_was_compiled() -> None:
    """Compiled with the import that it uses or without, it is the same; with another operator it is not."""
    source = "def area(r):\n    return math.floor({} * r)\n"
    digests = []
    for text in ("import math\n" + source.format("r"), source.format("r"), source.format("r + 2")):
        names: dict[str, object] = {}
        exec("import math" if "import" not in text else "", names)
        exec(text, names)
        digests.append(_code(names["area"].__code__))  # type: ignore[attr-defined]
    assert digests[0] == digests[1] != digests[2]
