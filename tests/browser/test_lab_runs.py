"""A notebook as a pipeline in a real JupyterLab: run, followed, broken, resumed, stopped, found again, compared, compiled."""

import re

import lab_server
import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(lab_server.CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"),
]

STEPS = [
    ("rate = 0.5\nrounds = 2", ["parameters"]),
    ("data = [1.0, 2.0, 3.0]\nprint('loaded', len(data))", ["step:load"]),
    ("weight = 0.0\nfor turn in range(rounds):\n    weight += rate * sum(data)\nprint('weight', weight)", ["step:train"]),
    ("class Card:\n    def _repr_html_(self):\n        return f'<b id=card>weight {weight}</b>'\n\nCard()", ["step:show"]),
]
PATIENCE = 60_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def address(folder):
    with lab_server.lab(folder) as address:
        yield address


@pytest.fixture
def page(request, folder, address):
    """A notebook of its own for each test, open and ready to be run."""
    name = f"{request.node.name}.ipynb"
    lab_server.write_notebook(folder / name, STEPS)
    with lab_server.browser() as page:
        page.set_viewport_size({"width": 1360, "height": 1000})
        lab_server.open_notebook(page, address, name)
        page.wait_for_selector(".jp-mlops-split:not([aria-disabled=true])", timeout=PATIENCE)
        yield page


def run_button(page):
    return page.locator(".jp-mlops-runbutton").get_by_role("button", name="Run pipeline")


def wait_for_run(page, state):
    page.wait_for_selector(f".jp-mlops-run-detail h2[data-state={state}]", timeout=PATIENCE)


def choose(page, step):
    page.locator(".jp-mlops-steps").get_by_role("button", name=step).click()


def states(page):
    return {row.get_attribute("data-step"): row.get_attribute("data-state") for row in page.locator(".jp-mlops-steps tbody tr").all()}


def test_a_failure_leads_to_its_line_and_resuming_keeps_what_was_done(page):
    run_button(page).click()
    wait_for_run(page, "succeeded")
    assert states(page) == {"load": "succeeded", "train": "succeeded", "show": "succeeded"}
    choose(page, "train")
    page.locator(".jp-mlops-log", has_text="weight 6.0").wait_for()
    lab_server.set_source(page, 2, "weight = 0.0\nprint('before')\nraise ValueError(f'too heavy: {rate * sum(data)}')")
    run_button(page).click()
    wait_for_run(page, "failed")
    assert states(page) == {"load": "cached", "train": "failed", "show": "not run"}
    failure = page.locator(".jp-mlops-step .jp-mlops-failure")
    assert "too heavy" in failure.inner_text()
    page.locator(".jp-mlops-log", has_text="before").wait_for()
    failure.get_by_role("button", name=re.compile("line 3")).click()
    page.wait_for_function("() => window.jupyterapp.shell.currentWidget.content.activeCellIndex === 2")
    lab_server.set_source(page, 2, "weight = sum(data) * rate\nprint('light enough')")
    page.get_by_role("button", name="Resume").click()
    wait_for_run(page, "succeeded")
    assert states(page) == {"load": "resumed", "train": "succeeded", "show": "succeeded"}
    assert page.locator(".jp-mlops-run").count() == 2


def test_a_run_waits_for_a_save_that_still_goes_on(page):
    def answer_late(route):
        if route.request.method != "PUT":
            route.continue_()
            return
        answer = route.fetch()
        page.wait_for_timeout(1500)
        route.fulfill(response=answer)

    page.route("**/api/contents/**", answer_late)
    lab_server.set_source(page, 1, "data = [4.0]")
    lab_server.execute(page, "docmanager:save")
    run_button(page).click()
    wait_for_run(page, "succeeded")
    page.unroute_all()


def test_what_a_step_displays_is_framed_as_nobody_of_this_origin(page):
    run_button(page).click()
    wait_for_run(page, "succeeded")
    choose(page, "show")
    page.get_by_role("tab", name="Displayed").click()
    assert page.get_attribute("iframe.jp-mlops-page", "sandbox") == "allow-scripts"
    page.frame_locator("iframe.jp-mlops-page").locator("#card", has_text="weight 6.0").wait_for()


