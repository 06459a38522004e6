"""Every kind of report in one JupyterLab: small, readable in both themes, named for screen readers; live widgets reach Python."""

import json
from types import SimpleNamespace

import lab_server
import pytest
from every_report import CELLS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(lab_server.CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"),
]

UNNAMED = """() => {
  const found = [], named = one => one.getAttribute('aria-label') || one.querySelector(':scope > title')?.textContent;
  for (const one of document.querySelectorAll('.mlops-report svg')) {
    if (!['img', 'application'].includes(one.getAttribute('role')) || !named(one)) found.push('svg without a name: ' + one.outerHTML.slice(0, 120));
  }
  for (const one of document.querySelectorAll('.mlops-report th')) if (!one.scope || !one.textContent.trim()) found.push('th: ' + one.outerHTML);
  for (const one of document.querySelectorAll('.mlops-report button, .mlops-live button')) {
    if (!one.textContent.trim() && !one.getAttribute('aria-label')) found.push('button: ' + one.outerHTML);
  }
  for (const one of document.querySelectorAll('.mlops-badge')) if (!/\\w/.test(one.textContent)) found.push('verdict by colour: ' + one.outerHTML);
  return found;
}"""

FAINT = """() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = colour => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = one => {
    for (let at = one; at; at = at.parentElement) { const it = rgba(getComputedStyle(at).backgroundColor); if (it[3] === 255) return it; }
    return [255, 255, 255];
  };
  const found = [];
  for (const one of document.querySelectorAll('.mlops-report *')) {
    const direct = [...one.childNodes].some(each => each.nodeType === 3 && each.data.trim());
    if (!direct || !one.checkVisibility() || one.closest('svg') || one.tagName === 'STYLE') continue;
    const [a, b] = [light(rgba(getComputedStyle(one).color)), light(ground(one))].sort((p, q) => q - p);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${one.className} ${one.textContent.trim().slice(0, 40)}`);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """The notebook with every report, run in JupyterLab: its page, what the console complained of, where the notebook is."""
    folder = tmp_path_factory.mktemp("reports")
    lab_server.write_notebook(folder / "every.ipynb", list(CELLS.values()))
    with lab_server.lab(folder) as address, lab_server.browser() as page:
        complaints = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        lab_server.open_notebook(page, address, "every.ipynb")
        page.set_viewport_size({"width": 1280, "height": 20000})  # JupyterLab draws only what is in sight
        lab_server.run_all(page)
        page.wait_for_selector(".mlops-lineage .node")
        page.wait_for_selector(".mlops-commands button")
        yield SimpleNamespace(page=page, complaints=complaints, notebook=folder / "every.ipynb", address=address)


def test_everything_drawn_has_a_name_and_no_verdict_is_a_colour(shown):
    assert shown.page.locator("section.mlops-report").count() >= len(CELLS) - 1
    assert shown.page.evaluate(UNNAMED) == []


@pytest.mark.parametrize("dark", [False, True])
def test_words_stand_out_from_their_ground(shown, dark):
    lab_server.use_theme(shown.page, dark)
    shown.page.wait_for_timeout(300)  # the theme's colours fade in
    assert shown.page.evaluate(FAINT) == []


def test_the_deployments_buttons_reach_python_by_keyboard(shown):
    bar = shown.page.locator(".mlops-commands")
    bar.get_by_role("button", name="Pause").focus()
    shown.page.keyboard.press("Enter")
    bar.get_by_role("status").get_by_text("pause:").wait_for(timeout=20_000)
    assert "Resume" in bar.get_by_role("button", name="Resume").inner_text()


def test_a_node_of_the_lineage_is_chosen_by_keyboard(shown):
    graph = shown.page.locator(".mlops-lineage")
    graph.locator(".node[tabindex='0']").focus()
    shown.page.keyboard.press("ArrowRight")
    shown.page.keyboard.press(" ")
    graph.locator(".facts dl").wait_for()
    graph.locator(".node[aria-pressed='true']").wait_for(state="attached")


def test_a_group_of_the_lineage_is_opened_by_python(shown):
    graph = shown.page.locator(".mlops-lineage")
    before = graph.locator("[role=status]").inner_text()
    graph.locator(".node[aria-label*=' together']").first.dblclick()
    shown.page.wait_for_function(
        "told => document.querySelector('.mlops-lineage [role=status]').textContent !== told", arg=before, timeout=20_000
    )


def test_nothing_complains_and_each_report_is_small(shown):
    lab_server.save(shown.page)
    shown.page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    for name, cell in zip(CELLS, json.loads(shown.notebook.read_text())["cells"], strict=True):
        assert [output["ename"] for output in cell["outputs"] if output["output_type"] == "error"] == []
        sizes = [len("".join(output["data"]["text/html"]).encode()) for output in cell["outputs"] if "text/html" in output.get("data", {})]
        assert name == "setup" or max(sizes) > 1000
        assert all(size <= 100_000 for size in sizes), name
    assert shown.complaints == []


def test_in_notebook_7_they_read_as_well_and_live_ones_live(shown):
    page = shown.page.context.browser.new_page(viewport={"width": 1280, "height": 20000})
    lab_server.open_in_notebook_7(page, shown.address, "every.ipynb")
    lab_server.run_all(page)
    page.wait_for_selector(".mlops-lineage .node")
    page.wait_for_selector(".mlops-commands button")
    assert page.locator("section.mlops-report").count() >= len(CELLS) - 1
    assert page.evaluate(UNNAMED) == []
    for dark in (False, True):
        lab_server.use_theme(page, dark)
        page.wait_for_timeout(300)  # the theme's colours fade in
        assert page.evaluate(FAINT) == []
    page.close()


def test_nbconvert_shows_every_report_without_a_kernel_or_a_script(shown, tmp_path):
    from nbconvert import HTMLExporter

    text, _ = HTMLExporter(embed_images=True).from_filename(str(shown.notebook))
    (tmp_path / "every.html").write_text(text)
    context = shown.page.context.browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto((tmp_path / "every.html").as_uri())
    drawn = page.locator("section.mlops-report")
    assert drawn.count() == len(reports(shown.notebook))
    assert all(drawn.nth(index).is_visible() for index in range(drawn.count()))
    assert "model not found" not in page.locator("body").inner_text()
    context.close()


def test_sites_that_strip_styles_scripts_and_pictures_still_show_words_and_tables(shown):
    """What such a site removes, with its content; every other element is at worst unwrapped."""
    from bs4 import BeautifulSoup

    for report in reports(shown.notebook):
        left = BeautifulSoup(report, "html.parser")
        for gone in left.find_all(["style", "script", "svg", "canvas", "button", "input"]):
            gone.decompose()
        words = left.get_text(" ", strip=True).split()
        assert len(words) >= 10, words
        assert left.find(["table", "dl", "ul", "ol", "p"]) is not None


def reports(notebook):
    """The HTML of each report that the saved notebook holds."""
    outputs = [output for cell in json.loads(notebook.read_text())["cells"] for output in cell["outputs"]]
    texts = ["".join(output.get("data", {}).get("text/html", "")) for output in outputs]
    return [text for text in texts if "mlops-report" in text]
