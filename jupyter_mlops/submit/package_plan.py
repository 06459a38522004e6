"""A compiled KFP package → its steps with the outputs that enter each, as the local plan has them, for who wants to know what made what.

Groups (fan-outs, conditions, exit handlers) are looked through: an input is traced to the step that makes it, at any depth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.submit.plan import Output, PlannedStep, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jupyter_mlops.submit.package import Package


def planned_steps(package: Package) -> dict[str, PlannedStep]:
    """Give the steps by name, makers before users; only artifacts count, and an input with several makers has a port for each."""
    tracer = _Tracer(package)
    steps: dict[str, PlannedStep] = {}
    for key, name in package.steps.items():
        container = package.spec["deploymentSpec"]["executors"][tracer.components[f"comp-{key}"]["executorLabel"]].get("container", {})
        steps[name] = PlannedStep(
            name=name,
            command=tuple(map(str, container.get("command", ()))),
            arguments=tuple(map(str, container.get("args", ()))),
            inputs=_traced(tracer, f"comp-{key}"),
            outputs={port: Output(artifact=kind) for port, kind in package.artifacts[name].items()},
        )
    return _in_order(steps)


def depths(steps: Mapping[str, PlannedStep]) -> dict[str, int]:
    """Say how many steps stand above each one, on the longest way; `steps` as `planned_steps` orders them."""
    found: dict[str, int] = {}
    for name, step in steps.items():
        found[name] = max((found.get(source.step, 0) + 1 for source in step.inputs.values()), default=0)
    return found


def _traced(tracer: _Tracer, component: str) -> dict[str, Source]:
    try:
        return tracer.inputs_of(component)
    except (KeyError, TypeError, AttributeError, RecursionError):  # a package of another compiler, of a form that we do not know
        return {}


class _Tracer:
    """Follows an artifact through the groups of a package."""

    def __init__(self, package: Package) -> None:
        self._steps = package.steps
        self.components: Mapping[str, Any] = {"": package.spec["root"], **package.spec["components"]}
        self._tasks = [
            (group, task) for group, component in self.components.items() for task in component.get("dag", {}).get("tasks", {}).values()
        ]

    def inputs_of(self, component: str) -> dict[str, Source]:
        """Give the makers of all that enters a component, wherever it is used."""
        found: dict[str, Source] = {}
        for group, task in self._used(component):
            for port, source in task.get("inputs", {}).get("artifacts", {}).items():
                for at, maker in enumerate(self._entering(group, source)):
                    found[f"{port}#{at}" if at else port] = maker
        return found

    def _used(self, component: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        return ((group, task) for group, task in self._tasks if task["componentRef"]["name"] == component)

    def _entering(self, group: str, source: Mapping[str, Any]) -> Iterator[Source]:
        """What is handed to a task of a group: the output of a task beside it, or what entered the group."""
        if "taskOutputArtifact" in source:
            made = source["taskOutputArtifact"]
            yield from self._leaving(group, made["producerTask"], made["outputArtifactKey"])
        elif "componentInputArtifact" in source:
            for outer, task in self._used(group):
                entered = task.get("inputs", {}).get("artifacts", {}).get(source["componentInputArtifact"])
                yield from self._entering(outer, entered) if entered else ()

    def _leaving(self, group: str, task_name: str, key: str) -> Iterator[Source]:
        """Who made an output of a task; the task may be a group itself, and its iterations are gathered."""
        task = self.components[group]["dag"]["tasks"][task_name]
        name = task["componentRef"]["name"]
        if "dag" not in self.components[name]:
            step = self._steps.get(name.removeprefix("comp-"))
            yield from [Source(step=step, port=key)] if step is not None else ()
            return
        gathered = "all" if {"parameterIterator", "artifactIterator"} & set(task) else None
        outputs = self.components[name]["dag"].get("outputs", {}).get("artifacts", {})
        for selector in outputs.get(key, {}).get("artifactSelectors", ()):
            for maker in self._leaving(name, selector["producerSubtask"], selector["outputArtifactKey"]):
                yield Source(step=maker.step, port=maker.port, collect=gathered or maker.collect)


def _in_order(steps: Mapping[str, PlannedStep]) -> dict[str, PlannedStep]:
    """Put makers before users, otherwise as they stand; what a broken package makes a circle of comes last."""
    ordered: dict[str, PlannedStep] = {}
    waiting = dict(steps)
    while waiting:
        ready = [name for name, step in waiting.items() if not {source.step for source in step.inputs.values()} & set(waiting)]
        for name in ready or list(waiting):
            ordered[name] = waiting.pop(name)
    return ordered
