"""What a runner's listener hears → OpenLineage events: START, COMPLETE and FAIL of each step, with what it read and wrote and its cells.

Versions are the digests of the control plane. Files beside the notebook count as read when the step's code names them, and as written when
the step changed them.
"""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.provenance.entity import Entity, Kind
from jupyter_mlops.provenance.events import error_facet, named_uuid, own_facets, parent_facet, run_event
from jupyter_mlops.provenance.journal import append
from jupyter_mlops.submit.digests import digest_of_file
from jupyter_mlops.submit.events import Event, Listener, RunEnded, RunStarted, State, StepEnded, StepResult, StepStarted
from jupyter_mlops.submit.keys import local_files, mentioned
from jupyter_mlops.submit.step_cells import cells_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.submit.plan import PlannedStep

_KINDS: dict[str, Kind] = {"Model": "model", "Metrics": "report", "ClassificationMetrics": "report", "HTML": "report", "Markdown": "report"}
ADDRESS = "uri"
"""Where the metadata of an artifact elsewhere says its address."""
_ENDS = {State.SUCCEEDED: "COMPLETE", State.CACHED: "COMPLETE", State.RESUMED: "COMPLETE", State.FAILED: "FAIL", State.STOPPED: "ABORT"}


def lineage_folder(state: Path) -> Path:
    """Say whose lineage a run is part of: that of `NB2PIPE_HOME`, else of the folder that keeps its state."""
    return Path(os.environ.get("NB2PIPE_HOME") or state)


