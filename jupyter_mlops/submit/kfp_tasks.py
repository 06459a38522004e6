"""What a task of the SDK's local runner left on disk → how its step ended, and the lineage of the run while it goes."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from jupyter_mlops.submit.contract import DIGEST
from jupyter_mlops.submit.digests import digest_of_tree
from jupyter_mlops.submit.events import ArtifactResult, RunStarted, State, StepEnded, StepResult, StepStarted
from jupyter_mlops.submit.headline import headline
from jupyter_mlops.submit.kfp_handlers import item_of
from jupyter_mlops.submit.lineage_events import LineageEvents
from jupyter_mlops.submit.package_plan import planned_steps
from jupyter_mlops.submit.step_cells import notebook_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jupyter_mlops.submit.package import Package


class KfpLineage:
    """Hears of each task and writes its events; the SDK runs the items of a fan-out in threads.

    The run is called by the folder that the SDK makes for it, which is known when the first task starts.
    """

    def __init__(self, package: Package, values: Mapping[str, Any], *, output: Path, home: Path, directory: Path, here: bool) -> None:
        self._package, self._output, self._home, self._here = package, output, home, here
        steps = planned_steps(package)
        notebook = notebook_of(steps.values())
        self._events = LineageEvents(
            pipeline=package.name, notebook=notebook, steps=steps, parameters=values, home=home, directory=directory, after=None, here=here
        )
        self._lock = threading.Lock()
        self._run = ""
        self._known: dict[Path, StepResult] = {}

    def begin(self, root: Path, label: str) -> dict[str, str]:
        """Write that a step starts; say to its verbs where they are."""
        with self._lock:
            if not self._run:
                self._run = root.relative_to(self._output).parts[0]
                self._events(
                    RunStarted(run=self._run, pipeline=self._package.name, steps=tuple(self._package.steps.values()), resumed=False)
                )
            self._events(StepStarted(label=label, attempt=1))
        return {"NB2PIPE_RUN": self._run, "NB2PIPE_STEP": label, "NB2PIPE_HOME": str(self._home)}

    def end(self, root: Path) -> None:
        """Write how a step ended, while the files beside it are as it left them."""
        result = _result(self._package, root)
        with self._lock:
            self._known[root] = result
            self._events(StepEnded(result=result))

    def close(self, state: str) -> None:
        """Write how the run ended, if it began."""
        if self._run:
            self._events.close(state)

    def results(self, folder: Path) -> Iterator[StepResult]:
        """Give what each task of a run left, in the order of the package, items in order."""
        order = {key: index for index, key in enumerate(self._package.steps)}
        roots = {path.parent for name in ("executor_output.json", "log.txt") for path in folder.rglob(name) if path.parent.name in order}
        for root in sorted(roots, key=lambda root: (order[root.name], item_of(root) or 0)):
            yield self._known.get(root) or _result(self._package, root)


def _result(package: Package, root: Path) -> StepResult:
    done = root / "executor_output.json"
    message = json.loads(done.read_text(encoding="utf-8")) if done.exists() else {}
    step = package.steps[root.name]
    log = root / "log.txt"
    return StepResult(
        step=step,
        item=item_of(root),
        state=State.SUCCEEDED if done.exists() else State.FAILED,
        seconds=0.0,
        reason="" if done.exists() else "its process failed",
        headline="" if done.exists() else headline(log),
        log=log if log.exists() else None,
        artifacts={port: _artifact(root / port, kind, message, port) for port, kind in package.artifacts[step].items()},
        parameters=message.get("parameterValues", {}),
    )


def _artifact(path: Path, kind: str, message: Mapping[str, Any], port: str) -> ArtifactResult:
    items = message.get("artifacts", {}).get(port, {}).get("artifacts", [])
    metadata = dict(items[0].get("metadata", {})) if items else {}
    digest = digest_of_tree(path)
    return ArtifactResult(path=path, digest=metadata.get(DIGEST, digest) if digest else None, metadata=metadata, type=kind)
