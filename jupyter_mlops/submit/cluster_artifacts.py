"""What the API says about the artifacts of a step: digests, addresses, metadata, as far as the server knows them.

`task_details` of a run name artifacts by id; only servers with an artifact API (`/apis/v2beta1/artifacts/{id}`) tell more about an id. From
others, the package alone says which outputs there are.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.submit.connection import read_artifact
from jupyter_mlops.submit.contract import DIGEST
from jupyter_mlops.submit.events import ArtifactResult
from jupyter_mlops.submit.follow import step_of
from jupyter_mlops.submit.lineage_events import ADDRESS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.submit.connection import Connection
    from jupyter_mlops.submit.package import Package


class ClusterArtifacts:
    """Asks a server, until it has shown that it has no artifact API."""

    def __init__(self, connection: Connection, package: Package, tasks: Mapping[str, str]) -> None:
        self._connection, self._package, self._tasks = connection, package, tasks
        self._answers = True
        self._known: dict[str, dict[str, Any]] = {}

    def of_step(self, run: Any, step: str) -> dict[str, ArtifactResult]:
        """Give the artifacts of a step by port; several of a fan-out as ``port[0]``, ``port[1]`` …; without a digest where nobody says it."""
        found: dict[str, ArtifactResult] = {}
        for port, kind in self._package.artifacts[step].items():
            told = {answer.get(ADDRESS) or at: answer for at, answer in enumerate(map(self._ask, self._ids(run, step, port))) if answer}
            results = [_result(kind, answer) for answer in told.values()] or [_result(kind, {})]
            found |= {port if len(results) == 1 else f"{port}[{at}]": result for at, result in enumerate(results)}
        return found

    def _ids(self, run: Any, step: str, port: str) -> list[str]:
        details = (run.run_details.task_details if run.run_details else None) or []
        lists = [(node.outputs or {}).get(port) for node in details if step_of(node, self._tasks) == step]
        return list(dict.fromkeys(str(identifier) for each in lists if each for identifier in each.artifact_ids or ()))

    def _ask(self, identifier: str) -> dict[str, Any]:
        if identifier not in self._known and self._answers:
            self._known[identifier] = read_artifact(self._connection, identifier)
            self._answers = bool(self._known[identifier])
        return self._known.get(identifier, {})


def _result(kind: str, answer: Mapping[str, Any]) -> ArtifactResult:
    metadata = dict(answer.get("metadata") or {})
    digest = str(metadata.get(DIGEST) or "") or None
    address = {ADDRESS: str(answer[ADDRESS])} if answer.get(ADDRESS) else {}
    return ArtifactResult(path=Path(), digest=digest, metadata={**metadata, **address}, type=kind)
