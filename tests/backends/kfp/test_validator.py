"""Our validator: one mutation of a good document for each thing that can be wrong, and the one problem it must report."""

from __future__ import annotations

import copy
import json
from functools import reduce

import pytest
import yaml

from nb2pipe.backends.kfp.validator import validate

GOOD = """
pipelineInfo: {name: churn}
root:
  inputDefinitions:
    parameters:
      depths: {parameterType: LIST, defaultValue: [2, 4], isOptional: true}
      seed: {parameterType: NUMBER_INTEGER, defaultValue: 1, isOptional: true}
      title: {parameterType: STRING}
  dag:
    tasks:
      load:
        taskInfo: {name: load}
        componentRef: {name: comp-load}
        cachingOptions: {enableCache: true}
        inputs: {parameters: {seed: {componentInputParameter: seed}}}
        retryPolicy: {maxRetryCount: 2, backoffDuration: 10s, backoffFactor: 2, backoffMaxDuration: 2592000s}
      for-loop-1:
        taskInfo: {name: "foreach:depths"}
        componentRef: {name: comp-for-loop-1}
        dependentTasks: [load]
        inputs:
          parameters: {depths: {componentInputParameter: depths}}
          artifacts: {raw: {taskOutputArtifact: {producerTask: load, outputArtifactKey: raw}}}
        parameterIterator: {items: {inputParameter: depths}, itemInput: depths-item}
      condition-1:
        taskInfo: {name: "when:good"}
        componentRef: {name: comp-condition-1}
        dependentTasks: [for-loop-1, load]
        inputs:
          parameters: {good: {taskOutputParameter: {producerTask: load, outputParameterKey: good}}}
          artifacts: {models: {taskOutputArtifact: {producerTask: for-loop-1, outputArtifactKey: models}}}
        triggerPolicy: {condition: "inputs.parameter_values['good'] == true"}
components:
  comp-load:
    executorLabel: exec-load
    inputDefinitions: {parameters: {seed: {parameterType: NUMBER_INTEGER}}}
    outputDefinitions:
      parameters: {good: {parameterType: BOOLEAN}}
      artifacts: {raw: {artifactType: {schemaTitle: system.Dataset, schemaVersion: 0.0.1}}}
  comp-for-loop-1:
    inputDefinitions:
      parameters: {depths: {parameterType: LIST}, depths-item: {parameterType: NUMBER_INTEGER}}
      artifacts: {raw: {artifactType: {schemaTitle: system.Dataset, schemaVersion: 0.0.1}}}
    outputDefinitions: {artifacts: {models: {artifactType: {schemaTitle: system.Model, schemaVersion: 0.0.1}, isArtifactList: true}}}
    dag:
      tasks:
        train:
          taskInfo: {name: train}
          componentRef: {name: comp-train}
          inputs:
            parameters: {depth: {componentInputParameter: depths-item}}
            artifacts: {raw: {componentInputArtifact: raw}}
      outputs: {artifacts: {models: {artifactSelectors: [{producerSubtask: train, outputArtifactKey: model}]}}}
  comp-train:
    executorLabel: exec-train
    inputDefinitions:
      parameters: {depth: {parameterType: NUMBER_INTEGER}}
      artifacts: {raw: {artifactType: {schemaTitle: system.Dataset, schemaVersion: 0.0.1}}}
    outputDefinitions: {artifacts: {model: {artifactType: {schemaTitle: system.Model, schemaVersion: 0.0.1}}}}
  comp-condition-1:
    inputDefinitions:
      parameters: {good: {parameterType: BOOLEAN}}
      artifacts: {models: {artifactType: {schemaTitle: system.Model, schemaVersion: 0.0.1}, isArtifactList: true}}
    dag:
      tasks:
        choose:
          taskInfo: {name: choose}
          componentRef: {name: comp-choose}
          inputs: {artifacts: {models: {componentInputArtifact: models}}}
  comp-choose:
    executorLabel: exec-choose
    inputDefinitions: {artifacts: {models: {artifactType: {schemaTitle: system.Model, schemaVersion: 0.0.1}, isArtifactList: true}}}
deploymentSpec:
  executors:
    exec-load: {container: {image: "python:3.12", command: [python3], args: [load, runtime, step, body, "{{$}}"]}}
    exec-train:
      container:
        image: python:3.12
        command: [python3]
        args: [train, runtime, step, body, "{{$}}"]
        resources:
          resourceCpuRequest: 500m
          resourceCpuLimit: "1"
          resourceMemoryLimit: 4Gi
          accelerator: {resourceType: nvidia.com/gpu, resourceCount: "1"}
    exec-choose: {container: {image: "python:3.12", command: [python3], args: [choose, runtime, step, body, "{{$}}"]}}
schemaVersion: 2.1.0
sdkVersion: nb2pipe
---
platforms:
  kubernetes:
    deploymentSpec:
      executors:
        exec-train: {activeDeadlineSeconds: "60", podMetadata: {labels: {team: churn}}}
    pipelineConfig: {workspace: {size: 1Gi, kubernetes: {pvcSpecPatch: {accessModes: [ReadWriteOnce]}}}}
"""
LOOP, BRANCH, TRAIN = "components.comp-for-loop-1", "components.comp-condition-1", "deploymentSpec.executors.exec-train.container"
TASK = "root.dag.tasks"
REMOVE = object()
MUTATIONS = [
    # the server or the backend's compiler finds these
    ("root.dag.colour", 1, "unknown-field"),
    (f"{TRAIN}.imagePullPolicy", "Always", "unknown-field"),
    ("platform.platforms.kubernetes.deploymentSpec.executors.exec-train.runtimeClass", "x", "unknown-field"),
    (f"{TASK}.load.dependentTasks", "load", "wrong-type"),
    (f"{TASK}.load.retryPolicy.backoffDuration", "10", "wrong-type"),
    (f"{TASK}.load.cachingOptions.enableCache", "true", "wrong-type"),
    (f"{TRAIN}.resources.accelerator.count", 1.5, "wrong-type"),
    (f"{TASK}.load.triggerPolicy", {"strategy": "SOMETIMES"}, "unknown-value"),
    ("root.inputDefinitions.parameters.title.parameterType", "STR", "unknown-value"),
    (f"{TASK}.load.inputs.parameters.seed.runtimeValue", {"constant": 1}, "exclusive-fields"),
    ("components.comp-load.executorLabel", "exec-lost", "missing-executor"),
    ("platform.platforms.kubernetes.deploymentSpec.executors.exec-lost", {}, "missing-executor"),
    (f"{TASK}.load.componentRef.name", "comp-lost", "missing-component"),
    (f"{TASK}.load.componentRef.name", "root", "missing-component"),
    ("components.comp-choose.executorLabel", REMOVE, "empty-component"),
    (f"{TASK}.for-loop-1.inputs.artifacts.raw.taskOutputArtifact.producerTask", "lost", "unknown-task"),
    (f"{TASK}.condition-1.inputs.parameters.good.taskOutputParameter.producerTask", "lost", "unknown-task"),
    (f"{LOOP}.dag.outputs.artifacts.models.artifactSelectors.0.producerSubtask", "lost", "unknown-task"),
    (f"{TASK}.for-loop-1.dependentTasks.0", "lost", "unknown-task"),
    (f"{TASK}.load.dependentTasks", ["condition-1"], "cycle"),
    (f"{LOOP}.dag.tasks.train.componentRef.name", "comp-for-loop-1", "cycle"),
    (f"{TASK}.load_data", {"taskInfo": {"name": "x"}, "componentRef": {"name": "comp-condition-1"}}, "task-id"),
    (f"{TASK}.{'x' * 130}", {"taskInfo": {"name": "x"}, "componentRef": {"name": "comp-condition-1"}}, "task-id"),
    (f"{TASK}.load-driver", {"taskInfo": {"name": "x"}, "componentRef": {"name": "comp-condition-1"}}, "driver-name"),
    (f"{TASK}.load.taskInfo.name", "", "task-name"),
    ("pipelineInfo.name", REMOVE, "pipeline-name"),
    ("components.root", {"executorLabel": "exec-load"}, "component-name"),
    ("pipelineInfo.name", "load", "component-name"),
    (f"{TASK}.condition-1.triggerPolicy.condition", "inputs.parameter_values['good'] == ", "condition-syntax"),
    # nobody else finds these
    (f"{TASK}.load.inputs.parameters.seed.componentInputParameter", "lost", "dangling-input"),
    (f"{LOOP}.dag.tasks.train.inputs.artifacts.raw.componentInputArtifact", "lost", "dangling-input"),
    (f"{TASK}.for-loop-1.parameterIterator.items.inputParameter", "lost", "dangling-input"),
    (f"{TASK}.condition-1.triggerPolicy.condition", "inputs.parameter_values['lost'] == true", "dangling-input"),
    (f"{TASK}.for-loop-1.inputs.artifacts.raw.taskOutputArtifact.outputArtifactKey", "lost", "output-key"),
    (f"{TASK}.condition-1.inputs.parameters.good.taskOutputParameter.outputParameterKey", "lost", "output-key"),
    (f"{LOOP}.dag.outputs.artifacts.models.artifactSelectors.0.outputArtifactKey", "lost", "output-key"),
    (f"{LOOP}.dag.outputs", REMOVE, "output-key"),
    ("components.comp-load.inputDefinitions.parameters.seed.parameterType", "BOOLEAN", "type-mismatch"),
    ("components.comp-load.outputDefinitions.parameters.good.parameterType", "STRING", "type-mismatch"),
    ("components.comp-load.outputDefinitions.artifacts.raw.artifactType.schemaTitle", "system.Model", "type-mismatch"),
    ("components.comp-choose.inputDefinitions.artifacts.models.isArtifactList", REMOVE, "type-mismatch"),
    ("root.inputDefinitions.parameters.seed.defaultValue", "1", "type-mismatch"),
    (f"{TASK}.load.inputs.parameters.seed", {"runtimeValue": {"constant": [1]}}, "type-mismatch"),
    (f"{LOOP}.inputDefinitions.parameters.depths-item.parameterType", "STRING", "type-mismatch"),
    (f"{TASK}.for-loop-1.parameterIterator.items", {"raw": "{}"}, "type-mismatch"),
    (f"{TASK}.load.inputs.parameters.colour", {"runtimeValue": {"constant": 1}}, "undeclared-input"),
    (f"{TASK}.for-loop-1.parameterIterator.itemInput", "lost", "undeclared-input"),
    (f"{TASK}.load.inputs", REMOVE, "missing-input"),
    (f"{LOOP}.dag.tasks.train.inputs.artifacts", REMOVE, "missing-input"),
    (f"{TASK}.load.inputs.parameters.seed", {}, "missing-input"),
    (f"{TRAIN}.resources.resourceMemoryLimit", "4GB", "quantity"),
    (f"{TRAIN}.resources.resourceCpuLimit", "-1", "quantity"),
    (f"{TRAIN}.resources.resourceCpuRequest", "2", "quantity"),
    (f"{TRAIN}.resources.accelerator.resourceCount", "0", "quantity"),
    (f"{TRAIN}.resources.accelerator.resourceType", "", "quantity"),
    (f"{TRAIN}.image", "", "image"),
    (f"{TRAIN}.image", "python 3.12", "image"),
    (f"{TRAIN}.command", [], "command"),
    ("pipelineInfo.name", "Churn", "pipeline-name"),
    ("pipelineInfo.name", "c" * 129, "pipeline-name"),
    ("schemaVersion", "2.0.0", "schema-version"),
    (f"{TRAIN}.args.3", "print('{{workflow.name}}')", "argo-template"),
    (f"{TRAIN}.args.3", "x = {{=1+1}}", "argo-template"),
    (f"{TRAIN}.env", [{"name": "A", "value": "{{inputs.parameters.x}}"}], "argo-template"),
    ("root.inputDefinitions.parameters.title.defaultValue", "{{ workflow.uid }}", "argo-template"),
    ("platform.platforms.kubernetes.deploymentSpec.executors.exec-train.podMetadata.labels.team", "{{pod.name}}", "argo-template"),
    (f"{TRAIN}.args.3", "costs = '$$'", "kubernetes-expansion"),
    (f"{TRAIN}.args.3", "$(KFP_POD_NAME)", "kubernetes-expansion"),
    (f"{TRAIN}.args.3", "{{$.inputs.parameters['lost']}}", "placeholder"),
    ("root.inputDefinitions.parameters.depths.defaultValue", ["{{$.inputs.parameters['x']}}"], "placeholder"),
    (f"{TRAIN}.args.1", "x" * 10_001, "runtime-size"),
    (f"{TRAIN}.args.3", "x" * 100_001, "step-size"),
    ("root.inputDefinitions.parameters.title.description", "x" * 100_001, "component-size"),
    ("pipelineInfo.description", "x" * 700_001, "pipeline-size"),
    ("root.inputDefinitions.parameters.depths.defaultValue", ["x" * 10_001], "parameter-size"),
    (f"{TRAIN}.args.0", None, "container-collision"),
    (f"{TASK}.load.retryPolicy.backoffMaxDuration", "3600s", "retry-cap"),
    (f"{TASK}.load.retryPolicy.backoffFactor", REMOVE, "retry-incomplete"),
    ("root.inputDefinitions.parameters.seed.defaultValue", 2**53 + 1, "inexact-number"),
    ("root.inputDefinitions.parameters.seed.isOptional", REMOVE, "default-not-optional"),
    (f"{TASK}.for-loop-1.artifactIterator", {"items": {"inputArtifact": "raw"}, "itemInput": "raw"}, "artifact-iterator"),
    ("platform.platforms.kubernetes.pipelineConfig.workspace.kubernetes", REMOVE, "workspace-access"),
]
# One mistake is sometimes two problems: what else may be reported beside the kind in question.
COMPANIONS = {
    "undeclared-input": {"missing-input"},  # the true item is now required
    "driver-name": {"missing-input"},  # the added task has no inputs
    "task-id": {"missing-input"},
    "artifact-iterator": {"exclusive-fields"},
    "unknown-task": {"unknown-task"},
    "type-mismatch": {"default-not-optional", "dangling-input", "undeclared-input", "missing-input"},
    "missing-component": {"undeclared-input", "missing-input", "output-key", "cycle", "unknown-task"},
    "cycle": {"missing-input", "undeclared-input", "output-key"},
    "argo-template": {"default-not-optional"},
    "component-name": {"container-collision"},  # two components of one executor
}


