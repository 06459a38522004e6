"""The extension in a real Notebook 7: the graph, the problems and the runs of the one notebook that is open."""

import json

import lab_server
import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(lab_server.CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"),
]

STEPS = [
    (["step:load"], "data = [1.0, 2.0]"),
    (["step:train"], "total = sum(data)\nprint('total', total)"),
]
PATIENCE = 60_000


@pytest.fixture
def page(tmp_path):
    cells = [
        {"cell_type": "code", "id": f"c{at}", "metadata": {"tags": tags}, "source": source, "outputs": [], "execution_count": None}
        for at, (tags, source) in enumerate(STEPS)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}))
    with lab_server.lab(tmp_path) as address, lab_server.browser() as page:
        page.set_viewport_size({"width": 1360, "height": 900})
        lab_server.open_in_notebook_7(page, address, "a.ipynb")
        yield page


def execute(page, command, **arguments):
    page.evaluate("([command, given]) => { void window.jupyterapp.commands.execute(command, given) }", [command, arguments])


def set_source(page, index, source):
    page.evaluate(
        """([index, source]) => {
          const notebook = [...window.jupyterapp.shell.widgets('main')].find(each => each.context?.path.endsWith('.ipynb'));
          notebook.context.model.cells.get(index).sharedModel.setSource(source);
        }""",
        [index, source],
    )


def test_the_graph_the_problems_and_the_runs_follow_the_notebook(page, tmp_path):
    execute(page, "jupyter-mlops:open-graph")
    graph = page.locator("[aria-label^='Pipeline a:']")
    graph.wait_for(timeout=PATIENCE)
    graph.get_by_text("train", exact=True).first.wait_for(timeout=PATIENCE)
    page.screenshot(path=tmp_path / "graph.png")
    set_source(page, 1, "total = sum(dat)")
    execute(page, "jupyter-mlops:show-problems")
    page.locator("#jupyter-mlops-problems").get_by_text("NB201").first.wait_for(timeout=PATIENCE)
    page.screenshot(path=tmp_path / "problems.png")
    set_source(page, 1, STEPS[1][1])
    page.locator("#jupyter-mlops-problems").get_by_text("No problems: this notebook can be compiled.").wait_for(timeout=PATIENCE)
    execute(page, "docmanager:save")
    page.locator(".jp-mlops-runbutton").get_by_role("button", name="Run pipeline").click()
    page.wait_for_selector(".jp-mlops-run-detail h2[data-state=succeeded]", timeout=PATIENCE)
    page.screenshot(path=tmp_path / "runs.png")
