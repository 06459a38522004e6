"""A run is made again in a fresh process: equal, or what differs is said."""

import json
import os
import subprocess
import sys
import textwrap

import pytest

from jupyter_mlops.training.reproduction import Facts, compare

pytest.importorskip("mlflow", reason="where runs are kept")

PROGRAM = """
    import jupyter_mlops as ml

    with ml.track("mean") as run:
        frame = ml.dataset("d.csv").frame()
        run.log_data(frame)
        run.log_metrics(mean=frame["x"].mean())
    print(run.id)
"""


def start(folder, *words):
    environment = {**os.environ, "NB2PIPE_HOME": str(folder / ".nb2pipe")}
    return subprocess.run([sys.executable, *map(str, words)], cwd=folder, env=environment, capture_output=True, text=True, check=False)


def facts(**more):
    return Facts(
        **{
            "id": "1",
            "name": "n",
            "place": "",
            "step": "",
            "code": [["a", "x"]],
            "data": [],
            "environment": [],
            "metrics": {"m": 1.0},
            **more,
        }
    )


def test_equal_metrics_reproduce():
    assert compare(facts(), facts(metrics={"m": 1 + 1e-12}), 1e-9).reproduced
    assert not compare(facts(), facts(metrics={"m": 1.1}), 1e-9).reproduced
    assert not compare(facts(metrics={}), facts(metrics={}), 1e-9).reproduced


def test_what_differs_is_named():
    found = compare(
        facts(environment=["numpy==1"], data=[{"name": "d", "content": "1"}]),
        facts(environment=["numpy==2"], data=[{"name": "d", "content": "2"}], code=[["a", "y"]], metrics={}),
        1e-9,
    )
    assert (found.code, found.data, found.environment) == (["a"], ["d"], ["numpy 1 → 2"])
    assert found.metrics == [("m", 1.0, None)]


@pytest.mark.slow
def test_a_program_is_run_again_from_its_stored_code(tmp_path):
    (tmp_path / "train.py").write_text(textwrap.dedent(PROGRAM))
    (tmp_path / "d.csv").write_text("x\n1\n2\n")
    done = start(tmp_path, "train.py")
    run = done.stdout.strip()
    assert run, done.stderr
    (tmp_path / "train.py").unlink()
    same = start(tmp_path, "-m", "nb2pipe", "reproduce", "mean")  # by its name: the latest of it
    assert (same.returncode, same.stdout.splitlines()[:2]) == (0, ["mean: reproduced; 1 of 1 metrics agree", "code         the same"]), (
        same.stderr
    )
    (tmp_path / "d.csv").write_text("x\n1\n4\n")
    changed = start(tmp_path, "-m", "nb2pipe", "reproduce", run, "--format", "json")
    told = json.loads(changed.stdout)
    assert (changed.returncode, told["metrics"], told["code"], told["data"]) == (1, [["mean", 1.5, 2.5]], [], ["d.csv"])


@pytest.mark.slow
def test_a_step_is_run_again_by_its_pipeline(tmp_path):
    cells = [
        (["step:load"], "import pandas as pd\nframe = pd.DataFrame({'x': [1, 2, 3]})"),
        (
            ["step:train"],
            "import jupyter_mlops as ml\nwith ml.track('mean') as run:\n    run.log_data(frame)\n    run.log_metrics(mean=frame['x'].mean())\nprint('RUN', run.id)",
        ),
    ]
    book = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "cells": [
            {"cell_type": "code", "id": f"c{at}", "metadata": {"tags": tags}, "source": text, "outputs": [], "execution_count": None}
            for at, (tags, text) in enumerate(cells)
        ],
    }
    (tmp_path / "mean.ipynb").write_text(json.dumps(book))
    ran = start(tmp_path, "-m", "nb2pipe", "run", "mean.ipynb", "--verbose")
    run = next((line.split("RUN ")[1].strip() for line in (ran.stdout + ran.stderr).splitlines() if "RUN " in line), "")
    assert run, ran.stdout + ran.stderr
    alone = start(tmp_path, "-m", "nb2pipe", "reproduce", run)
    assert (alone.returncode, "is of the step `train`" in alone.stderr) == (2, True)
    again = start(tmp_path, "-m", "nb2pipe", "reproduce", run, "mean.ipynb")
    assert (again.returncode, again.stdout.splitlines()[0]) == (0, "mean: reproduced; 1 of 1 metrics agree"), again.stderr
    book["cells"][1]["source"] = book["cells"][1]["source"].replace(".mean()", ".median() + 1")
    (tmp_path / "mean.ipynb").write_text(json.dumps(book))
    other = start(tmp_path, "-m", "nb2pipe", "reproduce", run, "mean.ipynb")
    assert other.returncode == 1
    assert "code         differs: mean.ipynb › cell 2 (step train)" in other.stdout
    assert "data         the same" in other.stdout


@pytest.mark.slow
def test_a_run_that_is_not_there_is_said(tmp_path):
    done = start(tmp_path, "-m", "nb2pipe", "reproduce", "0" * 32)
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: the run `{'0' * 32}` cannot be read")
