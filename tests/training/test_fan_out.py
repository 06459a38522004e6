"""A search as a fan-out: the loop in the notebook and the steps of the pipeline find the same."""

import json
import os
import subprocess
import sys

import pytest

CELLS = [
    (["parameters"], "count = 4"),
    (["step:plan"], "import jupyter_mlops as ml\ncandidates = ml.tune.trials({'x': (0.0, 4.0), 'kind': ['a', 'b']}, count, seed=1)"),
    (
        ["step:fit", "foreach:candidates"],
        "results = []\nfor candidate in candidates:\n    results.append({'parameters': candidate, 'value': (candidate['x'] - 1) ** 2})",
    ),
    (["step:choose"], "study = ml.tune.collect(results, direction='minimize')\nbest = study.best_parameters\nprint(best)\nstudy"),
]


@pytest.mark.slow
def test_the_pipeline_finds_what_the_notebook_finds(tmp_path):
    cells = [
        {"cell_type": "code", "id": f"c{at}", "metadata": {"tags": tags}, "source": text, "outputs": [], "execution_count": None}
        for at, (tags, text) in enumerate(CELLS)
    ]
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "python3", "display_name": "P"}}, "cells": cells}
    (tmp_path / "fan.ipynb").write_text(json.dumps(book))
    environment = {**os.environ, "NB2PIPE_HOME": str(tmp_path / ".nb2pipe")}
    command = [sys.executable, "-m", "nb2pipe", "verify", "fan.ipynb", "--format", "json"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, json.loads(done.stdout)["equal"]) == (0, True), done.stderr
