"""A followed run writes what its package says about cells and wiring, and what the server says about artifacts."""

from __future__ import annotations

import json

import pytest

from jupyter_mlops.provenance.lineage_report import lineage
from jupyter_mlops.submit.package import read_package
from jupyter_mlops.submit.package_plan import planned_steps


@pytest.fixture
def wired(package):
    """The package with wiring through its fan-out: load → fit (each) → choose (all)."""
    document = json.loads(package)
    kind = {"artifactType": {"schemaTitle": "system.Dataset"}}
    components, tasks = document["components"], document["root"]["dag"]["tasks"]
    components["comp-load"]["outputDefinitions"] = {"artifacts": {"rows": kind}}
    components["comp-fit"]["outputDefinitions"] = {"artifacts": {"score": kind}}
    components["comp-choose"]["outputDefinitions"] = {"artifacts": {"best": {"artifactType": {"schemaTitle": "system.Model"}}}}
    loop = components["comp-for-loop-1"]["dag"]
    loop["tasks"]["fit"]["inputs"] = {"artifacts": {"rows": {"componentInputArtifact": "load--rows"}}}
    loop["outputs"] = {"artifacts": {"fit--score": {"artifactSelectors": [{"producerSubtask": "fit", "outputArtifactKey": "score"}]}}}
    made = {"taskOutputArtifact": {"producerTask": "load", "outputArtifactKey": "rows"}}
    tasks["for-loop-1"] |= {"parameterIterator": {}, "inputs": {"artifacts": {"load--rows": made}}}
    gathered = {"taskOutputArtifact": {"producerTask": "for-loop-1", "outputArtifactKey": "fit--score"}}
    tasks["choose"]["inputs"] = {"artifacts": {"scores": gathered}}
    spec = {"schema": "nb2pipe.step/1", "notebook": "churn.ipynb", "step": "load"}
    step = json.dumps({**spec, "chunks": [{"cell": 3, "kind": "cell", "line": 1, "lines": 1}]}, separators=(",", ":"), sort_keys=True)
    document["deploymentSpec"]["executors"]["exec-load"]["container"]["args"] += ["(runtime)", step, "rows = [1]\n", "{{$}}"]
    return json.dumps(document)


@pytest.fixture
def ended(server, node):
    """Let the run have ended; the nodes of `fit` are two."""
    nodes = [node("choose", "SUCCEEDED"), node("fit", "SUCCEEDED"), node("fit", "SUCCEEDED", identifier="f2"), node("load", "SUCCEEDED")]

    def end(state="SUCCEEDED", **outputs):
        for entry in nodes:
            named = outputs.pop(f"{entry['task_id']}", None) or outputs.get(entry["display_name"])
            if named:
                entry["outputs"] = {port: {"artifact_ids": ids} for port, ids in named.items()}
        server.snapshots = [{"state": state, "run_details": {"task_details": nodes}}]

    return end


def read(home):
    return [json.loads(line) for line in (home / "lineage" / "events.jsonl").read_text().splitlines()]


def test_the_wiring_is_traced_through_a_fan_out(wired):
    steps = planned_steps(read_package(wired))
    assert list(steps) == ["load", "fit", "choose"]
    assert [(s.step, s.port, s.collect) for s in steps["fit"].inputs.values()] == [("load", "rows", None)]
    assert [(s.step, s.port, bool(s.collect)) for s in steps["choose"].inputs.values()] == [("fit", "score", True)]


def test_outputs_lead_back_to_the_notebook_s_cells(go, ended, wired, lineage_of_its_own):
    ended()
    go(package=wired)
    part = lineage("churn/choose.best", home_folder=lineage_of_its_own).upstream()
    assert {node.title for node in part.nodes} == {"churn/choose.best", "churn/fit.score", "churn/load.rows", "churn.ipynb#3"}
    assert {node.version for node in part.nodes if node.kind != "cell"} == {"run:r0"}, "no digest is known: the run tells states apart"


@pytest.mark.parametrize(("state", "kind"), [("SUCCEEDED", "COMPLETE"), ("FAILED", "FAIL"), ("CANCELED", "ABORT")])
def test_the_end_of_the_run_is_an_event_of_its_own(go, ended, wired, lineage_of_its_own, state, kind):
    ended(state)
    go(package=wired)
    first, *_, last = read(lineage_of_its_own)
    assert (first["run"]["runId"], first["job"], last["eventType"]) == (last["run"]["runId"], last["job"], kind)
    assert first["job"]["name"] == "churn.ipynb"


def test_digests_and_addresses_come_from_the_artifact_api(go, server, ended, wired, lineage_of_its_own):
    def stored(identifier, digest):
        metadata = {"nb2pipe_digest": f"sha256:{digest}"}
        body = {"artifact_id": identifier, "uri": f"s3://user:pass@kfp/{identifier}", "metadata": metadata}
        server.replies["GET", f"/apis/v2beta1/artifacts/{identifier}"] = (200, "application/json", json.dumps(body))

    for identifier, digest in (("1", "aa"), ("2", "bb"), ("3", "cc")):
        stored(identifier, digest)
    ended(load={"rows": ["1"]}, fit={"score": ["2", "3"]})
    go(package=wired)
    nodes = {(node.title, node.version): node for node in lineage(home_folder=lineage_of_its_own).nodes}
    assert nodes["churn/load.rows", "sha256:aa"].facets["artifact"] == {"uri": "s3://kfp/1"}
    assert {name for name, version in nodes if version in {"sha256:bb", "sha256:cc"}} == {"churn/fit.score[0]", "churn/fit.score[1]"}
    above = lineage("churn/choose.best", home_folder=lineage_of_its_own).upstream()
    assert {"churn/fit.score[0]", "churn/fit.score[1]", "churn/load.rows"} <= {node.title for node in above.nodes}


def test_a_server_without_an_artifact_api_is_asked_once(go, server, ended, wired):
    ended(load={"rows": ["1"]}, fit={"score": ["2", "3"]})
    go(package=wired)
    assert sum("/artifacts/" in path for _, path in server.requests) == 1


def test_files_of_this_machine_are_not_those_of_the_cluster(go, ended, wired, lineage_of_its_own, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "local.csv").write_text("1")
    ended()
    go(package=wired.replace("rows = [1]", "rows = 'local.csv'"))
    assert all(entry["name"] != "local.csv" for event in read(lineage_of_its_own) for entry in (*event["inputs"], *event["outputs"]))
