"""Runs on a cluster as the front end sees them; the cluster is a real HTTP server that speaks KFP's v2beta1 API."""

from __future__ import annotations

import pytest
from followed import TRAINING, checked, follow, start, states, write
from jupyter_process import CLUSTER_TOKEN
from v2beta1 import serving

pytestmark = pytest.mark.slow


@pytest.fixture
def cluster():
    with serving() as cluster:
        cluster.token = CLUSTER_TOKEN
        yield cluster


@pytest.fixture
def path(server, request):
    write(server.root / request.node.name / "a.ipynb", *TRAINING)
    return f"{request.node.name}/a.ipynb"


def standing(state, **tasks):
    details = [{"display_name": name, "state": each, "task_id": name, "child_tasks": []} for name, each in tasks.items()]
    return {"state": state, "run_details": {"task_details": details}}


def test_a_submitted_run_is_followed_with_its_link_and_no_login_is_kept(server, cluster, path):
    cluster.snapshots = [
        standing("RUNNING", load="SUCCEEDED", train="RUNNING"),
        standing("SUCCEEDED", load="SUCCEEDED", train="SUCCEEDED", show="SUCCEEDED"),
    ]
    ended, _ = follow(server, start(server, path, "kubeflow", endpoint=cluster.url, parameters={"rounds": 5}))
    assert (ended["summary"]["state"], ended["summary"]["kind"]) == ("succeeded", "kubeflow")
    assert set(states(ended).values()) == {"succeeded"}
    assert ended["summary"]["url"] == f"{cluster.url}/#/runs/details/r0"
    assert cluster.runs[0]["runtime_config"]["parameters"]["rounds"] == 5
    assert cluster.logins == {f"Bearer {CLUSTER_TOKEN}"}
    files = [each for each in (server.root / path).parent.rglob("*") if each.is_file()]
    assert [each for each in files if CLUSTER_TOKEN.encode() in each.read_bytes()] == []
    listed = checked(server.ask("GET", f"runs?path={path}"), "Runs")["runs"]
    assert [(each["kind"], each["state"]) for each in listed] == [("kubeflow", "succeeded")]


def test_a_run_is_stopped_on_the_cluster(server, cluster, path):
    cluster.snapshots = [standing("RUNNING", load="RUNNING")]
    run, _ = follow(server, start(server, path, "kubeflow", endpoint=cluster.url), lambda seen: states(seen).get("load") == "running")
    checked(server.ask("POST", f"runs/{run['summary']['id']}/stop", json={}), "Run")
    ended, _ = follow(server, run)
    assert ended["summary"]["state"] == "interrupted"
    assert ("POST", "/apis/v2beta1/runs/r0:terminate") in cluster.requests


def test_a_run_that_fails_there_is_tried_again_there(server, cluster, path):
    cluster.snapshots = [standing("FAILED", load="SUCCEEDED", train="FAILED")]
    failed, _ = follow(server, start(server, path, "kubeflow", endpoint=cluster.url))
    assert (failed["summary"]["state"], states(failed)["train"]) == ("failed", "failed")
    cluster.snapshots.append(standing("SUCCEEDED", load="SUCCEEDED", train="SUCCEEDED", show="SUCCEEDED"))
    ended, _ = follow(server, checked(server.ask("POST", f"runs/{failed['summary']['id']}/resume", json={}), "Run"))
    assert ended["summary"]["state"] == "succeeded"
    assert ("POST", "/apis/v2beta1/runs/r0:retry") in cluster.requests
    assert len(cluster.runs) == 1


def test_a_login_that_is_not_taken_is_a_sentence(server, cluster, path):
    cluster.token = "another"
    failed, _ = follow(server, start(server, path, "kubeflow", endpoint=cluster.url))
    assert failed["summary"]["state"] == "failed"
    assert "KF_PIPELINES_TOKEN" in failed["problem"] or "token" in failed["problem"]
    assert "Traceback" not in failed["problem"]
    refused = checked(server.ask("POST", f"runs/{failed['summary']['id']}/resume", json={}), "Problem", 409)
    assert refused["hint"] == "submit it again"


def test_without_an_address_nothing_is_submitted(server, path):
    problem = start(server, path, "kubeflow", status=400)
    assert "KF_PIPELINES_ENDPOINT" in problem["hint"]
