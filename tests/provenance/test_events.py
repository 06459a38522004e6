"""What a verb writes: OpenLineage, whole, without secrets, and never in the verb's way."""

from __future__ import annotations

import concurrent.futures
import json
import subprocess
import sys
import warnings
from pathlib import Path

import jsonschema
import pytest

import jupyter_mlops.provenance
from jupyter_mlops.provenance import Entity, record
from jupyter_mlops.provenance.secrecy import redacted

FACETS = Path(jupyter_mlops.provenance.__file__).parent / "facets"


def rebuilt(event):
    """The event as openlineage-python's own classes write it; they check times, ids and URIs as they are made."""
    from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
    from openlineage.client.facet_v2 import lineage, parent_run
    from openlineage.client.serde import Serde

    facet = event["job"]["facets"]["lineage"]
    source = lambda item: lineage.LineageDatasetInput(**item)
    entries = [lineage.LineageDatasetEntry(**{**entry, "inputs": [source(each) for each in entry["inputs"]]}) for entry in facet["entries"]]
    parent = event["run"]["facets"]["parent"]
    made = RunEvent(
        eventType=RunState[event["eventType"]],
        eventTime=event["eventTime"],
        run=Run(
            event["run"]["runId"],
            {"parent": parent_run.ParentRunFacet(run=parent_run.Run(**parent["run"]), job=parent_run.Job(**parent["job"], facets={}))},
        ),
        job=Job(
            event["job"]["namespace"],
            event["job"]["name"],
            {"lineage": lineage.LineageJobFacet(entries=entries, producer=facet["_producer"])},
        ),
        inputs=[InputDataset(item["namespace"], item["name"]) for item in event["inputs"]],
        outputs=[OutputDataset(item["namespace"], item["name"]) for item in event["outputs"]],
        producer=event["producer"],
    )
    return json.loads(Serde.to_json(made))


def test_an_event_is_what_openlineages_own_classes_write(project, events):
    record("track", (Entity("dataset", "s3://lake/x.parquet", "sha256:ab"),), (Entity("model", "churn", "3"),))
    event = events()[0]
    theirs = rebuilt(event)
    ours = {key: event[key] for key in ("eventType", "eventTime", "producer", "schemaURL")}
    assert {key: theirs[key] for key in ours} == ours
    assert theirs["run"]["runId"] == event["run"]["runId"]
    assert theirs["run"]["facets"]["parent"]["_schemaURL"] == event["run"]["facets"]["parent"]["_schemaURL"]
    mine, facet = event["job"]["facets"]["lineage"], theirs["job"]["facets"]["lineage"]
    assert facet["_schemaURL"] == mine["_schemaURL"]
    assert [entry["inputs"][0]["name"] for entry in facet["entries"]] == [entry["inputs"][0]["name"] for entry in mine["entries"]]


def test_a_uri_gets_the_namespace_that_other_producers_give_it():
    assert Entity("dataset", "s3://lake/a/x.parquet").address() == ("s3://lake", "a/x.parquet")
    assert Entity("dataset", "file:///data/x.csv").address() == ("file", "/data/x.csv")
    assert Entity("dataset", "churn/features").address() == ("nb2pipe", "churn/features")
    assert Entity("model", "churn").address() == ("nb2pipe:model", "churn")


def test_an_output_says_which_inputs_it_was_made_from(project, events):
    a, b = Entity("dataset", "a"), Entity("dataset", "b")
    record("split", (a, b), (Entity("dataset", "x", made_from=(a,)), Entity("dataset", "y")))
    entries = events()[0]["job"]["facets"]["lineage"]["entries"]
    assert {entry["name"]: [source["name"] for source in entry["inputs"]] for entry in entries} == {"x": ["a"], "y": ["a", "b"]}


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("s3://key:sec/ret@bucket/x", "s3://bucket/x"),
        ("https://token@host/x", "https://host/x"),
        ("postgresql://u:p@db:5432/x", "postgresql://db:5432/x"),
        ("https://host:8080/a@v1", "https://host:8080/a@v1"),
        ("https://h/x?sig=abc&part=2", "https://h/x?sig=redacted&part=2"),
        ("https://h/x?X-Amz-Signature=abc", "https://h/x?X-Amz-Signature=redacted"),
        ("https://h/x?monkey=abc", "https://h/x?monkey=abc"),
    ],
)
def test_secrets_of_uris_are_taken_out(text, clean):
    assert redacted(text) == clean


