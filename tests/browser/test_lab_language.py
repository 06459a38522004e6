"""The extension in another language: JupyterLab's language pack decides, and ours follows."""

import json

import lab_server
import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(lab_server.CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"),
]

CELLS = [("data = [1, 2]", ["step:load"]), ("print(data)", ["step:show"])]


def test_in_german_the_extension_speaks_german(tmp_path):
    language = tmp_path / ".settings" / "@jupyterlab" / "translation-extension" / "plugin.jupyterlab-settings"
    language.parent.mkdir(parents=True)
    language.write_text(json.dumps({"locale": "de_DE"}))
    lab_server.write_notebook(tmp_path / "a.ipynb", CELLS)
    with lab_server.lab(tmp_path) as address, lab_server.browser() as page:
        page.set_viewport_size({"width": 1360, "height": 900})
        page.goto(f"{address}/lab/tree/a.ipynb?token={lab_server.TOKEN}&reset")
        page.locator(".jp-mlops-runbutton").get_by_role("button", name="Pipeline ausführen").wait_for(timeout=120_000)
        for command in ("jupyter-mlops:open-graph", "jupyter-mlops:show-problems"):
            lab_server.execute(page, command)
        page.locator("[aria-label^='Pipeline a: Pfeiltasten']").wait_for()
        page.get_by_text("Keine Probleme: dieses Notebook lässt sich übersetzen.").wait_for()
        command = "id => window.jupyterapp.commands.label(id)"
        labels = [page.evaluate(command, f"jupyter-mlops:{name}") for name in ("compile", "open-graph", "edit-settings", "compare-runs")]
        assert labels == ["Pipeline übersetzen", "Pipeline-Graph zeigen", "Einstellungen der Pipeline…", "Zwei Läufe vergleichen"]
        page.screenshot(path=tmp_path / "german.png")
