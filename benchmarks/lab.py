"""The extension in a real JupyterLab: from a keystroke to the picture that it changes, frames lost while typing, start-up and size, with and without us."""

from __future__ import annotations

import gzip
import json
import os
import statistics
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.report import Section

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
BUILT = ROOT / "jupyter_mlops" / "_labextension" / "static"
SIZES = (20, 200, 500)
CELLS_PER_STEP = 10
FRAME_MILLISECONDS = 1000 / 60

WHEN_PAINTED = """([selector, text]) => {
  let start;
  document.addEventListener('keydown', () => { start = performance.now(); }, { once: true, capture: true });
  window.measured = new Promise(resolve => {
    const look = () => {
      const found = document.querySelector(selector);
      if (start !== undefined && found && found.textContent.includes(text)) resolve(performance.now() - start);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}"""
RECORD_FRAMES = """() => {
  window.frames_seen = [];
  let last = performance.now();
  const tick = now => { window.frames_seen.push(now - last); last = now; window.recording = requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""


def run(rounds: int = 15) -> Section:
    """Measure each size of notebook with the extension, and beside it the same JupyterLab without."""
    sys.path.insert(0, str(ROOT / "tests" / "browser"))
    import lab_server  # type: ignore[import-not-found]

    seconds: dict[str, list[float]] = {}
    rows: list[str] = []
    with tempfile.TemporaryDirectory() as scratch, lab_server.browser() as page:
        page.set_viewport_size({"width": 1600, "height": 1000})
        with _lab(lab_server, Path(scratch), with_us=True) as ours, _lab(lab_server, Path(scratch), with_us=False) as bare:
            for cells in SIZES:
                seconds |= _keystrokes(lab_server, page, ours, cells, rounds)
                frames = {name: _frames(lab_server, page, address, cells) for name, address in (("with", ours), ("without", bare))}
                rows.append(
                    f"| {cells} | "
                    + " | ".join(f"{_lost(gaps)} of {len(gaps)}, longest {max(gaps):.0f} ms" for gaps in frames.values())
                    + " |"
                )
            starts, loaded = _starts(page, ours, bare, max(5, rounds // 3))
    seconds |= starts
    factor = statistics.median(starts["start with us"]) / statistics.median(starts["start without"])
    notes = [
        "| cells | frames missed while 40 characters are typed, with us | without |\n| --- | --- | --- |\n" + "\n".join(rows),
        f"Starting JupyterLab takes {factor:.2f} times as long with us.",
        f"The bundle is {_kilobytes(BUILT.rglob('*.js')):.0f} kB gzipped (goal: under 400 kB), {_kilobytes(loaded):.0f} kB of it loaded before a notebook is drawn.",
    ]
    return Section(title="JupyterLab: keystroke to picture, on the clock", seconds=seconds, unit="wall milliseconds", notes=notes)


@contextmanager
def _lab(lab_server: Any, scratch: Path, *, with_us: bool) -> Iterator[str]:
    folder = scratch / ("with" if with_us else "without")
    folder.mkdir()
    for cells in SIZES:
        lab_server.write_notebook(folder / f"{cells}.ipynb", _cells(cells))
    configuration = scratch / f"config-{folder.name}"
    page_config = configuration / "labconfig" / "page_config.json"
    page_config.parent.mkdir(parents=True)
    page_config.write_text(json.dumps({"disabledExtensions": {} if with_us else {"jupyter-mlops": True}}))
    before = os.environ.get("JUPYTER_CONFIG_DIR")
    os.environ["JUPYTER_CONFIG_DIR"] = str(configuration)
    try:
        with lab_server.lab(folder) as address:
            yield address
    finally:
        if before is None:
            del os.environ["JUPYTER_CONFIG_DIR"]
        else:
            os.environ["JUPYTER_CONFIG_DIR"] = before


def _cells(cells: int) -> list[tuple[str, list[str]]]:
    """Steps of ten cells, each reading the cell before it, the first of a step the step before; the cell in the middle reads `alpha`."""
    sources = ["alpha = 1\nalphas = [1, 2]\nvalue_0 = alpha\n"]
    sources += [f"value_{at} = value_{at - 1} + {at}\nfor turn in range(3):\n    value_{at} += turn\n" for at in range(1, cells)]
    sources[_edited(cells)] += "alpha"
    return [(source, [] if at % CELLS_PER_STEP else [f"step:s{at // CELLS_PER_STEP}"]) for at, source in enumerate(sources)]


def _edited(cells: int) -> int:
    return cells // 2 // CELLS_PER_STEP * CELLS_PER_STEP + 1


def _open(lab_server: Any, page: Any, address: str, cells: int) -> None:
    """Open a notebook, wait until JupyterLab has drawn it, and put the cursor at the end of the cell in its middle.

    JupyterLab draws cells that are out of sight one after the other whenever it is idle, 20 ms each: for some seconds nothing else is measured.
    """
    lab_server.open_notebook(page, address, f"{cells}.ipynb")
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.content.widgets.every(cell => !cell.isPlaceholder())", timeout=300_000
    )
    at = _edited(cells)
    page.evaluate(
        "at => { const book = window.jupyterapp.shell.currentWidget.content; book.activeCellIndex = at; return book.scrollToItem(at, 'center') }",
        at,
    )
    page.locator(
        f'.jp-Notebook .jp-Cell[data-windowed-list-index="{at}"] .cm-content, .jp-Notebook .jp-mod-active .cm-content'
    ).first.click()
    page.keyboard.press("Control+End")


def _keystrokes(lab_server: Any, page: Any, address: str, cells: int, rounds: int) -> dict[str, list[float]]:
    """Time one key that changes an edge of the graph, then one that makes a name undefined, from the key to the frame that shows it."""
    _open(lab_server, page, address, cells)
    page.evaluate("() => { void window.jupyterapp.commands.execute('jupyter-mlops:open-graph', {activate: false}) }")
    label = f'.jp-mlops-graph-label[data-edge="s0→s{_edited(cells) // CELLS_PER_STEP}"]'
    page.wait_for_selector(f"{label}:has-text('alpha')", state="attached", timeout=60_000)
    page.locator(".jp-Notebook .jp-mod-active .cm-content").click()
    page.keyboard.press("Control+End")
    times: dict[str, list[float]] = {"graph": [], "squiggle": []}
    for _ in range(rounds):
        for what, selector, text in (("graph", label, "alphas"), ("squiggle", ".jp-Notebook .cm-lintRange-error", "alphass")):
            page.evaluate(WHEN_PAINTED, [selector, text])
            page.keyboard.press("s")
            times[what].append(page.evaluate("() => window.measured"))
        page.keyboard.press("Backspace")
        page.keyboard.press("Backspace")
        page.wait_for_selector(".jp-Notebook .cm-lintRange-error", state="detached")
        page.wait_for_selector(f"{label}:not(:has-text('alphas'))", state="attached")
    return {f"{cells} cells, key to {what}": found for what, found in times.items()}


def _frames(lab_server: Any, page: Any, address: str, cells: int) -> list[float]:
    """Type 40 characters, 20 a second; give the gaps between frames."""
    _open(lab_server, page, address, cells)
    page.wait_for_timeout(2000)  # its last answers after opening are not what is measured
    page.evaluate(RECORD_FRAMES)
    page.keyboard.type("\nsome_name = alpha + 1  # and then a remark"[:40], delay=50)
    page.wait_for_timeout(500)
    return list(page.evaluate("() => { cancelAnimationFrame(window.recording); return window.frames_seen.slice(1) }"))


def _lost(gaps: list[float]) -> int:
    """How many frames were not drawn because the one before took too long."""
    return sum(max(0, round(gap / FRAME_MILLISECONDS) - 1) for gap in gaps)


def _starts(page: Any, ours: str, bare: str, rounds: int) -> tuple[dict[str, list[float]], list[Path]]:
    """Open the smallest notebook by turns with and without us; give the times, and our files that were loaded."""
    starts: dict[str, list[float]] = {"start with us": [], "start without": []}
    loaded: set[Path] = set()
    page.on(
        "response",
        lambda answer: loaded.add(BUILT / Path(answer.url.partition("?")[0]).name) if "/jupyter-mlops/static/" in answer.url else None,
    )
    for _ in range(rounds):
        for name, address in (("start with us", ours), ("start without", bare)):
            page.goto("about:blank")
            page.goto(f"{address}/lab/tree/{SIZES[0]}.ipynb?token=browser-tests&reset", wait_until="commit")
            page.wait_for_selector(".jp-Notebook .jp-CodeCell .cm-content", timeout=120_000)
            starts[name].append(page.evaluate("() => performance.now()"))
    return starts, [path for path in loaded if path.suffix == ".js"]


def _kilobytes(paths: Any) -> float:
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in sorted(paths)) / 1000
