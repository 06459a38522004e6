"""The index → ML Metadata, as the JSON form of its protobuf messages.

MLMD is on its way out (Kubeflow Pipelines is replacing it) and its newest wheels do not install beside current libraries, so nothing here
stands on it: what is made is one document with the messages of the requests `PutArtifactTypes`, `PutArtifacts`, `PutExecutions` and
`PutEvents` (`metadata_store.proto`, `metadata_store_service.proto`), for whoever still has a store. It has not been sent to one.
"""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

from jupyter_mlops.provenance.entity import OWN
from jupyter_mlops.provenance.index import NODE_KINDS, nodes
from jupyter_mlops.provenance.ingest import open_index

if TYPE_CHECKING:
    from pathlib import Path

_STATES = {"START": "RUNNING", "COMPLETE": "COMPLETE", "FAIL": "FAILED", "ABORT": "CANCELED"}


def export(*, path: Path | None = None, home_folder: Path | None = None) -> dict[str, Any]:
    """Make the document, and write it to `path` where one is given.

    Ids are those of the index: whoever puts the messages into a store replaces them by the ids that the store gives.
    """
    with closing(open_index(home_folder)) as connection:
        ids = [key for (key,) in connection.execute("SELECT id FROM node")]
        artifacts = [
            {
                "id": node.id,
                "type": f"{OWN}.{node.kind}",
                "uri": node.title,
                "name": f"{node.kind} {node.title}@{node.version}",
                "state": "LIVE",
            }
            | {"customProperties": {"version": {"stringValue": node.version}}}
            for node in nodes(connection, ids)
        ]
        rows = connection.execute("SELECT id, run, job, state FROM activity ORDER BY id")
        executions = [
            {"id": key, "type": f"{OWN}.activity", "name": f"{job} {key}", "lastKnownState": _STATES.get(state, "COMPLETE")}
            | {"customProperties": {"run": {"stringValue": run}}}
            for key, run, job, state in rows
        ]
        parts = connection.execute("SELECT activity, node, role FROM part ORDER BY activity, node, role")
        events = [{"executionId": key, "artifactId": node, "type": "OUTPUT" if role == "output" else "INPUT"} for key, node, role in parts]
    document = {
        "put_artifact_types": [{"artifactType": {"name": f"{OWN}.{kind}"}} for kind in NODE_KINDS],
        "put_artifacts": {"artifacts": artifacts},
        "put_executions": {"executions": executions},
        "put_events": {"events": events},
    }
    if path is not None:
        partial = path.with_name(f"{path.name}.partial")
        partial.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        partial.replace(path)
    return document
