"""Reports in a real JupyterLab: live with a kernel, readable without one, in both themes, with nothing from a network."""

import json
import shutil

import lab_server
import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(lab_server.CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"),
]

LIVE = """
import anywidget, traitlets
from jupyter_mlops.framing import problem
card = problem('churn', metric='roc_auc', good_enough=0.8)
class Counter(anywidget.AnyWidget):
    _esm = "export default { render({model, el}) { el.classList.add('mlops-live'); el.textContent = `live ${model.get('n')}`; } }"
    n = traitlets.Int(3).tag(sync=True)
type(card).widget = lambda self: Counter()
card
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("lab")


def test_a_live_report_is_its_widget_and_reads_as_html_when_it_is_opened_again(folder):
    """A widget without its kernel is an error message; the saved report must take its place."""
    lab_server.write_notebook(folder / "report.ipynb", [LIVE])
    with lab_server.lab(folder) as address, lab_server.browser() as page:
        lab_server.open_notebook(page, address, "report.ipynb")
        lab_server.run_all(page)
        page.wait_for_selector(".mlops-live:visible")
        assert page.locator(".mlops-report:visible").count() == 0
        lab_server.save(page)
        page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    saved = json.loads((folder / "report.ipynb").read_text())
    kinds = [sorted(output["data"]) for output in saved["cells"][0]["outputs"]]
    assert kinds[0] == ["text/html", "text/plain"]
    shutil.rmtree(folder / ".settings")
    with lab_server.lab(folder) as address, lab_server.browser() as page:
        lab_server.open_notebook(page, address, "report.ipynb")
        page.wait_for_selector(".mlops-report:visible")
        page.wait_for_selector("text=model not found", state="attached")
        assert page.locator("text=model not found >> visible=true").count() == 0
        grounds = []
        for dark in (False, True):
            lab_server.use_theme(page, dark)
            grounds.append(page.evaluate("getComputedStyle(document.querySelector('.mlops-report')).color"))
        assert grounds[0] != grounds[1]
