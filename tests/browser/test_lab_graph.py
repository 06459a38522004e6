"""The live graph in a real JupyterLab: it follows the notebook, leads to its cells, and can be taken away as a picture."""

import json
from xml.etree import ElementTree

import lab_server
import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(lab_server.CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"),
]

CELLS = [
    ("import pandas as pd", ["setup"]),
    ("share: float = 0.25", ["parameters"]),
    ("frame = pd.DataFrame({'a': range(100000), 'b': 1.0})", ["step:load"]),
    ("kept = frame[frame.a > share]\nmean = kept.b.mean()", ["step:clean", "memory:4Gi"]),
    ("print(frame.shape, mean)", ["step:report"]),
    ("rest = mean + 1", []),
]
STEP = '.jp-mlops-graph-step[data-step="{}"]'
LABEL = '.jp-mlops-graph-label[data-edge="{}→{}"]'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("graph")


@pytest.fixture(scope="module")
def address(folder):
    with lab_server.lab(folder) as found:
        yield found


@pytest.fixture
def page(folder, address):
    lab_server.write_notebook(folder / "flow.ipynb", CELLS)
    with lab_server.browser() as opened:
        lab_server.open_notebook(opened, address, "flow.ipynb")
        lab_server.execute(opened, "jupyter-mlops:open-graph")
        opened.wait_for_selector(STEP.format("report"))
        yield opened


def notebook(page, expression):
    """Evaluate an expression of `panel`, the notebook panel that is open."""
    return page.evaluate(
        f"() => {{ const panel = [...window.jupyterapp.shell.widgets('main')].find(w => w.context); return {expression} }}"
    )


def selected(page):
    """Return the text that is selected in the active cell."""
    return notebook(
        page,
        "(() => { const editor = panel.content.activeCell.editor; const {start, end} = editor.getSelection(); "
        "return panel.content.activeCell.model.sharedModel.getSource().slice(editor.getOffsetAt(start), editor.getOffsetAt(end)) })()",
    )


def test_a_cell_that_is_tagged_becomes_a_step_with_its_edges(page):
    assert page.locator(STEP.format("extra")).count() == 0
    notebook(page, "panel.content.widgets[5].model.setMetadata('tags', ['step:extra', 'gpu:1'])")
    page.wait_for_selector(STEP.format("extra"))
    assert "1 GPU" in page.locator(STEP.format("extra")).text_content()
    assert "mean" in page.locator(LABEL.format("clean", "extra")).text_content()


def test_a_step_that_is_clicked_shows_its_cell(page):
    page.click(STEP.format("report"))
    page.wait_for_function("() => document.querySelector('.jp-mod-active.jp-mlops-focusedCell')")
    assert notebook(page, "panel.content.activeCellIndex") == 4


def test_an_edge_that_is_clicked_says_where_its_value_is_made_and_used_and_leads_there(page):
    page.click(LABEL.format("load", "clean"))
    card = page.locator(".jp-mlops-graph-card")
    card.wait_for()
    text = card.inner_text()
    assert "frame" in text
    assert "Dataset" in text
    assert "cell 3, line 1" in text
    assert "report" in text  # it uses the value too
    card.locator("button[data-cell='cell-3']").first.click()
    page.wait_for_function("() => [...window.jupyterapp.shell.widgets('main')].find(w => w.context).content.activeCellIndex === 3")
    page.wait_for_function("() => document.activeElement.closest('.jp-mlops-graph-card, .cm-content') !== null")
    assert selected(page) == "frame"
    page.locator(".jp-mlops-graph-card header button").last.click()
    card.wait_for(state="detached")


def test_values_have_sizes_once_the_cells_have_run_and_none_after_a_restart(page):
    lab_server.run_all(page)
    page.wait_for_function(
        "() => /MB/.test(document.querySelector('.jp-mlops-graph-label[data-edge=\"load→clean\"]').textContent)", timeout=60_000
    )
    assert "100 k × 2" in page.locator(LABEL.format("load", "clean")).text_content()
    count = notebook(page, "panel.content.widgets[5].model.executionCount")
    notebook(page, "panel.sessionContext.session.kernel.restart()")
    page.wait_for_function(
        "() => !/MB/.test(document.querySelector('.jp-mlops-graph-label[data-edge=\"load→clean\"]').textContent)", timeout=60_000
    )
    assert count == 6  # what we asked is in no history


def test_the_graph_is_walked_by_keys_and_says_where_one_is(page):
    page.focus(".jp-mlops-graph-canvas")
    page.keyboard.press("Home")
    spoken = page.locator(".jp-mlops-graph-spoken")
    assert spoken.inner_text().startswith("Step load")
    page.keyboard.press("ArrowDown")
    page.wait_for_function("() => document.querySelector('.jp-mlops-graph-spoken').textContent.startsWith('Step clean')")
    assert "4Gi of memory" in spoken.inner_text()
    assert page.evaluate("document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).dataset.step") == "clean"
    page.keyboard.press("e")
    page.wait_for_function("() => document.querySelector('.jp-mlops-graph-spoken').textContent.startsWith('From clean to report')")
    page.keyboard.press("Enter")
    page.wait_for_selector(".jp-mlops-graph-card")
    page.keyboard.press("Escape")
    page.wait_for_selector(".jp-mlops-graph-card", state="detached")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.jp-mod-active.jp-mlops-focusedCell')")
    assert notebook(page, "panel.content.activeCellIndex") == 4


def test_an_exported_graph_is_a_picture_that_needs_nothing(page, folder):
    lab_server.execute(page, "jupyter-mlops:export-graph")
    page.wait_for_selector(".Toastify__toast:has-text('flow.pipeline.svg')")
    text = (folder / "flow.pipeline.svg").read_text(encoding="utf-8")
    picture = ElementTree.fromstring(text)
    words = "".join(picture.itertext())
    assert all(word in words for word in ("load", "clean", "report", "frame", "Dataset", "share"))
    assert "var(" not in text
    assert "jp-" not in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert (float(picture.get("width")), float(picture.get("height"))) > (200, 200)


def test_after_a_reload_the_panel_is_there_again(page, address):
    lab_server.wait_until_saved(
        page, lambda state: "jupyter-mlops-graph:graph" in json.dumps(state.get("layout-restorer:data", {}).get("main"))
    )
    page.goto(f"{address}/lab?token={lab_server.TOKEN}")
    page.wait_for_selector(STEP.format("report"), timeout=60_000)


def test_a_notebook_without_steps_offers_to_have_some_proposed(page, folder, address):
    lab_server.write_notebook(folder / "plain.ipynb", [("x = 1", []), ("print(x)", [])])
    page.evaluate("() => { void window.jupyterapp.commands.execute('docmanager:open', { path: 'plain.ipynb' }) }")
    page.wait_for_selector(".jp-mlops-graph-message:has-text('No steps yet') button")