def test_no_secret_of_a_name_or_a_facet_reaches_the_journal(project):
    facets = {"parameters": {"source": "https://me:hunter2@host/x?token=hunter2"}}
    record("dataset", (Entity("dataset", "s3://me:hun/ter2@lake/x"),), facets=facets)
    text = (project / "lineage" / "events.jsonl").read_text()
    assert "hunter2" not in text
    assert "ter2" not in text


def test_the_facets_we_make_fit_the_schemas_we_publish(project, events):
    record(
        "gate",
        (Entity("model", "churn", "3", {"model": {"framework": "sklearn"}}),),
        (Entity("deployment", "churn", "3", {"deployment": {"state": "promoted", "traffic": 1.0}}),),
        {"gate": {"verdict": "pass"}, "driftReport": {"verdict": "fail", "drifted": ["age"]}},
    )
    event = events()[0]
    holders = [event["run"]["facets"], event["job"]["facets"], event["inputs"][0]["facets"], event["outputs"][0]["facets"]]
    checked = set()
    for holder in holders:
        for key, value in holder.items():
            if key.startswith("nb2pipe_"):
                schema = json.loads((FACETS / f"{key.removeprefix('nb2pipe_')}.json").read_text())
                assert value["_schemaURL"] == schema["$id"]
                jsonschema.validate(value, schema)
                checked.add(key)
    assert checked == {"nb2pipe_cell", "nb2pipe_model", "nb2pipe_gate", "nb2pipe_deployment", "nb2pipe_driftReport"}


def test_numbers_that_json_has_not_become_null(project, events):
    record("track", facets={"metrics": {"loss": float("nan"), "auc": 0.5}})
    facet = events()[0]["run"]["facets"]["nb2pipe_metrics"]
    assert (facet["loss"], facet["auc"]) == (None, 0.5)


def test_what_cannot_be_written_is_a_warning_and_no_error(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path / "file"))
    with pytest.warns(RuntimeWarning, match="lineage is not recorded"):
        record("gate")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        record("gate")


def test_an_unknown_kind_is_a_warning_and_no_error(project):
    with pytest.warns(RuntimeWarning, match="not `table`"):
        record("gate", (Entity("table", "x"),))


def test_lines_of_several_processes_never_mix(project):
    code = (
        "from jupyter_mlops.provenance import Entity, record\nfor i in range(200): record('v', (Entity('dataset', 'x' * 3000 + str(i)),))"
    )
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: subprocess.run([sys.executable, "-c", code], check=True), range(4)))
    lines = (project / "lineage" / "events.jsonl").read_bytes().splitlines()
    assert len([json.loads(line) for line in lines]) == 800


def test_a_verb_in_a_step_is_part_of_the_step_and_the_run(project, events, monkeypatch):
    monkeypatch.setenv("NB2PIPE_RUN", "0001-aaa")
    monkeypatch.setenv("NB2PIPE_STEP", "train[2]")
    exec(compile("record('track')", "churn.ipynb › cell 5 (step train)", "exec"), {"record": record})
    event = events()[0]
    parent = event["run"]["facets"]["parent"]
    assert parent["job"]["name"] == "churn.ipynb.train[2]"
    assert parent["root"]["job"]["name"] == "churn.ipynb"
    cell = event["job"]["facets"]["nb2pipe_cell"]
    assert (cell["notebook"], cell["cell"], cell["step"], cell["pipelineRun"]) == ("churn.ipynb", "5", "train", "0001-aaa")