@pytest.fixture
def good() -> list[dict]:
    return list(yaml.safe_load_all(GOOD))


def put(documents: list[dict], path: str, value: object) -> None:
    """Set or remove the value at a path; a path that begins with ``platform.`` is in the second document."""
    document = documents[0]
    if path.startswith("platform."):
        document, path = documents[1], path.removeprefix("platform.")
    *parents, last = path.split(".")
    target = reduce(lambda at, key: at[int(key)] if isinstance(at, list) else at.setdefault(key, {}), parents, document)
    if value is REMOVE:
        del target[last]
    else:
        target[int(last) if isinstance(target, list) else last] = value


def test_a_good_document_has_no_problem(good):
    """The document that all mutations start from is right."""
    assert validate(good) == ()


@pytest.mark.parametrize(("path", "value", "kind"), MUTATIONS, ids=[f"{kind}-{number}" for number, (_, _, kind) in enumerate(MUTATIONS)])
def test_mutation_is_found(good, path, value, kind):
    """One wrong value is found as what it is, and not as much else."""
    if kind == "container-collision":
        value = copy.deepcopy(good[0]["deploymentSpec"]["executors"]["exec-load"]["container"])
        path = TRAIN
    put(good, path, value)
    found = {problem.kind for problem in validate(good)}
    assert kind in found
    assert found - {kind} <= COMPANIONS.get(kind, set())


