"""A pipeline → what Kubeflow Pipelines cannot carry out of it, as findings that name the step and the setting."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from nb2pipe.backends.base import Finding, control_port, seen_inside
from nb2pipe.backends.kfp.executors import container_spec
from nb2pipe.backends.kfp.groups import Group, Kind, group_steps
from nb2pipe.backends.kfp.settings import check_settings, template_finding
from nb2pipe.backends.kfp.validator.containers import OUR_ARGUMENTS, PIPELINE_BYTES, RUNTIME_BYTES, STEP_BYTES
from nb2pipe.ir.pipeline import ParameterType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nb2pipe.backends.kfp.emitter import Container
    from nb2pipe.emit.yaml import Json
    from nb2pipe.ir.pipeline import Parameter, Pipeline, Step

LONGEST_PARAMETER = 10_000
_LARGEST_EXACT = 2**53
# Room for the component and task specs of one step, beside its container.
_FRAME_BYTES = 2_000


def check_pipeline(pipeline: Pipeline, container: Container) -> Iterator[Finding]:
    """Find everything but gaps of the capability table, in the order pipeline, parameters, steps."""
    yield from template_finding(None, "description", pipeline.description)
    for parameter in pipeline.parameters:
        yield from _parameter(parameter)
    if all(step.control.on_exit for step in pipeline.steps):
        message = "an exit step runs when the other steps have ended, but there are no other steps"
        yield from (_gap(step, "on-exit", step.name, message) for step in pipeline.steps)
        return
    for step in pipeline.steps:
        yield from check_settings(step)
        yield from _control(step, pipeline)
    yield from _borders(pipeline)
    yield from _sizes(pipeline, container)


def _gap(step: Step, field: str, found: str, message: str) -> Finding:
    return Finding(code="NB701", step=step.name, field=field, found=found, message=message)


def _parameter(parameter: Parameter) -> Iterator[Finding]:
    field = f"parameter {parameter.name}"
    yield from template_finding(None, field, parameter.description)
    if parameter.default is None:
        return

    def bad(message: str) -> Finding:
        return Finding(code="NB703", step=None, field=field, found=parameter.default or "", message=message)

    default = json.loads(parameter.default)
    if any("\ud800" <= character <= "\udfff" for character in json.dumps(default, ensure_ascii=False)):
        yield bad(f"the default of `{parameter.name}` holds half of a surrogate pair, which no encoding carries")
    numbers = list(_numbers(default))
    if any(isinstance(number, float) and not math.isfinite(number) for number in numbers):
        yield bad(f"the default of `{parameter.name}` is not a finite number, and JSON has no other")
    if any(isinstance(number, int) and abs(number) > _LARGEST_EXACT for number in numbers):
        yield bad(f"the default of `{parameter.name}` holds an integer above 2^53, which loses digits: Kubeflow knows only doubles")
    if len(parameter.default.encode("utf-8", "surrogatepass")) > LONGEST_PARAMETER:
        yield bad(f"the default of `{parameter.name}` is longer than {LONGEST_PARAMETER} bytes: read it from a file in a step instead")


def _numbers(value: Json) -> Iterator[int | float]:
    if isinstance(value, int | float):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _numbers(item)


def _control(step: Step, pipeline: Pipeline) -> Iterator[Finding]:
    types = {parameter.name: parameter.type for parameter in pipeline.parameters}
    for field, name, wanted in (("when", step.control.when, ParameterType.BOOL), ("foreach", step.control.foreach, ParameterType.LIST)):
        if name:
            port = control_port(step, name)
            found = port.parameter if port else types.get(name)
            if found is not None and found is not wanted:
                yield _gap(step, field, name, f"`{field}:` needs a {wanted.value}, and `{name}` is of type {found.value}")


def _borders(pipeline: Pipeline) -> Iterator[Finding]:
    """What cannot cross the border of a DAG."""
    homes = _homes(group_steps(pipeline))
    steps = {step.name: step for step in pipeline.steps}
    nullable = {parameter.name for parameter in pipeline.parameters if parameter.optional and parameter.default in {None, "null"}}
    for step in pipeline.steps:
        inside = "exit handler" if any(other.control.on_exit for other in pipeline.steps) else "fan-out or condition"
        if len(homes[step.name]) > 1:
            for name in step.parameters:
                if name in nullable:
                    message = f"`{name}` may be null, and Kubeflow cannot pass null into a {inside}: give it a default"
                    yield _gap(step, f"parameter {name}", "null", message)
    for edge in pipeline.edges:
        producer, consumer = steps[edge.producer.step], steps[edge.consumer.step]
        if producer.control.on_exit != consumer.control.on_exit:
            exiting = consumer if consumer.control.on_exit else producer
            message = f"an exit step runs even when `{edge.producer.step}` failed, so no data passes between them"
            yield _gap(exiting, "on-exit", edge.producer.port, message)
            continue
        loop = next((group for group in homes[producer.name] if group.kind is Kind.LOOP), None)
        if (
            loop
            and loop not in homes[consumer.name]
            and not any(port.collect for port in consumer.inputs if port.name == edge.consumer.port)
        ):
            message = f"`{edge.producer.port}` is made once for each item of `{loop.name}`, and another step must end before it is read one by one"
            yield _gap(consumer, "foreach", edge.producer.port, message)


def _homes(group: Group) -> dict[str, tuple[Group, ...]]:
    homes: dict[str, tuple[Group, ...]] = {}
    for member in group.members:
        homes |= _homes(member) if isinstance(member, Group) else {member.name: group.path()}
    return homes


def _sizes(pipeline: Pipeline, container: Container) -> Iterator[Finding]:
    total = 0
    for step in pipeline.steps:
        command, arguments = container(pipeline, seen_inside(step))
        if len(arguments) == OUR_ARGUMENTS and len(arguments[1]) > RUNTIME_BYTES:
            message = f"step `{step.name}` carries {len(arguments[1])} bytes of the step runtime; {RUNTIME_BYTES} are planned for"
            yield Finding(
                code="NB705", step=step.name, field="runtime", found=str(len(arguments[1])), message=message, budget=RUNTIME_BYTES
            )
        spec = container_spec(step, command, arguments)
        size = len(json.dumps(spec, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
        total += size + _FRAME_BYTES
        if size > STEP_BYTES:
            yield _too_large(step.name, f"the code of step `{step.name}`, with its runtime,", size, STEP_BYTES)
    if total > PIPELINE_BYTES:
        yield _too_large(None, "the pipeline, with the runtime in each step,", total, PIPELINE_BYTES)


def _too_large(step: str | None, what: str, size: int, budget: int) -> Finding:
    message = f"{what} has {size} bytes, and Kubeflow carries at most {budget}"
    return Finding(code="NB704", step=step, field="code", found=str(size), message=message, what=what, budget=budget)