class LineageEvents:
    """A listener that writes events, and then tells `after`.

    `here`: the run is on this machine, in this environment. Elsewhere files are not looked at, and an output whose digest nobody says has the
    run for its version.
    """

    def __init__(
        self,
        *,
        pipeline: str,
        notebook: str,
        steps: Mapping[str, PlannedStep],
        parameters: Mapping[str, Any],
        home: Path,
        directory: Path,
        after: Listener | None,
        here: bool = True,
    ) -> None:
        self._pipeline, self._notebook, self._steps = pipeline, notebook or pipeline, steps
        self._parameters, self._home, self._directory = parameters, home, directory
        self._after = after
        self._here = here
        self._run = ""
        self._results: dict[str, list[StepResult]] = {}
        self._before: dict[str, dict[str, str]] = {}
        tick: float | None = getattr(after, "tick_seconds", None)
        if tick is not None:
            self.tick_seconds = tick  # the scheduler asks whether there is one

    def __call__(self, event: Event) -> None:
        """Write what is lineage, pass on everything."""
        match event:
            case RunStarted(run=run):
                self._run = run
                self._write(lambda: self._whole("START", environment() if self._here else {}))
            case StepStarted(label=label):
                self._write(lambda: self._started(label))
            case StepEnded(result=result):
                self._results.setdefault(result.step, []).append(result)
                if result.state in _ENDS:
                    self._write(lambda: self._ended(result))
            case RunEnded(result=whole):
                self.close(whole.state)
            case _:
                pass
        if self._after is not None:
            self._after(event)

    @property
    def steps(self) -> Mapping[str, PlannedStep]:
        """The steps of the run, by name."""
        return self._steps

    def close(self, state: str) -> None:
        """Write how the whole run ended, where no `RunEnded` says it; `state` is ``succeeded``, ``failed`` or another word."""
        kind = {"succeeded": "COMPLETE", "failed": "FAIL"}.get(state.lower(), "ABORT")
        self._write(lambda: self._whole(kind, {}))

    def _write(self, event: Any) -> None:
        append(event, home_folder=self._home)

    def _whole(self, kind: str, environment_facts: dict[str, Any]) -> str:
        facets: dict[str, Any] = {"run": {"run": self._run, "pipeline": self._pipeline, "notebook": self._notebook}}
        if kind == "START":
            facets["parameters"] = dict(self._parameters)
            facets |= {"environment": environment_facts} if environment_facts else {}
        return run_event(kind, run_id=named_uuid(self._run), job=self._notebook, run_facets=",".join(own_facets(facets)))

    def _started(self, label: str) -> str:
        self._before[label] = self._files(label)
        return self._event("START", label, self._inputs(label), (), {}, "")

    def _ended(self, result: StepResult) -> str:
        kind = _ENDS[result.state]
        after = self._files(result.label)
        before = self._before.get(result.label, after)
        files = {name: digest for name, digest in before.items() if after.get(name) == digest}
        inputs = (*self._inputs(result.label), *(Entity("dataset", name, known_digest(digest)) for name, digest in files.items()))
        made = tuple(
            Entity("dataset", name, known_digest(digest) or digest_of_file(self._directory / name))
            for name, digest in after.items()
            if before.get(name) != digest
        )
        facts = {"metrics": _metrics(result)} if _metrics(result) else {}
        problem = result.headline or result.reason if kind == "FAIL" else ""
        outputs = (*(entity for _, entity in self._outputs(result)), *made) if kind == "COMPLETE" else ()
        return self._event(kind, result.label, inputs, outputs, facts, problem, result.state.value)

    def _event(
        self,
        kind: str,
        label: str,
        inputs: tuple[Entity, ...],
        outputs: tuple[Entity, ...],
        facts: dict[str, Any],
        problem: str,
        state: str = "running",
    ) -> str:
        facets = {**facts, "run": {"run": self._run, "pipeline": self._pipeline, "notebook": self._notebook, "state": state}}
        step = self._steps.get(label.partition("[")[0])
        cells = cells_of(step, self._home) if step is not None and kind == "COMPLETE" else []
        return run_event(
            kind,
            run_id=named_uuid(f"{self._run}/{label}"),
            job=f"{self._notebook}.{label}",
            inputs=inputs,
            outputs=outputs,
            run_facets=",".join(
                [parent_facet(named_uuid(self._run), self._notebook), *own_facets(facets), *([error_facet(problem)] if problem else [])]
            ),
            job_facets=",".join(own_facets({"cells": {"cells": cells}} if cells else {})),
        )

    def _inputs(self, label: str) -> tuple[Entity, ...]:
        """The artifacts that enter: of the same item inside a fan-out, of all items where they are gathered."""
        name, _, item = label.removesuffix("]").partition("[")
        step = self._steps.get(name)
        found = []
        for source in step.inputs.values() if step is not None else ():
            for result in self._results.get(source.step, ()):
                if source.collect or result.item is None or str(result.item) == item:
                    found += [entity for port, entity in self._outputs(result) if port.partition("[")[0] == source.port]
        return tuple(found)

    def _outputs(self, result: StepResult) -> list[tuple[str, Entity]]:
        """What a step made, by port; a port of a fan-out whose items are not told apart is ``port[0]`` and so on."""
        found = []
        for port, artifact in result.artifacts.items():
            version = artifact.digest or ("" if self._here else f"run:{self._run}")
            facts = {} if self._here or not artifact.metadata.get(ADDRESS) else {"artifact": {"uri": artifact.metadata[ADDRESS]}}
            if version:
                name = f"{self._pipeline}/{result.label}.{port}"
                found.append((port, Entity(_KINDS.get(artifact.type, "dataset"), name, version, facts)))
        return found

    def _files(self, label: str) -> dict[str, str]:
        """Files beside the notebook that the step's code names, modules excepted, under the names that `ml.dataset` gives them."""
        step = self._steps.get(label.partition("[")[0])
        named = local_files(mentioned(step), self._directory) if step is not None and self._here else {}
        found: dict[str, str] = {}
        for name, digest in named.items():
            path = (self._directory / name).absolute()
            if path.suffix != ".py" and not path.is_dir() and path.is_relative_to(self._directory):
                found[path.relative_to(self._directory).as_posix()] = digest
        return found


def known_digest(fingerprint: str) -> str:
    """Give the digest that a fingerprint is, or "" (of a huge file only size and time are looked at): the newest version known then."""
    return fingerprint if fingerprint.startswith("sha256:") else ""


def environment() -> dict[str, Any]:
    """Name the interpreter, the platform and every installed distribution with its version."""
    packages: dict[str, str] = {}
    for path in sys.path:
        try:
            names = sorted(entry.name for entry in Path(path).iterdir() if entry.name.endswith(".dist-info"))
        except OSError:  # zip files and folders that are not there stand on sys.path too
            continue
        for name, _, version in (found.removesuffix(".dist-info").rpartition("-") for found in names):
            packages.setdefault(name, version)
    return {"python": platform.python_version(), "platform": f"{sys.platform} {platform.machine()}", "packages": packages}


def _metrics(result: StepResult) -> dict[str, Any]:
    """What `Metrics` artifacts and numeric output parameters say."""
    found = {f"{result.label}.{port}": value for port, value in result.parameters.items() if isinstance(value, int | float)}
    for artifact in result.artifacts.values():
        if artifact.type == "Metrics":
            found |= {f"{result.label}.{name}": value for name, value in artifact.metadata.items() if isinstance(value, int | float)}
    return found
