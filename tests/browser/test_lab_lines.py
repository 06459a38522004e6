"""Lines at the cells of a real JupyterLab: what crosses between steps, and which cells are stale in the kernel."""

import re

import lab_server
import pytest
from accessibility import check_accessibility
from playwright.sync_api import expect

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(lab_server.CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"),
]

CELLS = [
    ("factor: int = 3", ["parameters"]),
    ("numbers = [1, 2, 3]", ["step:load"]),
    ("total = sum(numbers) * factor", ["step:add"]),
    ("print(total)", ["step:tell"]),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lines")
    lab_server.write_notebook(folder / "lines.ipynb", CELLS)
    with lab_server.lab(folder) as found:
        yield found


@pytest.fixture(params=["lab", "notebook"])
def page(request, address):
    opened = {"lab": lab_server.open_notebook, "notebook": lab_server.open_in_notebook_7}[request.param]
    with lab_server.browser() as found:
        opened(found, address, "lines.ipynb")
        found.wait_for_selector(".jp-mlops-receives")
        yield found


def cell(page, at):
    return page.locator(".jp-Notebook .jp-Cell").nth(at)


def type_in(page, at, text):
    cell(page, at).locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def test_a_step_says_what_crosses_as_it_is_typed_and_leads_to_where_it_is_made(page):
    expect(cell(page, 1).locator(".jp-mlops-handson")).to_contain_text("numbers")
    received = cell(page, 2).locator(".jp-mlops-receives")
    expect(received).to_contain_text("from load")
    expect(received).to_contain_text("parameters factor")
    check_accessibility(page, ".jp-mlops-receives", ".jp-mlops-handson")
    type_in(page, 3, "\nprint(len(numbers))")
    told = cell(page, 3).locator(".jp-mlops-receives")
    expect(told).to_contain_text("from load")
    told.get_by_role("button", name="numbers").click()
    expect(cell(page, 1)).to_have_class(re.compile("jp-mod-active"))
    selected = (
        "() => {const {start, end} = window.jupyterapp.shell.currentWidget.content.activeCell.editor.getSelection(); return [start, end]}"
    )
    assert page.evaluate(selected) == [{"line": 0, "column": 0}, {"line": 0, "column": len("numbers")}]


def test_cells_go_stale_with_what_they_need_and_are_run_again_by_one_click(page):
    lab_server.run_all(page)
    expect(page.locator(".jp-mlops-doubt")).to_have_count(0)
    type_in(page, 1, "  # four soon")
    expect(cell(page, 1).locator(".jp-mlops-doubt")).to_contain_text("edited since it was run.")
    expect(cell(page, 2).locator(".jp-mlops-doubt")).to_contain_text("stale: cell 2, which gives numbers, was edited since.")
    expect(cell(page, 3).locator(".jp-mlops-doubt")).to_contain_text("stale: cell 3, which gives total, is stale too.")
    check_accessibility(page, ".jp-mlops-doubt")
    cell(page, 3).get_by_role("button", name="Run stale cells").click()
    expect(page.locator(".jp-mlops-doubt")).to_have_count(0, timeout=30_000)
    expect(cell(page, 3).locator(".jp-OutputArea-output")).to_contain_text("18")
