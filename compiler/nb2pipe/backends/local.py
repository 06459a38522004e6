"""The pipeline as a JSON plan for this machine, which `nb2pipe run` executes in fresh processes.

The format is ``nb2pipe.pipeline/1`` of docs/step-json.md.
"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING

from nb2pipe.backends.base import YES, Backend, Capability, NamePolicy, capability_gaps, control_port, never, seen_inside
from nb2pipe.backends.order import ordered_steps
from nb2pipe.emit import braces
from nb2pipe.emit.stepfiles import container as runtime_container
from nb2pipe.emit.stepfiles import display_port, fan_out_lists
from nb2pipe.errors import InternalError
from nb2pipe.ir.bundle import Bundle, GeneratedFile
from nb2pipe.ir.order import predecessors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nb2pipe.backends.base import Finding, Support
    from nb2pipe.emit.yaml import Json
    from nb2pipe.ir.pipeline import Edge, Parameter, Pipeline, Port, Step

    Container = Callable[[Pipeline, Step], tuple[list[str], list[str]]]

_NO_CLUSTER = never("steps are processes on this machine; the setting counts when the pipeline runs on a cluster")
_IGNORED = (
    Capability.CPU_AND_MEMORY,
    Capability.DISK,
    Capability.ACCELERATOR,
    Capability.IMAGE,
    Capability.SECRET,
    Capability.VOLUME,
    Capability.READ_ONLY_VOLUME,
    Capability.NODE_SELECTOR,
    Capability.TOLERATION,
    Capability.LABELS,
)


class Local:
    """The backend `local`.

    Parameters
    ----------
    container : function, optional
        Gives a step's command and arguments; the step runtime of this product when absent.
    """

    name = "local"
    capabilities: Mapping[Capability, Support] = MappingProxyType(
        {capability: _NO_CLUSTER if capability in _IGNORED else YES for capability in Capability}
    )
    names = NamePolicy(pipeline=r"[^/\x00]+", step=r"[^/\x00]+")

    def __init__(self, container: Container | None = None) -> None:
        self._container = container or runtime_container

    def check(self, pipeline: Pipeline) -> tuple[Finding, ...]:
        """Find the settings that a process on this machine does not heed."""
        return capability_gaps(self, pipeline)

    def emit(self, pipeline: Pipeline) -> Bundle:
        """Write ``NAME.pipeline.json``."""
        if not pipeline.steps:
            raise InternalError(f"NB901 broken-invariant: pipeline {pipeline.name} has no steps")
        plan: dict[str, Json] = {
            "schema": "nb2pipe.pipeline/1",
            "name": pipeline.name,
            "notebook": pipeline.notebook,
            "parameters": [_parameter(parameter) for parameter in pipeline.parameters],
            "steps": self._steps(pipeline),
        }
        path = f"{_file_stem(pipeline.name)}.pipeline.json"
        text = json.dumps(plan, indent=2) + "\n"
        return Bundle(backend=self.name, files=(GeneratedFile(path=path, text=text),), entry=path)

    def _steps(self, pipeline: Pipeline) -> list[Json]:
        before = _all_before(pipeline)
        edges = {(edge.consumer.step, edge.consumer.port): edge for edge in pipeline.edges}
        listed = fan_out_lists(pipeline)
        plan: list[Json] = []
        for step in ordered_steps(pipeline):
            command, arguments = self._container(pipeline, seen_inside(step))
            plan.append(
                {
                    "name": step.name,
                    "command": command,
                    "arguments": arguments,
                    "parameters": list(step.parameters),
                    "inputs": {port.name: _input(step, port, edges) for port in step.inputs},
                    "outputs": _outputs(step, listed),
                    "after": list(before[step.name]),
                    "foreach": _control_name(step, step.control.foreach),
                    "when": _control_name(step, step.control.when),
                    "on_exit": step.control.on_exit,
                    "retries": step.policy.retries,
                    "timeout_seconds": step.policy.timeout_seconds,
                    "cache": step.policy.cache,
                    "environment": dict(step.policy.environment),
                    "secrets": [secret.variable for secret in step.policy.secrets],
                }
            )
        return plan


def _parameter(parameter: Parameter) -> dict[str, Json]:
    spec: dict[str, Json] = {"name": parameter.name, "type": parameter.type.value}
    if parameter.default is not None:
        default: Json = braces.escape_value(json.loads(parameter.default))  # type: ignore[assignment]
        spec["default"] = default
    return spec | {"optional": parameter.optional}


def _input(step: Step, port: Port, edges: Mapping[tuple[str, str], Edge]) -> dict[str, Json]:
    edge = edges.get((step.name, port.name))
    if edge is None:
        raise InternalError(f"NB901 broken-invariant: input `{port.name}` of step `{step.name}` has no edge")
    source: dict[str, Json] = {"step": edge.producer.step, "port": edge.producer.port}
    return source | ({"collect": port.collect.value} if port.collect else {})


def _outputs(step: Step, listed: Mapping[tuple[str, str], set[str]]) -> dict[str, Json]:
    outputs: dict[str, Json] = {}
    for port in step.outputs:
        items: dict[str, Json] = {"items": True} if (step.name, port.name) in listed else {}
        outputs[port.name] = {"parameter": port.parameter.value, **items} if port.parameter else {"artifact": port.artifact.value}
    outputs |= {report.port: {"artifact": report.kind.value} for report in step.reports}
    return outputs | ({display_port(step): {"artifact": "HTML"}} if step.displays else {})


def _control_name(step: Step, name: str | None) -> str | None:
    port = control_port(step, name) if name else None
    return port.name if port else name


def _all_before(pipeline: Pipeline) -> Mapping[str, tuple[str, ...]]:
    """Every step's predecessors; an exit step follows all other steps, whatever became of them."""
    others = tuple(step.name for step in pipeline.steps if not step.control.on_exit)
    before = dict(predecessors(pipeline))
    for step in pipeline.steps:
        if step.control.on_exit:
            before[step.name] = (*others, *(name for name in before[step.name] if name not in others))
    return before


def _file_stem(name: str) -> str:
    return "".join("-" if character in '/\\:*?"<>|' or character < " " else character for character in name) or "pipeline"


BACKEND: Backend = Local()
