"""A real JupyterLab on this machine, opened in headless Chromium, with a notebook of given cells."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
TOKEN = "browser-tests"
PROMPTS = ".jp-Notebook .jp-CodeCell .jp-InputArea-prompt"
NO_NEWS = {"fetchNews": "false", "checkForUpdates": False}


def write_notebook(path: Path, cells: Sequence[str | tuple[str, list[str]]]) -> None:
    """Write a notebook of code cells, given as sources or as sources with their tags."""
    tagged = [(cell, []) if isinstance(cell, str) else cell for cell in cells]
    entries = [
        {"cell_type": "code", "id": f"cell-{index}", "metadata": {"tags": tags} if tags else {}, "source": source}
        | {"outputs": [], "execution_count": None}
        for index, (source, tags) in enumerate(tagged)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path.write_text(json.dumps({"cells": entries, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}))


@contextmanager
def lab(folder: Path):
    """Start JupyterLab in `folder`; give its address."""
    settings = folder / ".settings"
    notice = settings / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    notice.parent.mkdir(parents=True)
    notice.write_text(json.dumps(NO_NEWS))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "JUPYTERLAB_SETTINGS_DIR": str(settings),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / ".workspaces"),
        "IPYTHONDIR": str(folder / ".ipython"),
        "NB2PIPE_HOME": str(folder / ".nb2pipe"),
        "JUPYTER_PLATFORM_DIRS": "1",
    }
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", f"--ServerApp.port={port}"]
    command += [
        f"--IdentityProvider.token={TOKEN}",
        f"--ServerApp.root_dir={folder}",
        "--ServerApp.port_retries=0",
        "--LabApp.expose_app_in_browser=True",
        "--JupyterNotebookApp.expose_app_in_browser=True",
    ]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_until_it_answers(address, server, folder / "server.log")
            yield address
        finally:
            server.terminate()
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:  # it waits for every kernel to say goodbye, which a busy machine draws out
                server.kill()
                server.wait(30)


def _wait_until_it_answers(address: str, server: subprocess.Popen, log: Path) -> None:
    for _ in range(1800):
        if server.poll() is not None:
            raise RuntimeError(log.read_text())
        try:
            with urllib.request.urlopen(f"{address}/api/status?token={TOKEN}", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(log.read_text())


@contextmanager
def browser():
    """Start Chromium; give a page on which nothing can be fetched but from this machine."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1280, "height": 1600})
        page.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), lambda route: route.abort())
        try:
            yield page
        finally:
            chromium.close()


def open_notebook(page, address: str, name: str) -> None:
    """Open a notebook in JupyterLab and wait for its kernel."""
    page.goto(f"{address}/lab/tree/{name}?token={TOKEN}&reset")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=120_000)
    page.wait_for_function(
        "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'", timeout=180_000
    )


def open_in_notebook_7(page, address: str, name: str) -> None:
    """Open a notebook in Notebook 7, which the same server serves, and wait until it is drawn."""
    page.goto(f"{address}/notebooks/{name}?token={TOKEN}")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=120_000)
    page.wait_for_function("() => !!window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel", timeout=180_000)


def run_all(page) -> None:
    """Run every cell, and wait until the last one has run."""
    execute(page, "notebook:run-all-cells")
    page.wait_for_function(
        f"() => {{const all = document.querySelectorAll('{PROMPTS}'); return /\\[\\d+\\]/.test(all[all.length - 1].textContent)}}",
        timeout=300_000,
    )


def use_theme(page, dark: bool) -> None:
    """Switch JupyterLab's theme by its own command, and wait until the page says so."""
    execute(page, "apputils:change-theme", theme="JupyterLab Dark" if dark else "JupyterLab Light")
    page.wait_for_selector(f'body[data-jp-theme-light="{str(not dark).lower()}"]', state="attached", timeout=30_000)


def save(page) -> None:
    """Save the notebook that is open."""
    execute(page, "docmanager:save")


def wait_until_saved(page, holds: Callable[[dict], bool]) -> None:
    """Wait until what JupyterLab has saved of its state on the server fulfils a condition."""
    fetch = "async () => (await window.jupyterapp.serviceManager.workspaces.fetch('default')).data"
    for _ in range(300):
        if holds(page.evaluate(fetch)):
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.evaluate(fetch))


def execute(page, command: str, **arguments) -> None:
    """Execute a command of JupyterLab, without waiting for its end."""
    page.evaluate("([command, given]) => { void window.jupyterapp.commands.execute(command, given) }", [command, arguments])


def set_source(page, index: int, source: str) -> None:
    """Write the text of a cell, as typing does."""
    page.evaluate(
        """([index, source]) => {
          const notebook = [...window.jupyterapp.shell.widgets('main')].find(each => each.context?.path.endsWith('.ipynb'));
          notebook.context.model.cells.get(index).sharedModel.setSource(source);
        }""",
        [index, source],
    )
