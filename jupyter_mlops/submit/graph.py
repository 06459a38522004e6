"""A plan and what has ended so far → what may run now, what is skipped, and with which values.

A step runs once, or once per item of its list; such a run is an `Instance`. This file decides; it starts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.submit.contract import Artifact, StepFaultError, Values
from jupyter_mlops.submit.events import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_mlops.submit.plan import Plan, PlannedStep, Source

RUN_STATUS = "run-status"


@dataclass(slots=True, kw_only=True, eq=False)
class Instance:
    """One run of a step: `item` is its index in the fan-out, `value` the item itself. The scheduler fills in the rest."""

    step: PlannedStep
    index: int
    item: int | None = None
    value: Any = None
    state: State = State.WAITING
    values: Values = field(default_factory=Values)
    reason: str = ""
    key: str = ""
    exit_code: int | None = None
    attempts: int = 0
    order: int | None = None  # the how-manieth it was to start
    offered: bool = False  # handed to the scheduler, or settled without it
    seconds: float = 0.0

    @property
    def label(self) -> str:
        """The step's name, with the item's index in brackets."""
        return self.step.name if self.item is None else f"{self.step.name}[{self.item}]"

    @property
    def rank(self) -> tuple[int, int]:
        """Which of two ready instances starts first: the one that stands first in the plan, then the first item."""
        return self.index, self.item or 0


class Graph:
    """All instances of a plan, made as soon as their lists are known."""

    def __init__(self, plan: Plan, parameters: Mapping[str, Any]) -> None:
        self._exiting = False
        self._parameters = parameters
        self._steps = plan.steps
        self._index = {name: index for index, name in enumerate(plan.steps)}
        self._instances: dict[str, list[Instance]] = {}
        self._open = dict.fromkeys(plan.steps, 0)  # instances that have not ended
        self._dependents: dict[str, list[PlannedStep]] = {name: [] for name in plan.steps}
        for step in plan.steps.values():
            for name in dict.fromkeys([*step.after, *(source.step for source in step.inputs.values())]):
                self._dependents[name].append(step)

    def instances(self) -> Iterable[Instance]:
        """Every instance there is, in plan order, items in order."""
        return (instance for name in self._steps for instance in self._instances.get(name, ()))

    def begin(self) -> list[Instance]:
        """The first instances that are decided: ready ones (still WAITING) and those that ended without running."""
        return self._advance([step for step in self._steps.values() if not step.on_exit])

    def begin_exit(self) -> list[Instance]:
        """The exit handlers, when everything else is over."""
        self._exiting = True
        for name, step in self._steps.items():
            if step.on_exit:
                continue
            if name not in self._instances:
                self._add(step, [None], placeholder=State.NOT_RUN)
            for instance in self._instances[name]:
                if instance.state is State.WAITING:
                    instance.state = State.NOT_RUN
        return self._advance([step for step in self._steps.values() if step.on_exit])

    def after(self, ended: Instance) -> list[Instance]:
        """What `ended` decides."""
        self._open[ended.step.name] -= 1
        whole = self._open[ended.step.name] == 0
        decided: list[Instance] = []
        for step in self._dependents[ended.step.name]:
            if step.on_exit and not self._exiting:
                continue
            if ended.item is not None and not whole and step.follows_per_item(ended.step):
                decided += self._decide([self._instances[step.name][ended.item]]) if step.name in self._instances else []
            elif whole:
                decided += self._advance([step])
        return decided

    def inputs(self, instance: Instance) -> Values:
        """Gather what the instance gets.

        Raises
        ------
        StepFaultError
            If an artifact it needs was never written.
        """
        step, values = instance.step, Values()
        for name in step.parameters:
            if name != step.foreach and name in self._parameters:
                values.parameters[name] = self._parameters[name]
        if step.foreach is not None:
            values.parameters[f"{step.foreach}-item"] = instance.value
        for port, source in step.inputs.items():
            if port == step.foreach:
                continue
            producers = [producer for producer in self._producers(instance, source) if producer.state.done]
            if self._steps[source.step].outputs[source.port].parameter is not None:
                found = [producer.values.parameters[source.port] for producer in producers]
                values.parameters[port] = found if source.collect else found[0]
            else:
                values.artifacts[port] = [self._artifact(producer, source) for producer in producers]
        return values

    def _artifact(self, producer: Instance, source: Source) -> Artifact:
        artifact = producer.values.artifacts[source.port][0]
        if artifact.digest is None:
            raise StepFaultError(f"it needs `{source.port}` of `{producer.label}`, which that step did not write")
        return artifact

    def _producers(self, instance: Instance, source: Source) -> list[Instance]:
        producers = self._instances[source.step]
        if not source.collect and instance.step.fan_out is not None and producers[0].item is not None:
            return [producers[instance.item or 0]]
        return producers

    def _advance(self, steps: Iterable[PlannedStep]) -> list[Instance]:
        decided: list[Instance] = []
        for step in steps:
            if step.name not in self._instances and not self._expand(step):
                continue
            decided += self._decide(self._instances[step.name])
            if not self._instances[step.name]:  # a fan-out over an empty list is over at once: what gathers it gathers nothing
                decided += self._advance(dependent for dependent in self._dependents[step.name] if not dependent.on_exit)
        return decided

    def _decide(self, instances: Iterable[Instance]) -> list[Instance]:
        """Settle what can be settled; an instance is handed out once."""
        decided = []
        for instance in instances:
            known = instance.state.ended or (instance.state is State.WAITING and self._verdict(instance))
            if known and not instance.offered:
                instance.offered = True
                decided.append(instance)
        return decided

    def _expand(self, step: PlannedStep) -> bool:
        """Make the instances of a step; False while its list is not known."""
        if step.foreach is None:
            self._add(step, [None])
            return True
        if step.foreach not in step.inputs:
            return self._add_items(step, self._parameters.get(step.foreach))
        source = step.inputs[step.foreach]
        producers = self._instances.get(source.step)
        if producers is None or self._open[source.step]:
            return False
        lacking = [producer for producer in producers if not producer.state.done]
        if lacking and not (source.collect and all(producer.state is State.SKIPPED for producer in lacking)):
            self._add(
                step, [None], placeholder=State.SKIPPED if lacking[0].state is State.SKIPPED else State.NOT_RUN, cause=lacking[0].label
            )
            return True
        found = [producer.values.parameters[source.port] for producer in producers if producer.state.done]
        return self._add_items(step, found if source.collect else found[0])

    def _add_items(self, step: PlannedStep, items: object) -> bool:
        if isinstance(items, list):
            self._add(step, items, fan=True)
        else:
            self._add(step, [None], placeholder=State.FAILED)
            self._instances[step.name][0].reason = f"`{step.foreach}` is not a list, so there is nothing to run once per item of"
        return True

    def _add(self, step: PlannedStep, items: list[Any], *, fan: bool = False, placeholder: State | None = None, cause: str = "") -> None:
        made = [
            Instance(step=step, index=self._index[step.name], item=item if fan else None, value=value) for item, value in enumerate(items)
        ]
        self._instances[step.name] = made
        self._open[step.name] = len(made)
        if placeholder is not None:
            made[0].state = placeholder
            made[0].reason = f"`{cause}` was skipped" if placeholder is State.SKIPPED else ""

    def _verdict(self, instance: Instance) -> bool:
        """Whether the fate of a waiting instance is known; sets SKIPPED, NOT_RUN or FAILED, or leaves WAITING for "run it"."""
        step = instance.step
        sources = {source.step for source in step.inputs.values()}
        for name in dict.fromkeys([*step.after, *sources]):
            waited = self._waited(instance, name)
            if waited is None or any(not other.state.ended for other in waited):
                return False
            if (
                name not in sources
                and not step.on_exit
                and any(not other.state.done and other.state is not State.SKIPPED for other in waited)
            ):
                instance.state = State.NOT_RUN
        for source in step.inputs.values():
            self._weigh(instance, source)
        if instance.state is State.WAITING and step.when is not None:
            self._condition(instance, step.when)
        return True

    def _waited(self, instance: Instance, name: str) -> list[Instance] | None:
        others = self._instances.get(name)
        if others and others[0].item is not None and instance.item is not None and instance.step.follows_per_item(self._steps[name]):
            return [others[instance.item]]
        return others

    def _weigh(self, instance: Instance, source: Source) -> None:
        """Skip what needs a skipped step, hold back what needs a step that did not succeed."""
        producers = self._producers(instance, source) if self._instances[source.step] else []
        lacking = [producer for producer in producers if not producer.state.done]
        broken = [producer for producer in lacking if producer.state is not State.SKIPPED]
        if broken:
            instance.state, instance.reason = State.NOT_RUN, ""
        elif lacking and (not source.collect or len(lacking) == len(producers)) and instance.state is State.WAITING:
            instance.state, instance.reason = State.SKIPPED, f"`{lacking[0].label}` was skipped"

    def _condition(self, instance: Instance, name: str) -> None:
        source = instance.step.inputs.get(name)
        value = self._parameters.get(name) if source is None else self._producers(instance, source)[0].values.parameters[source.port]
        if value is False:
            instance.state, instance.reason = State.SKIPPED, f"`{name}` is false"
        elif value is not True:
            instance.state, instance.reason = (
                State.FAILED,
                f"`{name}` decides whether the step runs, but it is {value!r}, neither true nor false",
            )
