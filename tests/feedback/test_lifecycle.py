"""The fourth example, played whole: drift, retraining, canary, promotion; a bad model comes and goes."""

from __future__ import annotations

import ast
import shutil

import pytest


@pytest.mark.slow
def test_the_whole_life_of_a_model(checkout, python_path, tmp_path, monkeypatch):
    import nbclient
    import nbformat

    monkeypatch.setenv("PYTHONPATH", python_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    shutil.copy(checkout / "example_notebooks" / "04_lifecycle.ipynb", tmp_path)
    notebook = nbformat.read(tmp_path / "04_lifecycle.ipynb", as_version=4)
    nbclient.NotebookClient(notebook, timeout=500, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    (last,) = (cell for cell in notebook.cells if cell.id == "state")
    end = ast.literal_eval("".join(output.text for output in last.outputs if output.output_type == "stream"))
    assert end["calm"] in {"quiet", "investigate"}
    assert (end["asked"], end["decided"]) == ("needs approval", "retrain")
    assert end["versions"] == {"1": "SUPERSEDED", "2": "STABLE", "3": "ROLLED_BACK"}
    kinds = [(kind, who, outcome) for kind, who, outcome in end["trail"] if outcome != "investigate"]
    assert [kind for kind, _, _ in kinds] == ["decision", "approval", "decision", "start", "end"]
    assert kinds[1][1] == "Ada"
    assert kinds[-1][2] == "promoted"
    assert end["whole"]