def test_a_run_outlives_a_reload_and_is_stopped_then(page):
    lab_server.set_source(
        page, 2, "import time\nfor turn in range(1200):\n    print('turn', turn, flush=True)\n    time.sleep(0.1)\nweight = 1.0"
    )
    run_button(page).click()
    page.locator(".jp-mlops-log", has_text="turn 3").wait_for(timeout=PATIENCE)
    page.reload()
    page.locator(".jp-mlops-runbutton").get_by_role("button", name=re.compile("Stop")).wait_for(timeout=120_000)
    wait_for_run(page, "running")
    assert states(page)["train"] == "running"
    page.locator(".jp-mlops-log-lines", has_text=re.compile(r"turn \d\d")).wait_for(timeout=PATIENCE)
    page.locator(".jp-mlops-run-detail").get_by_role("button", name="Stop").click()
    wait_for_run(page, "interrupted")
    assert states(page)["load"] == "succeeded"
    assert states(page)["train"] in {"stopped", "failed"}
    assert page.get_by_role("button", name="Resume").is_visible()


def test_a_form_refuses_what_is_no_number_and_two_runs_are_compared(page):
    run_button(page).click()
    wait_for_run(page, "succeeded")
    lab_server.execute(page, "jupyter-mlops:run-with-parameters")
    page.fill("[data-parameter=rounds]", "many")
    page.click(".jp-Dialog .jp-mod-accept")
    page.get_by_text("`many` is not a whole number").wait_for()
    page.fill("[data-parameter=rounds]", "4")
    page.click(".jp-Dialog .jp-mod-accept")
    page.wait_for_function("() => document.querySelectorAll('.jp-mlops-run[data-state=succeeded]').length === 2", timeout=PATIENCE)
    assert page.locator(".jp-mlops-run").first.locator("code").all_inner_texts() == ["rounds=4"]
    for box in page.locator(".jp-mlops-run input").all():
        box.check()
    page.get_by_role("button", name="Compare").click()
    rows = page.locator(".jp-mlops-compare tr")
    rows.first.wait_for()
    texts = [re.sub(r"\s+", " ", text) for text in rows.all_inner_texts()]
    assert "rounds 2 4 ↑ 2 (100 %) more" in texts
    assert "rate 0.5 0.5 the same" in texts
    assert any(text.startswith("train ") and "gives another `weight`" in text for text in texts)
    lab_server.execute(page, "jupyter-mlops:run-with-parameters")
    assert page.input_value("[data-parameter=rounds]") == "4"


@pytest.mark.parametrize("width", [1360, 900])
def test_all_of_the_compiled_file_s_buttons_are_in_reach(page, width):
    page.set_viewport_size({"width": width, "height": 1000})
    lab_server.execute(page, "jupyter-mlops:compile")
    page.get_by_role("button", name="Write", exact=True).click(timeout=PATIENCE)
    page.get_by_role("button", name="Written").wait_for()


def test_the_pipeline_file_follows_the_notebook_and_shows_what_changes(page, folder, request):
    lab_server.execute(page, "jupyter-mlops:open-graph")
    page.wait_for_selector("[aria-label^='Pipeline ']")
    lab_server.execute(page, "jupyter-mlops:compile")
    page.locator(".jp-mlops-compiled .cm-content", has_text="defaultValue: 0.5").wait_for(timeout=PATIENCE)
    assert page.locator(".jp-NotebookPanel:visible").bounding_box()["width"] > 400  # it is over the graph, not a third column
    page.get_by_role("button", name="Write").click()
    page.get_by_role("button", name="Written").wait_for()
    written = (folder / f"{request.node.name}.yaml").read_text()
    lab_server.set_source(page, 0, "rate = 0.75\nrounds = 2")
    page.locator(".jp-mlops-counts", has_text="+2 −2").wait_for(timeout=PATIENCE)
    page.get_by_role("button", name="Changes").click()
    added = page.locator(".jp-mlops-diff-added", has_text="defaultValue: 0.75")
    assert added.locator("td").nth(2).inner_text() == "+"
    lab_server.set_source(page, 2, "weight = nothing * rate")
    page.locator(".jp-mlops-compiled [role=alert]", has_text="error").wait_for(timeout=PATIENCE)
    assert (folder / f"{request.node.name}.yaml").read_text() == written
    assert page.locator(".jp-mlops-split").first.get_attribute("title") == "It cannot be run: 1 error: see Problems"
