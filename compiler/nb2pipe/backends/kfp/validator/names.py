"""Names, versions and references by name: pipeline, components, executors, tasks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nb2pipe.backends.kfp.validator.problem import Problem
from nb2pipe.backends.kfp.validator.tree import component_path, components, field, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nb2pipe.emit.yaml import Json

_PIPELINE = re.compile(r"[a-z0-9][a-z0-9-]{0,127}\Z")
_TASK = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?\Z")
# Argo takes 128 characters, and the backend appends `-driver`.
_LONGEST_TASK = 121


def check_names(spec: Json) -> list[Problem]:
    """Check all names of a PipelineSpec."""
    problems = list(_frame(spec))
    known = components(spec)
    executors = field(spec, "deploymentSpec", "executors")
    for name, component in known.items():
        path = component_path(name)
        label = text(component, "executorLabel")
        if label and label not in executors:
            problems.append(Problem(f"{path}.executorLabel", "missing-executor", f"there is no executor `{label}`"))
        if not label and not field(component, "dag", "tasks"):
            problems.append(Problem(path, "empty-component", f"component `{name}` has neither tasks nor an executor"))
        problems += _tasks(component, path, known)
    return problems


def _frame(spec: Json) -> Iterator[Problem]:
    name = text(spec, "pipelineInfo", "name")
    if not name:
        yield Problem("pipelineInfo.name", "pipeline-name", "the pipeline has no name")
    elif not _PIPELINE.match(name):
        message = f"`{name}` is not 1 to 128 lower-case letters, digits and dashes: Kubernetes refuses the run"
        yield Problem("pipelineInfo.name", "pipeline-name", message)
    version = text(spec, "schemaVersion")
    if version != "2.1.0":
        yield Problem("schemaVersion", "schema-version", f"the server takes schema version 2.1.0 only, not `{version}`")
    if "root" in field(spec, "components"):
        yield Problem("components.root", "component-name", "the backend keeps the name `root` for the pipeline itself")
    own = f"comp-{name}"
    users = [text(task, "componentRef", "name") for task in field(spec, "root", "dag", "tasks").values()]
    if name and own in field(spec, "components") and users != [own]:
        yield Problem(f"components.{own}", "component-name", "the SDK takes a component of the pipeline's name for the whole document")


def _tasks(component: Json, path: str, known: dict[str, dict[str, Json]]) -> Iterator[Problem]:
    tasks = field(component, "dag", "tasks")
    for task_id, task in tasks.items():
        place = f"{path}.dag.tasks.{task_id}"
        if not _TASK.match(task_id) or len(task_id) > _LONGEST_TASK:
            yield Problem(place, "task-id", f"`{task_id}` is not 1 to {_LONGEST_TASK} lower-case letters, digits and inner dashes")
        if task_id.removesuffix("-driver") in tasks and task_id.endswith("-driver"):
            yield Problem(place, "driver-name", f"the backend calls the driver of `{task_id.removesuffix('-driver')}` `{task_id}` too")
        if not text(task, "taskInfo", "name"):
            yield Problem(place, "task-name", "the driver refuses a task without `taskInfo.name`")
        reference = text(task, "componentRef", "name")
        if reference == "root" or reference not in known:
            yield Problem(f"{place}.componentRef", "missing-component", f"there is no component `{reference}`")
