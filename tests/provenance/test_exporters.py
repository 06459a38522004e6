"""Lineage reaches other systems, over a real socket and into a real MLflow store."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from jupyter_mlops.errors import EnvironmentProblem
from jupyter_mlops.provenance import Entity, record
from jupyter_mlops.provenance.exporters import export


@pytest.fixture
def backend():
    """A server that keeps what it takes; `answers` are the statuses that it gives first."""
    taken, answers, headers = [], [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = answers.pop(0) if answers else 201
            headers.append(self.headers.get("Authorization"))
            if status == 201:
                taken.append(json.loads(body))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    server.taken, server.answers, server.seen = taken, answers, headers
    server.url = f"http://127.0.0.1:{server.server_port}/api/v1/lineage"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_each_event_is_sent_once(churn, backend):
    assert export("openlineage", url=backend.url) == {"sent": 4, "refused": 0}
    assert export("openlineage", url=backend.url) == {"sent": 0, "refused": 0}
    record("gate")
    assert export("openlineage", url=backend.url, token="t") == {"sent": 1, "refused": 0}
    assert len(backend.taken) == 5
    assert backend.seen[-1] == "Bearer t"


def test_a_busy_backend_is_tried_again(churn, backend):
    backend.answers += [503, 429]
    assert export("openlineage", url=backend.url, backoff_seconds=0.01)["sent"] == 4


def test_a_refused_event_does_not_hold_up_the_others(churn, backend):
    backend.answers += [422]
    assert export("openlineage", url=backend.url) == {"sent": 3, "refused": 1}


def test_after_a_failure_the_export_goes_on_where_it_was(churn, backend):
    backend.answers += [201, 401]
    with pytest.raises(EnvironmentProblem, match="status 401"):
        export("openlineage", url=backend.url)
    assert export("openlineage", url=backend.url)["sent"] == 3


def test_an_unreachable_backend_is_an_environment_problem_without_secrets(churn):
    with pytest.raises(EnvironmentProblem) as caught:
        export("openlineage", url="http://me:secret@127.0.0.1:9/x", attempts=2, backoff_seconds=0.01)
    assert "secret" not in str(caught.value)


def test_models_are_told_as_models(churn, backend):
    export("openlineage", url=backend.url)
    model = next(item for event in backend.taken for item in event["outputs"] if item["namespace"] == "nb2pipe:model")
    assert model["facets"]["datasetType"]["datasetType"] == "MODEL"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # MLflow's own use of SQLAlchemy
@pytest.mark.filterwarnings("ignore:The ``noload`` loader")  # the same, which SQLAlchemy derives from RuntimeWarning
def test_a_tracked_run_gets_tags_in_mlflow(churn, tmp_path):
    from mlflow.tracking import MlflowClient

    client = MlflowClient(tracking_uri=f"sqlite:///{tmp_path / 'm.db'}")
    run = client.create_run(client.create_experiment("e", artifact_location=str(tmp_path / "a"))).info.run_id
    record("track", (Entity("dataset", "churn/features", "sha256:2222bbbb"),), (Entity("run", run),))
    export("mlflow", run_id=run, client=client)
    tags = client.get_run(run).data.tags
    assert tags["nb2pipe.lineage.datasets"].splitlines() == ["s3://lake/raw.parquet@sha256:1111aaaa", "churn/features@sha256:2222bbbb"]
    assert "churn.ipynb#1@sha256:c1" in tags["nb2pipe.lineage.cells"]


def test_mlmd_documents_join_executions_to_artifacts_that_exist(churn, tmp_path):
    made = export("mlmd", path=tmp_path / "mlmd.json")
    artifacts = {item["id"] for item in made["put_artifacts"]["artifacts"]}
    executions = {item["id"] for item in made["put_executions"]["executions"]}
    assert all(event["artifactId"] in artifacts and event["executionId"] in executions for event in made["put_events"]["events"])
    assert json.loads((tmp_path / "mlmd.json").read_text()) == made


def test_an_unknown_exporter_is_answered_with_those_there_are():
    with pytest.raises(ValueError, match="`openlineage`, `mlflow`, `mlmd`"):
        export("atlas")
