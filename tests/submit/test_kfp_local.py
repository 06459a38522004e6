"""The SDK's local runner on a package of ours: same wiring, same digests, one sentence for what it cannot do."""

from __future__ import annotations

import builtins
import json
import sys

import pytest

from jupyter_mlops.submit.kfp_local import run as run_kfp
from jupyter_mlops.submit.package import read_package
from nb2pipe.errors import Nb2PipeError

TYPES = {"int": "NUMBER_INTEGER", "bool": "BOOLEAN", "list": "LIST", "str": "STRING"}
MARK = "# kfp.dsl.executor_main: the SDK's subprocess runner wants this text\n"


@pytest.fixture
def package(pipelines):
    """A plan's steps as a package: every step once, no control flow; JSON is YAML."""

    def make(plan):
        components, executors, tasks = {}, {}, {}
        declared = {parameter["name"]: {"parameterType": TYPES[parameter["type"]]} for parameter in plan["parameters"]}
        for parameter in plan["parameters"]:
            if "default" in parameter:
                declared[parameter["name"]] |= {"defaultValue": parameter["default"], "isOptional": True}
        kind = {"artifactType": {"schemaTitle": "system.Artifact", "schemaVersion": "0.0.1"}}
        for step in plan["steps"]:
            name = step["name"]
            executors[f"exec-{name}"] = {
                "container": {
                    "image": "python:3.11",
                    "command": [*step["command"][:-1], MARK + step["command"][-1]],
                    "args": step["arguments"],
                }
            }
            outputs = {"artifacts": {port: kind for port, out in step["outputs"].items() if "artifact" in out}}
            outputs["parameters"] = {
                port: {"parameterType": TYPES[out["parameter"]]} for port, out in step["outputs"].items() if "parameter" in out
            }
            components[f"comp-{name}"] = {
                "executorLabel": f"exec-{name}",
                "inputDefinitions": {
                    "parameters": {p: {"parameterType": declared[p]["parameterType"]} for p in step["parameters"]},
                    "artifacts": dict.fromkeys(step["inputs"], kind),
                },
                "outputDefinitions": outputs,
            }
            tasks[name] = {
                "taskInfo": {"name": name},
                "componentRef": {"name": f"comp-{name}"},
                "dependentTasks": step["after"],
                "cachingOptions": {},
                "inputs": {
                    "parameters": {p: {"componentInputParameter": p} for p in step["parameters"]},
                    "artifacts": {
                        port: {"taskOutputArtifact": {"producerTask": s["step"], "outputArtifactKey": s["port"]}}
                        for port, s in step["inputs"].items()
                    },
                },
            }
        return json.dumps(
            {
                "pipelineInfo": {"name": plan["name"]},
                "schemaVersion": "2.1.0",
                "sdkVersion": "kfp-2.17.0",
                "components": components,
                "deploymentSpec": {"executors": executors},
                "root": {"inputDefinitions": {"parameters": declared}, "dag": {"tasks": tasks}},
            }
        )

    return make


@pytest.fixture
def plan(pipelines):
    s = pipelines.step
    return pipelines.plan(
        s("load", "print('python3 said hello'); out('x', P['text'])", outputs=["x"], parameters=["text"]),
        s("use", "out('y', I['x'][0] + ' python3 ' + P['text'])", inputs={"x": "load.x"}, outputs=["y"], parameters=["text"]),
        parameters=[("text", "str", "a")],
    )


def test_the_sdk_runs_the_package_to_the_same_digests_as_the_local_plan(run, package, plan, tmp_path, value_of):
    """The code and a parameter contain `python3`, which the SDK's own process start would rewrite."""
    events = []
    result = run_kfp(package(plan), parameters={"text": "b python3"}, directory=tmp_path, listener=events.append)
    assert (result.exit, [step.state.value for step in result.steps]) == (0, ["succeeded", "succeeded"])
    assert value_of(result, "use", "y") == "b python3 python3 b python3"
    assert result.digests() == run(plan, parameters={"text": "b python3"}).digests()
    assert [line for event in events for line in getattr(event, "lines", ())] == ["python3 said hello"]


