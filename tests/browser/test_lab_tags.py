"""Tags on cells in a real JupyterLab: by mouse, by keyboard, several at once, proposed, and Kale's."""

import json
import re

import lab_server
import pytest
from accessibility import check_accessibility
from playwright.sync_api import expect

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(lab_server.CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"),
]

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
FORM = ".jp-mlops-tagpopover .jp-mlops-tagform"
STEP = "#jp-mlops-tagfield-step"
OUTPUT = {"output_type": "stream", "name": "stdout", "text": ["kept\n"]}
PLAIN = [
    "import pandas as pd",
    "frame = pd.DataFrame({'x': range(100), 'y': [0, 1] * 50})",
    "frame.head()",
    "from sklearn.tree import DecisionTreeClassifier\nmodel = DecisionTreeClassifier().fit(frame[['x']], frame['y'])",
    "assert model.score(frame[['x']], frame['y']) > 0.4",
]


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

    def open(self, name, cells, metadata=None):
        """Open a notebook of code cells, given as sources or as sources with their metadata."""
        written = [cell if isinstance(cell, tuple) else (cell, {}) for cell in cells]
        entries = [
            {"cell_type": "code", "id": f"c{at}", "metadata": data, "source": source, "outputs": [OUTPUT], "execution_count": 7}
            for at, (source, data) in enumerate(written)
        ]
        document = {"cells": entries, "metadata": {**KERNEL, **(metadata or {})}, "nbformat": 4, "nbformat_minor": 5}
        (self.folder / name).write_text(json.dumps(document))
        lab_server.open_notebook(self.page, self.address, name)
        self.page.wait_for_selector(".jp-mlops-badge", state="attached")

    def cell(self, at):
        return self.page.locator(".jp-Notebook .jp-Cell").nth(at)

    def badge(self, at):
        return self.cell(at).locator(".jp-mlops-badge-button")

    def tags(self):
        """Return the tags of every cell, as they are in the editor."""
        cells = "window.jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.getMetadata('tags') ?? [])"
        return self.page.evaluate(cells)

    def wait_for_tags(self, expected):
        self.page.wait_for_function(
            "expected => JSON.stringify(window.jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.getMetadata('tags') ?? []))"
            " === JSON.stringify(expected)",
            arg=expected,
            timeout=10_000,
        )

    def select(self, at):
        """Make a cell the active one, in command mode."""
        self.cell(at).locator(".jp-InputPrompt").click()

    def name_step(self, name):
        """Type a step's name into the form that is open, and close it."""
        self.page.wait_for_selector(f"{FORM} {STEP}:focus")
        self.page.keyboard.type(name)
        self.page.keyboard.press("Enter")
        self.page.keyboard.press("Escape")
        self.page.wait_for_selector(FORM, state="detached")

    def saved(self, name):
        lab_server.save(self.page)
        self.page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
        return json.loads((self.folder / name).read_text())


def test_three_cells_are_tagged_by_mouse_and_the_rest_of_the_file_survives(lab):
    lab.open(
        "mouse.ipynb", [("a = 1", {"mine": {"deep": [1]}, "tags": ["hide-input"]}), "b = a + 1", "c = b + 1"], {"other": {"kept": True}}
    )
    for at, name in enumerate(["load", "prepare", "train"]):
        lab.cell(at).hover()
        lab.badge(at).click()
        lab.name_step(name)
        expect(lab.badge(at)).to_contain_text(name)
    saved = lab.saved("mouse.ipynb")
    assert [cell["metadata"].get("tags") for cell in saved["cells"]] == [["hide-input", "step:load"], ["step:prepare"], ["step:train"]]
    assert saved["cells"][0]["metadata"]["mine"] == {"deep": [1]}
    assert saved["metadata"]["other"] == {"kept": True}
    assert [(cell["outputs"], cell["execution_count"]) for cell in saved["cells"]] == [([OUTPUT], 7)] * 3


def test_cells_are_tagged_by_keyboard_alone_and_the_focus_comes_back(lab):
    lab.open("keys.ipynb", ["a = 1", "b = a + 1", "c = b + 1"])
    lab.select(0)
    for at, name in enumerate(["load", "prepare", "train"]):
        lab.page.keyboard.press("Alt+t")
        lab.name_step(name)
        lab.page.wait_for_function(
            f"() => document.activeElement.closest('.jp-Cell') === document.querySelectorAll('.jp-Notebook .jp-Cell')[{at}]"
        )
        lab.page.keyboard.press("ArrowDown")
    lab.wait_for_tags([["step:load"], ["step:prepare"], ["step:train"]])
    lab.badge(1).focus()
    lab.page.keyboard.press("Enter")
    lab.page.wait_for_selector(f"{FORM} {STEP}:focus")
    lab.page.keyboard.press("Escape")
    expect(lab.badge(1)).to_be_focused()
    lab.page.keyboard.press("Alt+Shift+t")
    lab.wait_for_tags([["step:load"], ["skip"], ["step:train"]])


