"""How fast cells are analysed, against marimo in its own environment and `ast.parse`; whether time is linear; what one edit costs."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Goal, ratio
from benchmarks.notebooks import analysed, large
from benchmarks.report import Section

ROOT = Path(__file__).parents[1]
PYTHON = Path(sys.executable)
MARIMO = ROOT / ".venv-marimo" / "bin" / "python"
SIZES = (1_000, 10_000)
GOALS = (
    Goal(name="marimo, with its call closure", against="nb2pipe analyze", least=4),
    Goal(name="marimo, cells and edges", against="nb2pipe analyze", least=4),
    Goal(name="nb2pipe analyze", against="ast.parse alone"),
    Goal(name="nb2pipe analyze", against="reading alone"),
)
GOALS_OF_LARGE = (
    Goal(name="marimo, with its call closure, 1,000 cells", against="nb2pipe analyze, 1,000 cells", least=4),
    Goal(name="marimo, cells and edges, 1,000 cells", against="nb2pipe analyze, 1,000 cells", least=4),
    Goal(name="nb2pipe analyze, 10,000 cells", against="nb2pipe analyze, 1,000 cells", most=12),
    Goal(name="opening a session, 10,000 cells", against="the whole from the top, 10,000 cells"),
    Goal(name="one edit, the median, 10,000 cells", against="the whole from the top, 10,000 cells", most=0.05),
    Goal(name="one edit, the worst of 60, 10,000 cells", against="the whole from the top, 10,000 cells", most=3),
)

Taken = dict[str, list[float]]


def run(rounds: int, corpus: str | None = None) -> list[Section]:
    """Measure all corpora, each process once a round; `corpus` is a folder of notebooks of one's own."""
    shipped = [*sorted(ROOT.glob("example_notebooks/*.ipynb")), *sorted(ROOT.glob("tests/probes/notebooks/*.py"))]
    groups = {"the examples and probes": shipped}
    if corpus is not None:
        found = sorted(Path(corpus).glob("**/*.ipynb"))
        groups[f"{len(found)} other notebooks"] = found
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "notebooks.json"
        sections = [
            _many(title, {str(each): each.read_text(encoding="utf-8") for each in files}, rounds, path) for title, files in groups.items()
        ]
        return [*sections, _large(rounds, path)]


def _many(title: str, texts: dict[str, str], rounds: int, path: Path) -> Section:
    notebooks = analysed(texts)
    path.write_text(json.dumps(notebooks), encoding="utf-8")
    taken: Taken = {}
    for _ in range(rounds):
        for what in ("nb2pipe", "marimo"):
            measure(what, path, taken)
    cells = sum(len(each["cells"]) for each in notebooks)
    return Section(
        title=f"Analysing {title}, CPU seconds without start-up",
        seconds=taken,
        ratios=[ratio(taken, goal) for goal in GOALS if {goal.name, goal.against} <= set(taken)],
        notes=[f"{cells:,} code cells; in a CPU second: {_speeds(taken, cells)}."],
    )


def _large(rounds: int, path: Path) -> Section:
    taken: Taken = {}
    for size in SIZES:
        path.write_text(json.dumps(analysed({"large.ipynb": large(size)})), encoding="utf-8")
        for _ in range(rounds):
            # marimo's time grows with the square of the cells: many minutes for the larger one
            for what in ("nb2pipe", "marimo", "editing") if size == SIZES[0] else ("nb2pipe", "editing"):
                measure(what, path, taken, f", {size:,} cells")
    return Section(
        title="Analysing and editing one large notebook, CPU seconds without start-up",
        seconds=taken,
        ratios=[ratio(taken, goal) for goal in GOALS_OF_LARGE if {goal.name, goal.against} <= set(taken)],
        notes=[f"One edit of 10,000 cells: {1000 * statistics.median(taken['one edit, the median, 10,000 cells']):.1f} ms, the median."],
    )


def _speeds(taken: Taken, cells: int) -> str:
    return ", ".join(f"{phase} {cells / statistics.median(values):,.0f}" for phase, values in taken.items())


def measure(what: str, path: Path, taken: Taken, suffix: str = "") -> None:
    """Run one worker process and add what it took to `taken`."""
    if what == "marimo" and not MARIMO.is_file():
        return
    python = MARIMO if what == "marimo" else PYTHON
    command = [str(python), "-W", "ignore", str(Path(__file__).with_name("analysing.py")), what, str(path)]
    environment = {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path[1:]])} if python == PYTHON else {}
    result = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    for phase, value in json.loads(result.stdout.splitlines()[-1]).items():
        taken.setdefault(phase + suffix, []).append(value)
