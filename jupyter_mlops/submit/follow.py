"""What the API says about a run → how each step stands.

`run_details.task_details` lists Argo's nodes: for each step a driver, a wrapper and an executor, for each group a DAG, again for each item.
They are folded here by name into the steps of the package.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FINAL = {"SUCCEEDED", "FAILED", "CANCELED", "SKIPPED"}
_RETRY = re.compile(r"\(\d+\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskState:
    """One step on the cluster: `state` in KFP's words, `count` how often it appears (items of a fan-out), `pods` those that failed."""

    step: str
    state: str
    count: int
    reason: str = ""
    pods: tuple[str, ...] = ()


def tasks_of(spec: Mapping[str, Any], steps: Mapping[str, str]) -> dict[str, str]:
    """Map the key and the shown name of every container task in a package, at any depth, to its step."""
    found: dict[str, str] = {}
    for component in [spec["root"], *spec["components"].values()]:
        for key, task in component.get("dag", {}).get("tasks", {}).items():
            step = steps.get(task["componentRef"]["name"].removeprefix("comp-"))
            if step is not None:
                found[key] = step
                found.setdefault(task.get("taskInfo", {}).get("name", key), step)
    return found


def fold(run: Any, tasks: Mapping[str, str]) -> tuple[TaskState, ...]:
    """Fold the nodes of a run into steps, in the order of the package; a step that has no node yet is PENDING."""
    nodes: dict[str, list[Any]] = {step: [] for step in tasks.values()}
    details = list((run.run_details.task_details if run.run_details else None) or [])
    for node in details:
        step = step_of(node, tasks)
        if step is not None:
            nodes[step].append(node)
    children = _children(details)
    return tuple(_fold_one(step, found, children) for step, found in nodes.items())


def step_of(node: Any, tasks: Mapping[str, str]) -> str | None:
    """Say which step a node belongs to: it is the task itself, its driver, or one of its attempts."""
    return tasks.get(_RETRY.sub("", node.display_name or "").removesuffix("-driver"))


def failure(states: tuple[TaskState, ...]) -> TaskState | None:
    """The first step that failed."""
    return next((state for state in states if state.state == "FAILED"), None)


def _fold_one(step: str, nodes: list[Any], children: Mapping[str, Any]) -> TaskState:
    bodies = [node for node in nodes if not (node.display_name or "").endswith("-driver")]
    deciding = [node for node in bodies if not _RETRY.search(node.display_name or "")]
    attempts = [node for node in bodies if node not in deciding] if deciding else []
    if deciding:  # a wrapper knows how its attempts ended in the end
        nodes, bodies = [node for node in nodes if node not in attempts], deciding
    final = {str(node.state) for node in bodies}
    failed = [node for node in nodes if node.state == "FAILED"]
    if failed:
        state = "FAILED"
        failed += [node for node in attempts if node.state == "FAILED"]
    elif any(node.state in {"RUNNING", "CANCELING"} for node in nodes):
        state = "RUNNING"
    elif bodies:
        state = next(name for name in ("CANCELED", "PENDING", "PAUSED", "SUCCEEDED", "SKIPPED", str(bodies[0].state)) if name in final)
    else:
        state = "RUNNING" if nodes else "PENDING"  # only the driver is there
    pods = dict.fromkeys(pod for node in failed for pod in _pods(node, children))
    return TaskState(step=step, state=state, count=len(bodies), reason=_reason([*failed, *_executors(failed, children)]), pods=tuple(pods))


def _children(details: list[Any]) -> dict[str, Any]:
    """Nodes by the names that parents call them."""
    return {name: node for node in details for name in (node.task_id, node.pod_name) if name}


def _executors(nodes: list[Any], children: Mapping[str, Any]) -> Iterator[Any]:
    for node in nodes:
        for child in node.child_tasks or []:
            found = children.get(child.task_id or child.pod_name or "")
            if found is not None and found.state == "FAILED":
                yield found


def _pods(node: Any, children: Mapping[str, Any]) -> Iterator[str]:
    """The executor's pod first: that is where the user's code printed."""
    if not (node.display_name or "").endswith("-driver"):
        for child in node.child_tasks or []:
            found = children.get(child.pod_name or child.task_id or "")
            if child.pod_name and (found is None or found.state == "FAILED"):
                yield child.pod_name
    if node.pod_name:
        yield node.pod_name


def _reason(nodes: list[Any]) -> str:
    """The most telling message among the nodes of a step: the longest, for wrappers only repeat that a child failed."""
    messages = [error.message for node in nodes for error in _errors(node) if error.message]
    return max(messages, key=len, default="").strip()


def _errors(node: Any) -> Iterator[Any]:
    if node.error:
        yield node.error
    for entry in node.state_history or []:
        if entry.error:
            yield entry.error
