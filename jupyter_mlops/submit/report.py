"""The result of a run → the text that `nb2pipe run` prints at the end: a table of steps, why it failed, and where everything is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops.submit.events import State
from jupyter_mlops.submit.progress import duration

if TYPE_CHECKING:
    from jupyter_mlops.submit.events import RunResult, StepResult


def report(result: RunResult, *, relative_to: Path | None = None) -> str:
    """Write the table; paths are relative to `relative_to` (default: the current folder) when they lie below it."""
    here = relative_to or Path.cwd()
    folder = result.directory.relative_to(here) if result.directory.is_relative_to(here) else result.directory
    rows = [("step", "state", "time", "outputs"), *(_row(step, result) for step in result.steps)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [f"{row[0]:{widths[0]}}  {row[1]:{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]}".rstrip() for row in rows]
    for step in result.failed:
        lines += ["", f"step `{step.label}` failed: {step.reason}"]
        lines += [f"  {line}" for line in step.headline.split("\n") if step.headline]
    ending = {"succeeded": "succeeded", "failed": "failed", "interrupted": "was interrupted; the same command continues it"}[result.state]
    lines += ["", f"{result.pipeline} {ending} after {duration(result.seconds)}; logs and outputs: {folder}"]
    return "\n".join(lines) + "\n"


def _row(step: StepResult, result: RunResult) -> tuple[str, str, str, str]:
    ran = step.state in {State.SUCCEEDED, State.FAILED, State.STOPPED}
    values = [f"{port} = {value!r}"[:60] for port, value in step.parameters.items()]
    folders = [port for port, artifact in step.artifacts.items() if artifact.digest is not None]
    where = ""
    if folders:
        parent = step.artifacts[folders[0]].path.parent
        where = str(parent.relative_to(result.directory) if parent.is_relative_to(result.directory) else parent)
        where += "/" + (folders[0] if len(folders) == 1 else "{" + ",".join(folders) + "}")
    return step.label, step.state.value, duration(step.seconds) if ran else "", ", ".join([*([where] if where else []), *values])
