"""The reports, and the interactive graph in a real browser."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

import jupyter_mlops.widgets.lineage as drawn
from jupyter_mlops.provenance.index import Node
from jupyter_mlops.provenance.lineage_report import lineage
from jupyter_mlops.provenance.view import graph_view

SCRIPT = Path(drawn.__file__).with_name("view.js")
CHROMIUM = Path("/usr/bin/chromium")


def big(count, most):
    """A graph of `count` datasets, each made from an earlier one."""
    nodes = [Node(i, "dataset", "nb2pipe", f"pipeline/{i % 40}", str(i), i, {}) for i in range(count)]
    edges = [(i * 7 // 8, i) for i in range(1, count) if i * 7 // 8 < i]
    return {
        "title": "lineage",
        "what": "graph",
        "headline": "big",
        "depth": 10,
        **graph_view(nodes, edges, focus=(), stale={}, live={}, most=most),
    }


def test_text_and_html_say_the_same_things(churn):
    report = lineage("model:churn")
    for name in ("churn.ipynb#2", "s3://lake/raw.parquet", "live: 100 % of requests"):
        assert name in report.text()
        assert name in report.html()


@pytest.mark.parametrize("count", [0, 1, 50, 3000])
def test_a_report_is_small_and_needs_no_script(count):
    html = drawn.html(big(count, 300))
    assert len(html.encode()) <= 100_000
    assert "<script" not in html


def test_names_cannot_put_markup_into_a_report():
    nodes = [Node(1, "dataset", "nb2pipe", "<img src=x onerror=alert(1)>", "", 1, {})]
    view = {"title": "lineage", "what": "graph", "headline": "<b>", "depth": 1, **graph_view(nodes, [], focus=(), stale={}, live={})}
    assert "<img" not in drawn.html(view)


def test_the_script_is_small_and_reaches_no_network():
    source = SCRIPT.read_bytes()
    assert len(gzip.compress(source)) <= 40_000
    assert source.count(b"\n") <= 300
    assert not any(word in source for word in (b"fetch(", b"XMLHttp", b"https://", b"import("))


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def opened(browser):
    """Open a page that holds the widget and a stand-in for its model."""
    pages = []

    def open_page(view, scheme="light"):
        page = browser.new_page(viewport={"width": 1100, "height": 760}, color_scheme=scheme)
        pages.append(page)
        style = (SCRIPT.parent.parent / "style.css").read_text() + SCRIPT.with_name("view.css").read_text()
        page.set_content(f"<!doctype html><style>{style}</style><body></body>")
        script = SCRIPT.read_text().replace("export default", "window.widget =")
        page.add_script_tag(content=script)
        page.evaluate(
            """view => { const held = {view, expanded: []}, heard = {};
            window.model = {get: key => held[key], set: (key, value) => { held[key] = value; heard["change:" + key]?.(); },
              save_changes() {}, on: (name, act) => { heard[name] = act; }, off() {}};
            widget.render({model, el: document.body}); }""",
            json.loads(json.dumps(view)),
        )
        page.wait_for_function("document.querySelectorAll('.node').length > 0")
        return page

    yield open_page
    for page in pages:
        page.close()


def focused(page):
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


def test_arrow_keys_follow_edges(churn, opened):
    page = opened(lineage("model:churn").view())
    page.locator(".node[tabindex='0']").focus()
    assert focused(page).startswith("model churn, version 3")
    page.keyboard.press("ArrowRight")
    assert focused(page).startswith("deployment churn, version 3, live: 100 % of requests")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert focused(page).startswith(("dataset churn/features", "cell churn.ipynb#2"))


def test_a_chosen_node_lights_both_directions_and_shows_its_facts(churn, opened):
    page = opened(lineage("churn/features").view())
    page.locator(".node.focus").click()
    page.wait_for_function("document.querySelectorAll('.node.lit').length > 0")
    lit = page.locator(".node.lit").evaluate_all("nodes => nodes.map(node => node.getAttribute('aria-label').split(',')[0])")
    assert {"dataset churn/features", "dataset s3://lake/raw.parquet", "model churn", "deployment churn"} <= set(lit)
    assert "cell churn.ipynb#2" not in lit
    assert "sha256:2222bbbb" in page.locator(".facts").inner_text()


def test_search_finds_and_enter_goes_there(churn, opened):
    page = opened(lineage("model:churn").view())
    page.keyboard.press("Tab")
    page.get_by_role("searchbox").fill("raw.parquet")
    assert page.get_by_role("status").inner_text() == "1 found"
    page.keyboard.press("Enter")
    assert focused(page).startswith("dataset s3://lake/raw.parquet")


def test_enter_on_a_group_asks_for_it(opened):
    page = opened(big(3000, 300))
    page.locator(".node[tabindex='0']").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("model.get('expanded').length") == 1


def test_of_thousands_only_what_is_in_sight_is_drawn(opened):
    page = opened(big(3000, 10_000))
    for _ in range(20):
        page.get_by_role("button", name="zoom in").click()
    page.wait_for_function("Number(document.querySelector('.mlops-lineage').dataset.drawn) < 200")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_errors_in_either_scheme(churn, opened, scheme, tmp_path):
    errors = []
    page = opened(lineage("model:churn").view(), scheme)
    page.on("pageerror", lambda error: errors.append(error))  # noqa: PLW0108 - playwright marks the function, a builtin cannot be
    page.get_by_role("button", name="show everything").click()
    assert page.screenshot(path=str(tmp_path / f"{scheme}.png"))
    assert errors == []


def test_a_live_widget_draws_opened_groups():
    pytest.importorskip("anywidget", reason="anywidget is not installed")
    asked = []
    made = drawn.widget(big(3000, 300), expand=lambda groups: asked.append(groups) or big(10, 300))
    made.expanded = ["dataset pipeline/3"]
    assert asked == [["dataset pipeline/3"]]
    assert made.view["total"] == 10
