"""Run a notebook whole, in a kernel of its own by papermill, and step by step, and compare every value that crosses a step.

The kernel itself compares: after the last cell of a step it loads what the isolated step has stored and holds it against its own variables,
so that the notebook's classes are there and nothing is sent around.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.submit.events import State
from nb2pipe.errors import Nb2PipeError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlops.submit.events import Listener, RunResult, StepResult

HINT = 'pip install "jupyter-mlops[verify]"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was compared: each entry is ``{"step", "name", "difference"}``, with None for equal; `skipped` steps did not run alone."""

    values: tuple[dict[str, Any], ...]
    skipped: tuple[str, ...] = ()
    error: str = ""
    run: RunResult | None = field(default=None, repr=False)

    @property
    def equal(self) -> bool:
        """Tell whether both runs agree."""
        return not self.error and not any(value["difference"] for value in self.values)

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict as JSON data."""
        return {
            "schema": "nb2pipe.verify/1",
            "equal": self.equal,
            "error": self.error,
            "skipped": list(self.skipped),
            "values": list(self.values),
        }


def verify(
    plan: Mapping[str, Any],
    cells: Sequence[Mapping[str, Any]],
    *,
    directory: Path,
    parameters: Mapping[str, object],
    state: Path | None = None,
    listener: Listener | None = None,
) -> Verdict:
    """Compare a notebook with its pipeline.

    Parameters
    ----------
    plan : mapping
        The local plan.
    cells : sequence of mapping
        The cells that run, in order: ``{"number", "source", "parameters": bool, "ends": [step, …]}``.
    directory : Path
        The notebook's folder: both runs work there.
    parameters : mapping
        Values of pipeline parameters.

    Raises
    ------
    Nb2PipeError
        If papermill or a kernel is missing.
    """
    from jupyter_mlops.submit.local import run

    result = run(plan, parameters=parameters, directory=directory, state=state, fresh=True, listener=listener)
    if result.exit:
        failed = next(iter(result.failed), None)
        reason = f"step `{failed.label}` failed\n{failed.headline}" if failed else f"the run ended as {result.state}"
        return Verdict(values=(), error=f"step by step, {reason}", run=result)
    expected = {step["name"]: _expected(step, result, plan) for step in plan["steps"]}
    skipped = tuple(name for name, ports in expected.items() if ports is None)
    with tempfile.TemporaryDirectory(prefix="nb2pipe-verify-") as folder:
        answers = Path(folder) / "answers.jsonl"
        (Path(folder) / "expected.json").write_text(json.dumps({"ports": expected, "answers": str(answers)}), encoding="utf-8")
        error = _run_whole(cells, Path(folder), directory, parameters)
        lines = answers.read_text(encoding="utf-8").splitlines() if answers.exists() else []
    return Verdict(values=tuple(json.loads(line) for line in lines), skipped=skipped, error=error, run=result)


def _expected(step: Mapping[str, Any], result: RunResult, plan: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """List what the isolated runs of a step have stored, port by port; None when it was skipped."""
    runs = [each for each in result.steps if each.step == step["name"]]
    if all(each.state == State.SKIPPED for each in runs):
        return None
    ports = []
    for port, what in step["outputs"].items():
        if what.get("artifact") in ("HTML", "Markdown", "Metrics", "ClassificationMetrics"):
            continue
        collect = _gathered(step["name"], port, plan) if step["foreach"] else None
        entry: dict[str, Any] = {"port": port, "collect": collect}
        if "parameter" in what:
            entry["values"] = [_value(each.parameters.get(port), what) for each in runs]
        else:
            entry["artifacts"] = [_artifact(each, port) for each in runs]
        ports.append(entry)
    return ports


def _value(sent: object, what: Mapping[str, Any]) -> Any:
    """Give what a parameter holds; the items of a list that is fanned out over travel as JSON text."""
    if not what.get("items") or sent is None:
        return sent
    from jupyter_mlops.runtime.ports import decode
    from jupyter_mlops.runtime.values import coerce

    return decode(coerce(sent, what["parameter"]))


def _artifact(run: StepResult, port: str) -> dict[str, Any]:
    artifact = run.artifacts[port]
    return {"path": str(artifact.path), "metadata": artifact.metadata}


def _gathered(step: str, port: str, plan: Mapping[str, Any]) -> str:
    """Return how the steps below gather a value of a fan-out; a value that only goes on item by item is a dict with one entry an item."""
    for other in plan["steps"]:
        for source in other["inputs"].values():
            if (source["step"], source["port"]) == (step, port) and source.get("collect"):
                return str(source["collect"])
    return "merge"


def _run_whole(cells: Sequence[Mapping[str, Any]], folder: Path, directory: Path, parameters: Mapping[str, object]) -> str:
    """Run all cells in one kernel, with a comparison after each step; return what went wrong."""
    try:
        import nbformat
        import papermill
        from papermill.exceptions import PapermillExecutionError
    except ImportError as error:
        raise Nb2PipeError(f"verify needs {error.name}", hint=HINT) from error
    notebook = nbformat.v4.new_notebook()
    path = str(folder / "expected.json")
    for cell in cells:
        made = nbformat.v4.new_code_cell(cell["source"])
        made.metadata["tags"] = ["parameters"] if cell["parameters"] else []
        notebook.cells.append(made)
        for step in cell["ends"]:
            notebook.cells.append(
                nbformat.v4.new_code_cell(
                    f"__import__('jupyter_mlops.submit.checkpoint').submit.checkpoint.compare({path!r}, {step!r}, globals())"
                )
            )
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    source = folder / "whole.ipynb"
    nbformat.write(notebook, source)
    try:
        papermill.execute_notebook(
            str(source),
            str(folder / "done.ipynb"),
            parameters=dict(parameters),
            cwd=str(directory),
            progress_bar=False,
            kernel_name="python3",
        )
    except PapermillExecutionError as error:
        return f"the whole notebook fails: {error.ename}: {error.evalue}"
    except Exception as error:
        if type(error).__name__ == "NoSuchKernel":
            raise Nb2PipeError("verify needs the kernel `python3`", hint=f"{sys.executable} -m ipykernel install --sys-prefix") from error
        raise
    return ""