def test_several_cells_are_changed_at_once_and_one_undo_takes_it_back(lab):
    before = [["step:a"], ["step:b", "memory:1Gi"], []]
    lab.open("several.ipynb", [(f"x{at} = 1", {"tags": tags}) for at, tags in enumerate(before)])
    lab.select(0)
    lab.page.keyboard.press("Shift+ArrowDown")
    lab.page.keyboard.press("Alt+t")
    lab.page.wait_for_selector(FORM)
    expect(lab.page.locator(STEP)).to_have_attribute("placeholder", "differs")
    lab.page.fill("#jp-mlops-tagfield-memory", "8Gi")
    lab.page.keyboard.press("Enter")
    lab.wait_for_tags([["step:a", "memory:8Gi"], ["step:b", "memory:8Gi"], []])
    lab.page.keyboard.press("Escape")
    lab.page.wait_for_selector(FORM, state="detached")
    lab.page.keyboard.press("z")
    lab.wait_for_tags(before)


def test_what_is_wrong_stands_beside_its_field_and_is_not_written(lab):
    lab.open("wrong.ipynb", [("x = 1", {"tags": ["step:a"]}), "y = 1"])
    lab.badge(0).click()
    lab.page.click(f"{FORM} summary:has-text('Resources')")
    lab.page.fill("#jp-mlops-tagfield-memory", "8 apples")
    lab.page.keyboard.press("Enter")
    expect(lab.page.locator("#jp-mlops-tagfield-memory-problem")).to_contain_text("expected a size with its unit")
    assert lab.tags() == [["step:a"], []]


def test_a_tag_is_completed_as_text(lab):
    lab.open("text.ipynb", [("x = 1", {"tags": ["step:a"]}), "y = 1"])
    lab.badge(0).click()
    lab.page.fill("#jp-mlops-tagraw-tag", "ret")
    lab.page.wait_for_selector("[role=option]:has-text('retry:')")
    lab.page.keyboard.type("ry:3")
    lab.page.keyboard.press("Enter")
    lab.wait_for_tags([["step:a", "retry:3"], []])
    lab.page.click("[aria-label='Remove the tag retry:3']")
    lab.wait_for_tags([["step:a"], []])


def test_steps_are_proposed_and_nothing_is_written_before_they_are_accepted(lab):
    lab.open("plain.ipynb", PLAIN)
    untagged = [[]] * len(PLAIN)
    bar = lab.page.locator(".jp-mlops-tagbar:visible")
    bar.get_by_role("button", name="Propose Steps").click()
    proposed = lab.page.locator(".jp-mlops-badge-accept")
    expect(proposed.first).to_be_visible()
    count = proposed.count()
    assert count > 2
    assert lab.tags() == untagged
    proposed.first.focus()
    lab.page.keyboard.press("Enter")
    expect(proposed).to_have_count(count - 1)
    expect(proposed.first).to_be_focused()
    one = lab.tags()
    assert sum(map(bool, one)) == 1
    bar.get_by_role("button", name="Accept All").click()
    expect(proposed).to_have_count(0)
    everything = lab.tags()
    assert sum(map(bool, everything)) == count
    for expected in (one, untagged):
        lab.page.evaluate("window.jupyterapp.commands.execute('notebook:undo-cell-action')")
        lab.wait_for_tags(expected)


def test_an_invitation_that_is_sent_away_stays_away(lab):
    lab.open("away.ipynb", PLAIN)
    bar = lab.page.locator(".jp-mlops-tagbar:visible")
    bar.get_by_role("button", name="Do not offer this for this notebook").click()
    expect(bar).to_have_count(0)
    lab_server.wait_until_saved(lab.page, lambda state: "jupyter-mlops:dismissed:invitation:away.ipynb" in state)
    assert set(lab.saved("away.ipynb")["metadata"]) <= {"kernelspec", "language_info"}
    lab.page.goto(f"{lab.address}/lab/tree/away.ipynb?token={lab_server.TOKEN}")
    lab.page.wait_for_selector(".jp-mlops-badge", state="attached")
    expect(bar).to_have_count(0)


KALE = [
    ("import pandas as pd", {"tags": ["imports"]}),
    ("depth = 6", {"tags": ["pipeline-parameters"]}),
    ("raw = pd.DataFrame({'x': [1, 2, 3]})", {"tags": ["block:load"]}),
    ("total = raw['x'].sum() * depth", {"tags": ["block:sum", "prev:load", "limit:nvidia.com/gpu:1"]}),
]


def test_a_notebook_of_kale_opens_as_it_is_is_converted_and_can_be_taken_back(lab):
    old = {"kubeflow_notebook": {"pipeline_name": "old", "pipeline_description": "d"}}
    lab.open("kale.ipynb", KALE, old)
    expect(lab.badge(3)).to_contain_text(re.compile("sum.*1 GPU"))
    bar = lab.page.locator(".jp-mlops-tagbar:visible")
    bar.get_by_role("button", name="Convert").click()
    lab.wait_for_tags([["setup"], ["parameters"], ["step:load"], ["step:sum", "after:load", "gpu:1"]])
    expect(bar).to_have_count(0)
    metadata = "window.jupyterapp.shell.currentWidget.context.model.metadata"
    assert lab.page.evaluate(f"[{metadata}.nb2pipe.name, {metadata}.kubeflow_notebook ?? null]") == ["old", None]
    lab.page.get_by_role("button", name="Undo").click()
    lab.wait_for_tags([data["tags"] for _, data in KALE])
    assert lab.page.evaluate(f"{metadata}.kubeflow_notebook") == old["kubeflow_notebook"]