@pytest.mark.parametrize("size", [0, 3])
def test_a_file_holds_one_or_two_documents(good, size):
    assert [problem.kind for problem in validate((good * 2)[:size])] == ["wrong-type"]


def test_problems_are_values_sorted_by_path(good):
    """Problems are compared whole, and come in the order of their paths."""
    put(good, "schemaVersion", "1")
    put(good, f"{TRAIN}.image", "")
    problems = validate(good)
    assert list(problems) == sorted(problems)
    assert [(problem.path, problem.kind) for problem in problems] == [(f"{TRAIN}.image", "image"), ("schemaVersion", "schema-version")]


def test_null_is_absent(good):
    """JSON's null is the absence of a field, as protobuf reads it."""
    put(good, f"{TASK}.load.triggerPolicy", None)
    put(good, f"{TASK}.load.artifactIterator", None)
    assert validate(good) == ()


def test_equal_containers_with_equal_interfaces_are_harmless(good):
    """Two components with one container may share it when their inputs and outputs are the same."""
    good[0]["components"]["comp-choose-2"] = copy.deepcopy(good[0]["components"]["comp-choose"])
    assert validate(good) == ()


@pytest.mark.parametrize("junk", [None, 1, "x", [], {"root": 1}, {"components": {"a": None}}, {"root": {"dag": {"tasks": {"a": None}}}}])
def test_any_plain_data_is_judged(junk):
    """Whatever the YAML holds, the answer is problems and not an exception."""
    assert validate([junk]) != ()
    assert validate([junk, junk]) != ()


def test_every_value_of_a_good_document_matters(good):
    """Replacing any one value by an object of another kind never passes unseen where the schema says what belongs there."""

    def paths(value, path=()):
        if isinstance(value, dict | list):
            for key, item in value.items() if isinstance(value, dict) else enumerate(value):
                yield from paths(item, (*path, key))
        yield path

    free = ("defaultValue", "pvcSpecPatch")
    for path in paths(good[0]):
        if not path or any(key in free for key in path):
            continue
        documents = json.loads(json.dumps(good))
        target = reduce(lambda at, key: at[key], path[:-1], documents[0])
        target[path[-1]] = 3.5 if not isinstance(target[path[-1]], int | float) or isinstance(target[path[-1]], bool) else "x"
        assert validate(documents) != (), path
