"""A cluster's API server, and what is submitted to it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from v2beta1 import serving

from jupyter_mlops.submit.kubeflow import submit


@pytest.fixture
def server():
    with serving() as server:
        yield server


@pytest.fixture
def package():
    """Two steps and a fan-out, as a package."""

    def component(name):
        return {"executorLabel": f"exec-{name}"}

    def task(name):
        return {"taskInfo": {"name": name}, "componentRef": {"name": f"comp-{name}"}}

    names = ("load", "fit", "choose")
    return json.dumps(
        {
            "pipelineInfo": {"name": "churn"},
            "schemaVersion": "2.1.0",
            "components": {f"comp-{name}": component(name) for name in names}
            | {"comp-for-loop-1": {"dag": {"tasks": {"fit": task("fit")}}}},
            "deploymentSpec": {"executors": {f"exec-{name}": {"container": {"image": "i", "args": [name]}} for name in names}},
            "root": {
                "inputDefinitions": {
                    "parameters": {
                        "depth": {"parameterType": "NUMBER_INTEGER", "defaultValue": 6, "isOptional": True},
                        "name": {"parameterType": "STRING", "defaultValue": "a", "isOptional": True},
                    }
                },
                "dag": {"tasks": {"load": task("load"), "for-loop-1": task("for-loop-1"), "choose": task("choose")}},
            },
        }
    )


@pytest.fixture
def go(server, package):
    """Submit the package without pauses."""
    return lambda **options: submit(
        options.pop("package", package), endpoint=options.pop("endpoint", server.url), poll_seconds=0.001, **options
    )


@pytest.fixture
def node():
    """Make one entry of `task_details`, as the server makes it of an Argo node."""

    def make(name, state, *, identifier=None, children=(), message=None):
        entry = {
            "display_name": name,
            "state": state,
            "task_id": identifier or f"id-{name}-{state}",
            "child_tasks": [{"pod_name": pod} for pod in children],
        }
        return entry | ({"error": {"code": 13, "message": message}} if message else {})

    return make


@pytest.fixture(autouse=True)
def lineage_of_its_own(tmp_path, monkeypatch):
    """A followed run writes lineage; never into the checkout."""
    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path / "lineage-home"))
    return tmp_path / "lineage-home"