def test_the_pipeline_is_named_in_the_property_inspector(lab):
    lab.open("named.ipynb", [("x = 1", {"tags": ["step:a"]}), "y = 1"], {"nb2pipe": {"defaults": {"env": {"MODE": "fast"}}}})
    lab.page.evaluate("window.jupyterapp.commands.execute('jupyter-mlops:edit-settings')")
    lab.page.fill("input[id$='/nb2pipe/name']", "churn")
    lab.page.wait_for_function("() => window.jupyterapp.shell.currentWidget.context.model.metadata.nb2pipe.name === 'churn'")
    assert lab.saved("named.ipynb")["metadata"]["nb2pipe"] == {"name": "churn", "defaults": {"env": {"MODE": "fast"}}}


def test_a_cell_that_is_moved_takes_its_badge_along_and_others_are_not_drawn_again(lab):
    lab.open("moved.ipynb", [(f"x{at} = 1", {"tags": [f"step:s{at}"]}) for at in range(4)])
    expect(lab.badge(3)).to_contain_text("s3")
    lab.page.evaluate("document.querySelectorAll('.jp-mlops-badge-button').forEach(each => { each.marked = true })")
    lab.select(0)
    lab.page.keyboard.press("Control+Shift+ArrowDown")
    expect(lab.badge(0)).to_contain_text("s1")
    expect(lab.badge(1)).to_contain_text("s0")
    assert lab.page.evaluate("[...document.querySelectorAll('.jp-mlops-badge-button')].filter(each => each.marked).length") >= 2


def test_of_500_cells_only_those_that_are_drawn_have_a_badge(lab):
    lab.open("long.ipynb", [(f"x{at} = {at}", {"tags": [f"step:s{at // 5}"]} if at % 5 == 0 else {}) for at in range(500)])
    drawn = "document.querySelectorAll('.jp-Notebook .jp-Cell .jp-mlops-badge').length"
    ready = "window.jupyterapp.shell.currentWidget.content.widgets.filter(cell => !cell.isPlaceholder()).length"
    badges, cells = lab.page.evaluate(f"[{drawn}, {ready}]")
    assert 0 < badges <= cells
    lab.page.evaluate("window.jupyterapp.shell.currentWidget.content.scrollToItem(495)")
    last = lab.page.locator(".jp-Cell .jp-mlops-badge-button:has-text('s99')").first
    expect(last).to_be_visible(timeout=60_000)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_badges_form_and_proposals_are_accessible(lab, dark):
    lab.open(
        "axe.ipynb",
        [("x = 1", {"tags": ["step:a", "gate", "gpu:1"]}), "y = x", ("z = 1", {"tags": ["skip"]}), ("w = y", {"tags": ["step:b"]})],
    )
    lab_server.use_theme(lab.page, dark)
    lab.badge(0).click()
    lab.page.fill("#jp-mlops-tagfield-memory", "8 apples")
    lab.page.keyboard.press("Enter")
    lab.page.wait_for_selector("#jp-mlops-tagfield-memory-problem")
    check_accessibility(lab.page, ".jp-mlops-badge", ".jp-mlops-tagpopover")
    lab.page.keyboard.press("Escape")
    lab.open("axeplain.ipynb", PLAIN)
    lab.page.locator(".jp-mlops-tagbar:visible").get_by_role("button", name="Propose Steps").click()
    lab.page.wait_for_selector(".jp-mlops-badge-accept")
    check_accessibility(lab.page, ".jp-mlops-badge", ".jp-mlops-tagbar")
    lab.page.locator(".jp-mlops-tagbar:visible").get_by_role("button", name="Discard").click()


def test_notebook_7_has_badges_and_the_form(lab):
    lab_server.write_notebook(lab.folder / "seven.ipynb", ["x = 1", "y = x"])
    lab_server.open_in_notebook_7(lab.page, lab.address, "seven.ipynb")
    lab.cell(0).hover()
    lab.badge(0).click()
    lab.name_step("load")
    expect(lab.badge(0)).to_contain_text("load")


def test_badges_stay_where_a_cell_is_folded_split_or_turned_into_text(lab):
    lab.open("folded.ipynb", [("x = 1\ny = 2", {"tags": ["step:a"]}), "z = 3"])
    lab.select(0)
    lab.page.evaluate("window.jupyterapp.commands.execute('notebook:hide-cell-code')")
    expect(lab.badge(0)).to_contain_text("a")
    expect(lab.badge(0)).to_be_visible()
    lab.select(1)
    lab.page.keyboard.press("m")
    expect(lab.badge(1)).to_have_count(0)
    lab.page.keyboard.press("y")
    expect(lab.badge(1)).to_have_count(1)
