"""A group of steps → the KFP DAG: its tasks, what they wait for, and its outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.backends.kfp.groups import Group, Kind
from nb2pipe.backends.kfp.wiring import body_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nb2pipe.backends.kfp.wiring import Wiring
    from nb2pipe.emit.yaml import Json
    from nb2pipe.ir.pipeline import Policy, Step

    Bindings = Mapping[str, dict[str, Json]]

# The backend counts `backoffMaxDuration` from the first attempt's start, so a cap shorter than the step's own run means no retry at all.
RETRY_CAP_SECONDS = 30 * 24 * 3600
_RETRY_DELAY_SECONDS = 10


def dag_spec(group: Group, wiring: Wiring, inputs: Mapping[str, Bindings]) -> dict[str, Json]:
    """Build the DAG of one group.

    Parameters
    ----------
    group : Group
        The root or a group inside it.
    wiring : Wiring
        The pipeline's doors, all open.
    inputs : mapping
        The input bindings of every step, by step name.
    """
    after = _explicit_order(group, wiring)
    tasks: dict[str, Json] = {}
    for member in group.members:
        task_id = wiring.task_id(member)
        if isinstance(member, Group):
            tasks[task_id] = _group_task(member, wiring, after[task_id])
        else:
            tasks[task_id] = _step_task(member, task_id, inputs[member.name], _exit_order(member, group, after[task_id]))
    return {"tasks": tasks} | _outputs(group, wiring)


def _step_task(step: Step, task_id: str, bindings: Bindings, after: Iterable[str]) -> dict[str, Json]:
    task: dict[str, Json] = {
        "taskInfo": {"name": step.name},
        "componentRef": {"name": f"comp-{task_id}"},
        "cachingOptions": {"enableCache": True} if step.policy.cache is not False else {},
    }
    _add_inputs(task, bindings, after)
    if step.policy.retries:
        task["retryPolicy"] = _retry(step.policy)
    if "taskFinalStatus" in bindings.get("run-status", {}):
        task["triggerPolicy"] = {"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"}
    return task


def _group_task(group: Group, wiring: Wiring, after: Iterable[str]) -> dict[str, Json]:
    doors = wiring.doors(group)
    task: dict[str, Json] = {"taskInfo": {"name": _title(group)}, "componentRef": {"name": f"comp-{group.id}"}}
    if group.kind is Kind.EXIT and group.parent:
        after = (body_of(group.parent).id,)
    _add_inputs(task, doors.bindings, after)
    if group.kind is Kind.LOOP:
        task["parameterIterator"] = {"items": {"inputParameter": doors.items}, "itemInput": doors.item}
    elif group.kind is Kind.BRANCH:
        task["triggerPolicy"] = {"condition": f"inputs.parameter_values['{doors.flag}'] == true"}
    elif group.kind is Kind.EXIT:
        task["triggerPolicy"] = {"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"}
    return task


def _title(group: Group) -> str:
    """What the user interface shows for a DAG."""
    words = {Kind.LOOP: f"foreach:{group.name}", Kind.BRANCH: f"when:{group.name}"}
    return words.get(group.kind, group.id)


def _add_inputs(task: dict[str, Json], bindings: Bindings, after: Iterable[str]) -> None:
    """Add inputs and `dependentTasks`: the backend would find those that data implies, but the SDK's local runner does not."""
    needed = set(after)
    parameters: dict[str, Json] = {}
    artifacts: dict[str, Json] = {}
    for name, binding in bindings.items():
        [(kind, source)] = binding.items()
        (artifacts if kind.endswith("Artifact") else parameters)[name] = binding
        if kind != "taskFinalStatus" and isinstance(source, dict):
            needed.add(source["producerTask"])
    if needed:
        task["dependentTasks"] = sorted(needed)
    inputs = {key: value for key, value in (("parameters", parameters), ("artifacts", artifacts)) if value}
    if inputs:
        task["inputs"] = inputs


def _exit_order(step: Step, group: Group, after: Iterable[str]) -> Iterable[str]:
    return (body_of(group).id,) if step.control.on_exit and group.kind is Kind.ROOT else after


def _retry(policy: Policy) -> dict[str, Json]:
    # Every field is set: steps with retries share one template of the backend's, which has them all.
    return {
        "maxRetryCount": policy.retries,
        "backoffDuration": f"{_RETRY_DELAY_SECONDS}s",
        "backoffFactor": 2.0,
        "backoffMaxDuration": f"{RETRY_CAP_SECONDS}s",
    }


def _explicit_order(group: Group, wiring: Wiring) -> dict[str, set[str]]:
    """What the tasks of a DAG wait for by `after`: an order between steps of two tasks is one between the tasks."""
    waits: dict[str, set[str]] = {wiring.task_id(member): set() for member in group.members}
    for member in group.members:
        own = wiring.task_id(member)
        for step in _steps(member):
            for other in step.control.after:
                path = (*wiring.home(other).path(), None)
                if group in path:
                    sibling = path[path.index(group) + 1]
                    waits[own].add(sibling.id if sibling else wiring.ids[other])
        waits[own].discard(own)
    return waits


def _steps(member: Group | Step) -> Iterable[Step]:
    if isinstance(member, Group):
        for inner in member.members:
            yield from _steps(inner)
    else:
        yield member


def _outputs(group: Group, wiring: Wiring) -> dict[str, Json]:
    doors = wiring.doors(group)
    parameters: dict[str, Json] = {}
    artifacts: dict[str, Json] = {}
    for name, (task, key) in doors.selectors.items():
        if doors.outputs[name].is_parameter:
            parameters[name] = {"valueFromParameter": {"producerSubtask": task, "outputParameterKey": key}}
        else:
            artifacts[name] = {"artifactSelectors": [{"producerSubtask": task, "outputArtifactKey": key}]}
    outputs = {key: value for key, value in (("parameters", parameters), ("artifacts", artifacts)) if value}
    return {"outputs": outputs} if outputs else {}
