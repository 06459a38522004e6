"""A project of its own for each test, and the small life of a model that questions are asked about."""

from __future__ import annotations

import json

import pytest

from jupyter_mlops.provenance import Entity, record
from jupyter_mlops.provenance.events import own_facet, run_event
from jupyter_mlops.provenance.journal import append


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The project's folder of lineage."""
    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("NB2PIPE_RUN", raising=False)
    monkeypatch.delenv("NB2PIPE_STEP", raising=False)
    return tmp_path / "home"


@pytest.fixture
def events(project):
    """Read the journal."""
    return lambda: [json.loads(line) for line in (project / "lineage" / "events.jsonl").read_text().splitlines()]


@pytest.fixture
def cell():
    """Write the event of a cell's work: its number, the digest of its source, what it used and made."""

    def write(number, source, inputs=(), outputs=(), run="0001-aaa"):
        members = json.dumps({"notebook": "churn.ipynb", "cell": str(number), "sourceDigest": source, "verb": "step", "pipelineRun": run})
        append(
            lambda: run_event(
                "COMPLETE",
                run_id=f"{run}-{number}",
                job=f"churn#{number}",
                inputs=inputs,
                outputs=outputs,
                job_facets=own_facet("cell", members[1:-1]),
            )
        )

    return write


@pytest.fixture
def churn(project, cell):
    """raw → features → model 3 → deployment, each by its own cell; and an unrelated chain."""
    raw, features = Entity("dataset", "s3://lake/raw.parquet", "sha256:1111aaaa"), Entity("dataset", "churn/features", "sha256:2222bbbb")
    model = Entity("model", "churn", "3")
    cell(1, "sha256:c1", (raw,), (features,))
    cell(2, "sha256:c2", (features,), (model,))
    record("deploy", (model,), (Entity("deployment", "churn", "3", {"deployment": {"state": "promoted", "traffic": 1.0}}),))
    cell(9, "sha256:c9", (Entity("dataset", "other", "1"),), (Entity("model", "other", "1"),))
    return project
