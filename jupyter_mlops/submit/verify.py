"""Run a notebook step by step and whole, and compare: what its cells display, the values that cross steps, and the names at each step's end.

The steps are those of `run`, put around by `recorder`; the whole run is papermill's, watched by `checkpoint` from inside its kernel.
Where something differs the whole notebook runs a second time: what differs then as well is not reproducible by itself.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.submit.causes import Causes
from jupyter_mlops.submit.displays import differences, text_difference
from jupyter_mlops.submit.events import State
from jupyter_mlops.submit.recorder import FOLDER, recording
from jupyter_mlops.submit.verdict import Difference, StepVerdict, Verdict
from jupyter_mlops.submit.whole import Whole, run_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jupyter_mlops.submit.events import Listener, RunResult, StepResult
    from jupyter_mlops.submit.record import RunFolder

SHOWN = ("HTML", "Markdown", "Metrics", "ClassificationMetrics")
"""Artifacts that hold no value."""


def verify(
    plan: Mapping[str, Any],
    task: Mapping[str, Any],
    *,
    directory: Path,
    parameters: Mapping[str, object],
    state: Path | None = None,
    listener: Listener | None = None,
    twice: bool = False,
    folder: RunFolder | None = None,
) -> Verdict:
    """Compare a notebook with its pipeline.

    Parameters
    ----------
    plan : mapping
        The local plan.
    task : mapping
        ``mode``, ``cells`` (as `run_whole` takes them), ``steps``: name → ``{"cells", "names", "once"}``, ``findings`` and ``merged``.
    directory : Path
        The notebook's folder: both runs work there.
    parameters : mapping
        Values of pipeline parameters.
    twice : bool
        Run the whole notebook a second time even when nothing differs.
    folder : RunFolder, optional
        A new run that the caller has locked; see `run`.

    Raises
    ------
    Nb2PipeError
        If papermill or a kernel is missing.
    """
    from jupyter_mlops.submit.local import run

    with tempfile.TemporaryDirectory(prefix="nb2pipe-verify-") as made, _environment(made):
        folders = [Path(made, name) for name in ("steps", "whole", "again")]
        for each in folders:
            each.mkdir()
        wanted = {name: step for name, step in task["steps"].items() if step["once"]}
        (folders[0] / "wanted.json").write_text(json.dumps(wanted), encoding="utf-8")
        result = run(
            plan,
            parameters=parameters,
            directory=directory,
            state=state,
            fresh=True,
            listener=listener,
            keep_going=True,
            around=recording,
            folder=folder,
        )
        if result.state == "interrupted":
            raise KeyboardInterrupt
        judge = _Judge(plan, task, result, folders[0])
        whole = run_whole(task["cells"], judge.steps, folder=folders[1], directory=directory, parameters=parameters)
        found = judge.differences(whole)
        if twice or any(found.values()):
            steps = {name: {**said, **_again(whole, name, found[name])} for name, said in judge.steps.items()}
            again = run_whole(task["cells"], steps, folder=folders[2], directory=directory, parameters=parameters)
            found = judge.spread({name: [_judged(each, name, whole, again) for each in own] for name, own in found.items()})
        return judge.verdict(whole, found)


@contextmanager
def _environment(folder: str) -> Iterator[None]:
    """Tell steps where to record; let sets of texts have the same order in every process, unless the user says how to hash."""
    before = dict(os.environ)
    os.environ[FOLDER] = os.path.join(folder, "steps")  # noqa: PTH118
    os.environ.setdefault("PYTHONHASHSEED", "0")
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _again(whole: Whole, step: str, found: list[Difference]) -> dict[str, Any]:
    return {"again": str(whole.folder / f"{step}.whole"), "unlike": [each.name for each in found if each.name]}


def _judged(found: Difference, step: str, whole: Whole, again: Whole) -> Difference:
    """Take a difference back that two whole runs show as well."""
    if found.name:
        answers = [each for each in again.answers if (each["step"], each["name"]) == (step, found.name)]
        stable = not any(each["difference"] for each in answers)
    elif found.cell is not None and found.cell in again.cells:
        stable = all(each["kind"] != found.kind for each in differences(whole.cells[found.cell], again.cells[found.cell]))
    else:
        stable = True
    return replace(found, reproducible=stable)


class _Judge:
    """Knows what the steps have done, and compares the whole run with it."""

    def __init__(self, plan: Mapping[str, Any], task: Mapping[str, Any], result: RunResult, folder: Path) -> None:
        self.plan = plan
        self.task = task
        self.result = result
        self.causes = Causes(plan, task)
        self.runs: dict[str, list[StepResult]] = {name: [] for name in task["steps"]}
        for each in result.steps:
            self.runs[each.step].append(each)
        self.records: dict[str, dict[int, dict[str, Any]]] = {}
        for name in task["steps"]:
            path = folder / f"{name}.json"
            said = json.loads(path.read_text("utf-8")) if path.exists() else {"cells": {}, "apart": []}
            self.records[name] = {int(cell): record for cell, record in said["cells"].items()}
            self.causes.add_apart(name, said["apart"])
            for cell, record in self.records[name].items():
                self.causes.add_draws(cell, record["draws"])
        self.steps = {step["name"]: self._told(step, folder) for step in plan["steps"]}

    def _told(self, step: Mapping[str, Any], folder: Path) -> dict[str, Any]:
        """Say what the kernel is told of a step: see `checkpoint.compare_step`."""
        name, runs = step["name"], self.runs[step["name"]]
        done = bool(runs) and all(each.state.done for each in runs)
        record = folder / f"{name}.names"
        return {
            "names": self.task["steps"][name]["names"],
            "record": str(record) if done and record.exists() else None,
            "stored": stored(step, runs, self.plan) if done else [],
        }

    def differences(self, whole: Whole) -> dict[str, list[Difference]]:
        """List what differs, by step: first what its cells display, then what it hands on, then its other names."""
        found: dict[str, list[Difference]] = {}
        for name in self.steps:
            own = [
                Difference(kind=each["kind"], cell=cell, says=each["difference"])
                for cell in self.task["steps"][name]["cells"]
                if cell in whole.cells and cell in self.records[name]
                for each in differences(whole.cells[cell], self.records[name][cell])
            ]
            own += [
                Difference(kind=each["kind"], name=each["name"], says=each["difference"])
                for each in whole.answers
                if each["step"] == name and each["difference"]
            ]
            found[name] = own
        return found

    def spread(self, found: Mapping[str, list[Difference]]) -> dict[str, list[Difference]]:
        """Take back differences of steps that are given values which are not reproducible; chance may make two whole runs agree there."""
        shaky: set[tuple[str, str]] = set()
        settled: dict[str, list[Difference]] = {}
        for step in self.plan["steps"]:
            name, own = step["name"], found[step["name"]]
            if any((source["step"], source["port"]) in shaky for source in step["inputs"].values()):
                own = [replace(each, reproducible=False) for each in own]
            settled[name] = own
            unlike = {each.name for each in own if not each.reproducible}
            shaky |= {(name, port["port"]) for port in self.steps[name]["stored"] if unlike & {port["port"], *port.get("names", ())}}
        return settled

    def verdict(self, whole: Whole, found: Mapping[str, list[Difference]]) -> Verdict:
        """Put everything together."""
        steps = tuple(self._step(name, whole, self.causes.explained(name, own)) for name, own in found.items())
        stopped, same = None, True
        if whole.error:
            stopped = {"cell": whole.stopped, "error": whole.error}
            raised = [records[whole.stopped]["error"] for records in self.records.values() if whole.stopped in records]
            same = any(raised) or self.causes.refuses(whole.stopped)
        return Verdict(
            mode=self.task["mode"], steps=steps, merged=tuple(self.task["merged"]), stopped=stopped, same_stop=same, run=self.result
        )

    def _step(self, name: str, whole: Whole, found: list[Difference]) -> StepVerdict:
        cells, runs = tuple(self.task["steps"][name]["cells"]), self.runs[name]
        failed = next((each for each in runs if each.state is State.FAILED), None)
        both = [cell for cell in cells if cell in whole.cells and cell in self.records[name]]
        answers = [each for each in whole.answers if each["step"] == name]
        noisy = tuple(cell for cell in both if text_difference(whole.cells[cell]["stderr"], self.records[name][cell]["stderr"]))
        if runs and all(each.state is State.SKIPPED for each in runs):
            state = "skipped"
        elif whole.error and not any(cell in whole.cells for cell in cells):
            state = "not reached"
        elif failed is not None and not self._stops_alike(name, whole):
            state = "failed"
            if not any(each.kind == "error" for each in found):
                fault = Difference(kind="step", says=failed.headline or failed.reason)
                found = [*self.causes.explained(name, [fault]), *found]
        elif not runs or any(each.state is State.NOT_RUN for each in runs):
            state = "not run"
        else:
            state = "differs" if any(each.reproducible for each in found) else "not reproducible" if found else "equal"
        return StepVerdict(
            step=name,
            cells=cells,
            state=state,
            differences=tuple(found),
            compared={
                "cells": len(both),
                "values": sum(each["kind"] == "value" for each in answers),
                "names": sum(each["kind"] == "name" for each in answers),
            },
            stderr=noisy,
        )

    def _stops_alike(self, name: str, whole: Whole) -> bool:
        """Tell whether a step failed where the whole notebook stops, and there only."""
        raised = [cell for cell, record in self.records[name].items() if record["error"]]
        return bool(raised) and raised == [whole.stopped]


def stored(step: Mapping[str, Any], runs: list[StepResult], plan: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List what the runs of a step have stored, port by port."""
    ports = []
    for port, what in step["outputs"].items():
        if what.get("artifact") in SHOWN:
            continue
        entry: dict[str, Any] = {"port": port, "collect": _gathered(step["name"], port, plan) if step["foreach"] else None}
        if "parameter" in what:
            entry["values"] = [_value(each.parameters.get(port), what) for each in runs]
        else:
            artifacts = [each.artifacts[port] for each in runs]
            entry["artifacts"] = [{"path": str(each.path), "metadata": each.metadata} for each in artifacts]
            entry["names"] = list(json.loads(artifacts[0].metadata.get("nb2pipe_encoding", "{}"))) if artifacts else []
        ports.append(entry)
    return ports


def _value(sent: object, what: Mapping[str, Any]) -> Any:
    """Give what a parameter holds; the items of a list that is fanned out over travel as JSON text."""
    if not what.get("items") or sent is None:
        return sent
    from jupyter_mlops.runtime.ports import decode
    from jupyter_mlops.runtime.values import coerce

    return decode(coerce(sent, what["parameter"]))


def _gathered(step: str, port: str, plan: Mapping[str, Any]) -> str:
    """Return how the steps below gather a value of a fan-out; a value that only goes on item by item is a dict with one entry an item."""
    for other in plan["steps"]:
        for source in other["inputs"].values():
            if (source["step"], source["port"]) == (step, port) and source.get("collect"):
                return str(source["collect"])
    return "merge"
