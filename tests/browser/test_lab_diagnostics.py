"""What is wrong is underlined in the cells of a real JupyterLab, listed, explained, and mended by a click or a key."""

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
    ("import pandas as pd\nframe = pd.DataFrame({'x': range(10)})", ["step:load"]),
    ("total = frame['x'].sum()", ["step:add"]),
    ("print(total)", ["step:tell"]),
]
TOOLTIP = ".cm-tooltip-lint"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    with lab_server.lab(folder) as address, lab_server.browser() as page:
        page.set_viewport_size({"width": 1280, "height": 900})
        yield Lab(folder, address, page)


class Lab:
    """A JupyterLab with a page, and the files it shows."""

    def __init__(self, folder, address, page):
        self.folder, self.address, self.page = folder, address, page

    def open(self, name, cells):
        lab_server.write_notebook(self.folder / name, cells)
        lab_server.open_notebook(self.page, self.address, name)
        self.page.wait_for_selector(".jp-mlops-badge", state="attached")

    def cell(self, at):
        return self.page.locator(".jp-Notebook .jp-Cell").nth(at)

    def marks(self, at):
        return self.cell(at).locator(".cm-lintRange")

    def type_at_end(self, at, text):
        self.cell(at).locator(".cm-content").click()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(text)

    def source(self, at):
        return self.page.evaluate("at => window.jupyterapp.shell.currentWidget.model.cells.get(at).sharedModel.getSource()", at)

    def execute(self, command, **given):
        lab_server.execute(self.page, command, **given)


def test_an_undefined_name_is_underlined_as_it_is_typed_and_mended_by_a_click(lab):
    lab.open("typed.ipynb", CELLS)
    expect(lab.page.locator(".cm-lintRange")).to_have_count(0)
    lab.type_at_end(2, "\nprint(totl)")
    expect(lab.marks(2)).to_have_text("totl")
    expect(lab.cell(2).locator(".cm-lint-marker-error")).to_have_count(1)
    lab.marks(2).hover()
    tooltip = lab.page.locator(TOOLTIP)
    expect(tooltip).to_contain_text("totl is read in step tell but no earlier step defines it; did you mean total?")
    check_accessibility(lab.page, TOOLTIP)
    tooltip.get_by_role("button", name="Write total").click()
    expect(lab.page.locator(".cm-lintRange")).to_have_count(0)
    assert lab.source(2) == "print(total)\nprint(total)"


def test_the_mark_moves_with_its_text_and_goes_with_its_reason(lab):
    lab.open("moves.ipynb", [*CELLS[:2], ("print(totl)", ["step:tell"])])
    expect(lab.marks(2)).to_have_text("totl")
    lab.cell(2).locator(".cm-content").click()
    lab.page.keyboard.press("Control+Home")
    lab.page.keyboard.type("# a line\n")
    expect(lab.marks(2)).to_have_text("totl")
    lab.type_at_end(1, "\ntotl = total")
    expect(lab.page.locator(".cm-lintRange")).to_have_count(0)


def test_a_key_goes_from_one_problem_to_the_next_and_another_mends_it(lab):
    lab.open("keys.ipynb", [CELLS[0], ("total = frme['x'].sum()", ["step:add"]), ("print(totl)", ["step:tell"])])
    expect(lab.page.locator(".cm-lintRange")).to_have_count(2)
    lab.cell(0).locator(".cm-content").click()
    lab.page.keyboard.press("F8")
    expect(lab.page.locator(TOOLTIP)).to_contain_text("frme is read")
    lab.page.keyboard.press("F8")
    expect(lab.page.locator(TOOLTIP)).to_have_count(1)
    expect(lab.page.locator(TOOLTIP)).to_contain_text("totl is read")
    lab.page.keyboard.press("F8")
    expect(lab.page.locator(TOOLTIP)).to_contain_text("frme is read")
    lab.page.keyboard.press("Control+.")
    menu = lab.page.locator(".lm-Menu-content")
    expect(menu.get_by_text("Write frame")).to_be_visible()
    expect(lab.page.locator(TOOLTIP)).to_have_count(0)
    lab.page.keyboard.press("ArrowDown")
    lab.page.keyboard.press("Enter")
    expect(lab.marks(1)).to_have_count(0)
    assert lab.source(1) == "total = frame['x'].sum()"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_panel_lists_every_problem_with_its_fixes_and_its_page(lab, dark):
    lab.open("panel.ipynb", [(CELLS[0][0], ["step:load", "gpuu:1"]), ("total = frme['x'].sum()", ["step:add"]), CELLS[2]])
    lab_server.use_theme(lab.page, dark)
    status = lab.page.locator(".jp-mlops-status button")
    expect(status).to_have_text("3 steps, 2 errors")
    status.click()
    panel = lab.page.locator(".jp-mlops-problems")
    expect(panel.locator("li")).to_have_count(2)
    check_accessibility(lab.page, ".jp-mlops-problems")
    panel.get_by_role("button", name="Write gpu:1").click()
    expect(panel.locator("li")).to_have_count(1)
    expect(lab.cell(0).locator(".jp-mlops-badge")).to_contain_text("GPU")
    panel.get_by_role("button", name="NB201", exact=True).click()
    page = lab.page.locator(".jp-mlops-explanation")
    expect(page.get_by_role("heading", name=re.compile("NB201 name-read-before-definition"))).to_be_visible()
    check_accessibility(lab.page, ".jp-mlops-explanation")


def test_a_notebook_that_has_no_steps_is_left_alone(lab):
    lab_server.write_notebook(lab.folder / "plain.ipynb", [("print(nowhere)", [])])
    lab_server.open_notebook(lab.page, lab.address, "plain.ipynb")
    expect(lab.page.locator(".jp-Notebook .jp-Cell")).to_have_count(1)
    lab.type_at_end(0, "\nx = 1")
    with lab.page.expect_response(re.compile("jupyter-mlops/view")):
        lab.page.keyboard.type("2")
    expect(lab.page.locator(".cm-lintRange")).to_have_count(0)


def test_while_the_server_is_away_one_line_says_so_and_what_was_known_stays(lab):
    lab.open("away.ipynb", [*CELLS[:2], ("print(totl)", ["step:tell"])])
    expect(lab.marks(2)).to_have_count(1)
    views = re.compile("jupyter-mlops/view")
    lab.page.route(views, lambda route: route.abort())
    lab.type_at_end(1, "\nx = 1")
    banner = lab.page.get_by_role("region", name="Connection")
    expect(banner).to_contain_text("The server does not answer.")
    expect(lab.page.locator(".jp-mlops-banner:visible")).to_have_count(1)
    expect(lab.marks(2)).to_have_count(1)
    expect(lab.cell(2).locator(".jp-mlops-badge")).to_contain_text("tell")
    lab.page.unroute(views)
    banner.get_by_role("button", name="Ask Again").click()
    expect(banner).to_be_hidden()
