"""The graph of a PipelineSpec: every value has a source of a fitting type, every task can start."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nb2pipe.backends.kfp.validator.condition import condition_error, condition_inputs
from nb2pipe.backends.kfp.validator.cycles import check_cycles
from nb2pipe.backends.kfp.validator.problem import Problem
from nb2pipe.backends.kfp.validator.sources import check_artifact, check_outputs, check_parameter, constant_type
from nb2pipe.backends.kfp.validator.tree import component_path, components, field, items, strings, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nb2pipe.emit.yaml import Json

_SHORTEST_CAP_SECONDS = 24 * 3600
_LARGEST_EXACT = 2**53
_LONGEST_PARAMETER = 10_000
# The driver supplies these by itself.
_SUPPLIED = {"TASK_FINAL_STATUS", "TASK_CONFIG"}


def check_graph(spec: Json) -> list[Problem]:
    """Check every DAG of a PipelineSpec."""
    known = components(spec)
    executors = field(spec, "deploymentSpec", "executors")
    problems = list(check_cycles(known))
    for name, component in known.items():
        path = component_path(name)
        problems += _defaults(component, path)
        for task_id, task in field(component, "dag", "tasks").items():
            problems += _task(field(task), f"{path}.dag.tasks.{task_id}", component, known, executors)
        problems += check_outputs(component, path, known)
    return problems


def _defaults(component: Json, path: str) -> Iterator[Problem]:
    """Defaults of inputs: of the declared type, exact as doubles, short, and optional."""
    for name, spec in field(component, "inputDefinitions", "parameters").items():
        default = field(spec).get("defaultValue")
        if default is None:
            continue
        place = f"{path}.inputDefinitions.parameters.{name}"
        if field(spec).get("isOptional") is not True:
            yield Problem(place, "default-not-optional", f"`{name}` has a default but is not optional: the driver asks for a value")
        declared, found = text(spec, "parameterType"), constant_type(default)
        if declared and found != declared and {found, declared} != {"NUMBER_INTEGER", "NUMBER_DOUBLE"}:
            yield Problem(place, "type-mismatch", f"the default of `{name}` is {found}, declared is {declared}")
        if any(abs(number) > _LARGEST_EXACT for number in _integers(default)):
            yield Problem(place, "inexact-number", f"`{name}` holds an integer above 2^53, which loses digits: KFP knows only doubles")
        if len(json.dumps(default, ensure_ascii=False).encode("utf-8", "surrogatepass")) > _LONGEST_PARAMETER:
            yield Problem(place, "parameter-size", f"the default of `{name}` is longer than {_LONGEST_PARAMETER} bytes")


def _integers(value: Json) -> Iterator[int]:
    if isinstance(value, int):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _integers(item)


def _task(task: Json, path: str, parent: Json, known: Mapping[str, Json], executors: dict[str, Json]) -> Iterator[Problem]:
    component = field(known.get(text(task, "componentRef", "name")))
    siblings = field(parent, "dag", "tasks")
    for index, other in enumerate(items(task, "dependentTasks")):
        if other not in siblings:
            yield Problem(f"{path}.dependentTasks[{index}]", "unknown-task", f"there is no task `{other}` in this DAG")
    if component:
        yield from _inputs(task, path, component, field(executors.get(text(component, "executorLabel"))))
    for word, check in (("parameters", check_parameter), ("artifacts", check_artifact)):
        declared = field(component, "inputDefinitions", word)
        for name, source in field(task, "inputs", word).items():
            place = f"{path}.inputs.{word}.{name}"
            yield from check(field(source), field(declared.get(name)), place, parent, known)
    for name, source in field(task, "inputs", "parameters").items():
        producer = text(source, "taskFinalStatus", "producerTask")
        if producer and producer not in items(task, "dependentTasks"):
            yield Problem(f"{path}.inputs.parameters.{name}", "unknown-task", f"the status of `{producer}` needs it in `dependentTasks`")
    yield from _iterator(task, path, component)
    yield from _trigger(task, path)
    yield from _retry(task, path)


def _inputs(task: Json, path: str, component: Json, executor: Json) -> Iterator[Problem]:
    """Every given input is declared or fills a placeholder, every required one is given."""
    item = text(task, "parameterIterator", "itemInput") or text(task, "artifactIterator", "itemInput")
    for word in ("parameters", "artifacts"):
        declared, given = field(component, "inputDefinitions", word), field(task, "inputs", word)
        for name in given:
            if name not in declared and not _fills_placeholder(name, task, executor):
                yield Problem(f"{path}.inputs.{word}.{name}", "undeclared-input", f"the component declares no input `{name}`")
        for name, spec in declared.items():
            is_free = field(spec).get("isOptional") is True or field(spec).get("defaultValue") is not None
            if name not in given and name != item and not is_free and text(spec, "parameterType") not in _SUPPLIED:
                yield Problem(f"{path}.inputs", "missing-input", f"nothing gives the required input `{name}`")


def _fills_placeholder(name: str, task: Json, executor: Json) -> bool:
    """Whether an input is there for a placeholder in the container or in a constant of the same task, as the SDK writes them."""
    inputs = field(task, "inputs", "parameters")
    if "{{$" in text(inputs.get(name), "runtimeValue", "constant"):
        return True
    reference = f"$.inputs.parameters['{name}']"
    return any(reference in found for _, found in (*strings(inputs, ""), *strings(executor, "")))


def _iterator(task: Json, path: str, component: Json) -> Iterator[Problem]:
    if field(task).get("artifactIterator") is not None:
        yield Problem(f"{path}.artifactIterator", "artifact-iterator", "the open-source backend cannot fan out over artifacts")
    if field(task).get("parameterIterator") is None:
        return
    place = f"{path}.parameterIterator"
    item = text(task, "parameterIterator", "itemInput")
    if item not in field(component, "inputDefinitions", "parameters"):
        yield Problem(f"{place}.itemInput", "undeclared-input", f"the component declares no input `{item}`")
    raw = field(task, "parameterIterator", "items").get("raw")
    if isinstance(raw, str):
        if not _is_json_list(raw):
            yield Problem(f"{place}.items.raw", "type-mismatch", "the items are not a JSON list")
        return
    source = text(task, "parameterIterator", "items", "inputParameter")
    if source not in field(task, "inputs", "parameters"):
        yield Problem(f"{place}.items", "dangling-input", f"the items come from `{source}`, which is no input of the task")
    declared = text(component, "inputDefinitions", "parameters", source, "parameterType")
    if declared not in {"LIST", "STRING", ""}:
        yield Problem(f"{place}.items", "type-mismatch", f"the items come from `{source}`, which is {declared}, not LIST")


def _is_json_list(raw: str) -> bool:
    try:
        return isinstance(json.loads(raw), list)
    except ValueError:
        return False


def _trigger(task: Json, path: str) -> Iterator[Problem]:
    condition = text(task, "triggerPolicy", "condition")
    if not condition:
        return
    place = f"{path}.triggerPolicy.condition"
    error = condition_error(condition)
    if error:
        yield Problem(place, "condition-syntax", error)
    for name in condition_inputs(condition):
        if name not in field(task, "inputs", "parameters"):
            yield Problem(place, "dangling-input", f"the condition reads `{name}`, which is no input of the task")


def _retry(task: Json, path: str) -> Iterator[Problem]:
    policy = field(task, "retryPolicy")
    if not policy:
        return
    place = f"{path}.retryPolicy"
    absent = [name for name in ("maxRetryCount", "backoffDuration", "backoffFactor", "backoffMaxDuration") if policy.get(name) is None]
    if absent:
        message = f"tasks with retries share one template, which wants {', '.join(absent)} too"
        yield Problem(place, "retry-incomplete", message)
    cap = text(policy, "backoffMaxDuration").removesuffix("s")
    if cap and float(cap) < _SHORTEST_CAP_SECONDS:
        message = f"counted from the first start, {cap} s is the longest a failed step may have run to be retried"
        yield Problem(f"{place}.backoffMaxDuration", "retry-cap", message)
