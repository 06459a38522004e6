"""The SDK's DockerRunner by podman, with the smallest pipeline there is: two steps written by hand."""

from __future__ import annotations

import itertools
import json

import pytest

from jupyter_mlops.submit.kfp_local import run

pytestmark = pytest.mark.containers

PROGRAM = """
import json, pathlib, socket, sys
name, code, message = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
given, taken = message["outputs"], message.get("inputs", {})
def out(value):
    folder = pathlib.Path(given["artifacts"]["x"]["artifacts"][0]["uri"])
    folder.mkdir(parents=True)
    (folder / "value").write_text(json.dumps(value))
def read():
    return json.loads((pathlib.Path(taken["artifacts"]["x"]["artifacts"][0]["uri"]) / "value").read_text())
exec(code)
x = given["artifacts"]["x"]["artifacts"][0]
pathlib.Path(given["outputFile"]).write_text(json.dumps({"artifacts": {"x": {"artifacts": [{"name": "x", "uri": x["uri"]}]}}}))
"""


@pytest.fixture
def package(docker):
    """A package of steps that each give `x` and, but for the first, take it from the step before."""

    def make(**codes):
        kind = {"x": {"artifactType": {"schemaTitle": "system.Artifact", "schemaVersion": "0.0.1"}}}
        names = list(codes)
        tasks = {name: {"taskInfo": {"name": name}, "componentRef": {"name": f"comp-{name}"}, "cachingOptions": {}} for name in names}
        for before, name in itertools.pairwise(names):
            source = {"taskOutputArtifact": {"producerTask": before, "outputArtifactKey": "x"}}
            tasks[name] |= {"dependentTasks": [before], "inputs": {"artifacts": {"x": source}}}
        return json.dumps(
            {
                "pipelineInfo": {"name": "boxes"},
                "schemaVersion": "2.1.0",
                "components": {
                    f"comp-{name}": {"executorLabel": f"exec-{name}", "outputDefinitions": {"artifacts": kind}}
                    | ({"inputDefinitions": {"artifacts": kind}} if number else {})
                    for number, name in enumerate(names)
                },
                "deploymentSpec": {
                    "executors": {
                        f"exec-{name}": {
                            "container": {"image": docker, "command": ["python3", "-u", "-c", PROGRAM], "args": [name, code, "{{$}}"]}
                        }
                        for name, code in codes.items()
                    }
                },
                "root": {"dag": {"tasks": tasks}},
            }
        )

    return make


def test_two_containers_pass_an_artifact_without_a_network(package, tmp_path):
    """Only the loopback interface is there, and the second container reads what the first wrote."""
    result = run(
        package(one="out([name for _, name in socket.if_nameindex()])", two="out([read(), sys.version_info[0]])"),
        directory=tmp_path,
        runner="docker",
    )
    assert (result.exit, [step.state.value for step in result.steps]) == (0, ["succeeded", "succeeded"])
    assert json.loads((result.steps[1].artifacts["x"].path / "value").read_text()) == [["lo"], 3]


def test_the_image_holds_the_users_libraries_and_nothing_of_ours(package, tmp_path):
    code = "from importlib.util import find_spec as f; out([bool(f(n)) for n in ('sklearn', 'great_expectations', 'kfp', 'nb2pipe', 'jupyter_mlops', 'pip')])"
    result = run(package(one=code), directory=tmp_path, runner="docker")
    assert json.loads((result.steps[0].artifacts["x"].path / "value").read_text()) == [True, True, False, False, False, False]


def test_a_container_that_fails_is_named_and_quoted(package, tmp_path):
    code = "print('noise'); print('error[NB803] step-raised: no'); sys.exit(1)"
    result = run(package(one="out(1)", two=code), directory=tmp_path, runner="docker")
    assert [(step.label, step.headline) for step in result.failed] == [("two", "error[NB803] step-raised: no")]
