"""In a real kernel: a search draws while it goes on, and a run's code is what the kernel has executed."""

import pytest

nbformat = pytest.importorskip("nbformat", reason="notebooks")
pytest.importorskip("nbclient", reason="runs them")

SEARCH = """
import time
import jupyter_mlops as ml
def objective(point):
    time.sleep(0.06)
    return point["x"]
ml.tune(objective, {"x": (0.0, 1.0)}, trials=12, direction="minimize")
"""


@pytest.mark.slow
def test_a_kernel_draws_and_remembers(home, monkeypatch):
    from nbclient import NotebookClient

    monkeypatch.setenv("NB2PIPE_HOME", str(home))
    cells = [
        SEARCH,
        "run = ml.track('kernel')\nrun.log_metrics(a=1)",
        "run.log_metrics(a=2)",
        "run.end()\n[text for _, text in run.code.texts]",
        "run",
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    NotebookClient(book, timeout=120, kernel_name="python3").execute()
    live, result = [output for output in book.cells[0].outputs if output.output_type != "stream"]
    assert live["data"]["text/html"] == "", "the place of the live picture is empty at the end"
    assert "Search: objective" in result["data"]["text/html"]
    assert book.cells[3].outputs[0]["data"]["text/plain"].count("log_metrics") == 2
    assert book.cells[4].outputs[0]["data"]["text/plain"].startswith("kernel: finished; a 2")