def test_the_run_writes_what_each_step_read_and_made(package, plan, tmp_path, monkeypatch):
    monkeypatch.delenv("NB2PIPE_HOME", raising=False)
    result = run_kfp(package(plan), directory=tmp_path)
    events = [json.loads(line) for line in (tmp_path / ".nb2pipe" / "lineage" / "events.jsonl").read_text().splitlines()]
    assert [event["eventType"] for event in events] == ["START", "START", "COMPLETE", "START", "COMPLETE", "COMPLETE"]
    used = events[4]["inputs"][0]
    assert used["name"].endswith("/load.x")
    assert used["facets"]["version"]["datasetVersion"] == result.digests()["load.x"]
    assert {event["run"]["facets"]["nb2pipe_run"]["run"] for event in events} == {result.run}


def test_a_failing_step_fails_in_lineage_and_so_does_its_run(package, pipelines, tmp_path, monkeypatch):
    monkeypatch.delenv("NB2PIPE_HOME", raising=False)
    run_kfp(package(pipelines.plan(pipelines.step("bad", "sys.exit(1)"))), directory=tmp_path)
    events = [json.loads(line) for line in (tmp_path / ".nb2pipe" / "lineage" / "events.jsonl").read_text().splitlines()]
    assert [event["eventType"] for event in events] == ["START", "START", "FAIL", "FAIL"]


def test_a_failing_step_is_named_with_its_last_lines(package, pipelines, tmp_path):
    plan = pipelines.plan(
        pipelines.step("bad", "print('error[NB803] step-raised: no'); sys.exit(1)"), pipelines.step("next", "", after=["bad"])
    )
    result = run_kfp(package(plan), directory=tmp_path)
    assert (result.exit, result.state, [(step.label, step.headline) for step in result.failed]) == (
        1,
        "failed",
        [("bad", "error[NB803] step-raised: no")],
    )


def test_what_a_step_prints_of_its_secret_is_masked(package, pipelines, tmp_path, monkeypatch):
    monkeypatch.setenv("DB_PASSWORD", "correct horse")
    secret = {"secretName": "database", "keyToEnv": [{"secretKey": "password", "envVar": "DB_PASSWORD"}]}
    platform = {"platforms": {"kubernetes": {"deploymentSpec": {"executors": {"exec-login": {"secretAsEnv": [secret]}}}}}}
    plan = pipelines.plan(pipelines.step("login", "print(os.environ['DB_PASSWORD'], 'is it')"))
    result = run_kfp(f"{package(plan)}\n---\n{json.dumps(platform)}\n", directory=tmp_path)
    assert [(step.state.value, step.log.read_text()) for step in result.steps] == [("succeeded", "*** is it\n")]


def test_the_sdk_leaves_printing_and_logging_as_they_were(package, plan, tmp_path, capsys):
    import logging

    before = (builtins.print, logging.getLogger().handlers[:], logging.getLogger().level)
    run_kfp(package(plan), directory=tmp_path)
    assert (builtins.print, logging.getLogger().handlers[:], logging.getLogger().level) == before
    assert capsys.readouterr() == ("", "")


def test_a_fan_out_over_a_list_of_a_step_is_refused_in_one_sentence(package, plan):
    document = json.loads(package(plan))
    document["root"]["dag"]["tasks"]["use"] |= {
        "parameterIterator": {"items": {"inputParameter": "xs"}, "itemInput": "xs-item"},
        "inputs": {"parameters": {"xs": {"taskOutputParameter": {"producerTask": "load", "outputParameterKey": "x"}}}},
    }
    with pytest.raises(Nb2PipeError, match="cannot fan out over a list made by a step"):
        run_kfp(json.dumps(document))


def test_a_wrong_parameter_is_refused_before_the_sdk_is_loaded(package, plan):
    with pytest.raises(Nb2PipeError, match="the nearest is `text`"):
        run_kfp(package(plan), parameters={"texd": 1})


def test_a_missing_sdk_is_one_sentence_with_the_command(package, plan, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "kfp", None)
    with pytest.raises(Nb2PipeError, match="needs the package kfp") as caught:
        run_kfp(package(plan), directory=tmp_path)
    assert caught.value.hint == "pip install 'jupyter-mlops[kfp]'"


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "not YAML"), ("a: 1", "not a compiled"), ("", "not a compiled"), ("schemaVersion: 2.1.0", "lacks a required field")],
)
def test_a_file_that_is_no_package_is_refused(text, message):
    with pytest.raises(Nb2PipeError, match=message):
        read_package(text)
