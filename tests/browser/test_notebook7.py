"""The extension in a real Notebook 7: the graph, the problems and the runs of the one notebook that is open."""

import lab_server
import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(lab_server.CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"),
]

CELLS = [
    ("data = [1.0, 2.0]", ["step:load"]),
    ("total = sum(data)\nprint('total', total)", ["step:train"]),
]
PATIENCE = 60_000


@pytest.fixture
def page(tmp_path):
    lab_server.write_notebook(tmp_path / "a.ipynb", CELLS)
    with lab_server.lab(tmp_path) as address, lab_server.browser() as page:
        page.set_viewport_size({"width": 1360, "height": 900})
        lab_server.open_in_notebook_7(page, address, "a.ipynb")
        yield page


def test_the_graph_the_problems_and_the_runs_follow_the_notebook(page, tmp_path):
    lab_server.execute(page, "jupyter-mlops:open-graph")
    graph = page.locator("[aria-label^='Pipeline a:']")
    graph.wait_for(timeout=PATIENCE)
    graph.get_by_text("train", exact=True).first.wait_for(timeout=PATIENCE)
    page.screenshot(path=tmp_path / "graph.png")
    lab_server.set_source(page, 1, "total = sum(dat)")
    lab_server.execute(page, "jupyter-mlops:show-problems")
    page.locator("#jupyter-mlops-problems").get_by_text("NB201").first.wait_for(timeout=PATIENCE)
    page.screenshot(path=tmp_path / "problems.png")
    lab_server.set_source(page, 1, CELLS[1][0])
    page.locator("#jupyter-mlops-problems").get_by_text("No problems: this notebook can be compiled.").wait_for(timeout=PATIENCE)
    lab_server.execute(page, "docmanager:save")
    page.locator(".jp-mlops-runbutton").get_by_role("button", name="Run pipeline").click()
    page.wait_for_selector(".jp-mlops-run-detail h2[data-state=succeeded]", timeout=PATIENCE)
    page.screenshot(path=tmp_path / "runs.png")
