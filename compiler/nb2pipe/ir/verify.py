"""Invariants of a pipeline that every pass may rely on. A broken one is our bug, so it raises with the neighbourhood printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.errors import InternalError
from nb2pipe.ir.order import predecessors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nb2pipe.ir.pipeline import Pipeline, Step


def verify_pipeline(pipeline: Pipeline) -> None:
    """Check names, edges, ports, control values and order.

    Raises
    ------
    InternalError
        NB901, with the invariant and the text of the pipeline.
    """
    steps = {step.name: step for step in pipeline.steps}
    parameters = {parameter.name for parameter in pipeline.parameters}
    _require(pipeline, len(steps) == len(pipeline.steps), "two steps have one name")
    _require(pipeline, len(parameters) == len(pipeline.parameters), "two parameters have one name")
    for step in pipeline.steps:
        _verify_step(pipeline, step, parameters)
    fed: set[tuple[str, str]] = set()
    for edge in pipeline.edges:
        producer, consumer = steps.get(edge.producer.step), steps.get(edge.consumer.step)
        _require(pipeline, producer is not None and consumer is not None, f"edge {edge} names a step that does not exist")
        assert producer is not None and consumer is not None  # noqa: PT018 - just required
        out = next((port for port in producer.outputs if port.name == edge.producer.port), None)
        into = next((port for port in consumer.inputs if port.name == edge.consumer.port), None)
        _require(pipeline, out is not None, f"`{producer.name}` has no output `{edge.producer.port}`")
        _require(pipeline, into is not None, f"`{consumer.name}` has no input `{edge.consumer.port}`")
        assert out is not None and into is not None  # noqa: PT018 - just required
        _require(pipeline, out.parameter == into.parameter and set(into.names) <= set(out.names), f"edge {edge} joins different things")
        _require(pipeline, (consumer.name, into.name) not in fed, f"`{consumer.name}.{into.name}` has two producers")
        fed.add((consumer.name, into.name))
    missing = [(step.name, port.name) for step in pipeline.steps for port in step.inputs if (step.name, port.name) not in fed]
    _require(pipeline, not missing, f"inputs without a producer: {missing}")
    seen: set[str] = set()
    before = predecessors(pipeline)
    for step in pipeline.steps:
        _require(pipeline, seen.issuperset(before[step.name]), f"`{step.name}` stands before a step that it waits for")
        seen.add(step.name)


def _verify_step(pipeline: Pipeline, step: Step, parameters: set[str]) -> None:
    _require(pipeline, _distinct(port.name for port in step.inputs), f"`{step.name}` has two inputs of one name")
    outputs = [*(port.name for port in step.outputs), *(report.port for report in step.reports), *(["display"] if step.displays else [])]
    _require(pipeline, _distinct(outputs), f"`{step.name}` has two outputs of one name: {outputs}")
    _require(pipeline, parameters.issuperset(step.parameters), f"`{step.name}` reads a parameter that does not exist")
    _require(pipeline, bool(step.body), f"`{step.name}` has no body")
    received = {*step.parameters, *(name for port in step.inputs if port.parameter for name in port.names)}
    for control in (step.control.foreach, step.control.when):
        _require(pipeline, control is None or control in received, f"`{step.name}` does not receive its control value `{control}`")


def _distinct(names: Iterable[str]) -> bool:
    listed = list(names)
    return len(set(listed)) == len(listed)


def _require(pipeline: Pipeline, holds: bool, invariant: str) -> None:
    if not holds:
        from nb2pipe.ir.text import pipeline_text

        raise InternalError(f"NB901 broken-invariant: {invariant}\n{pipeline_text(pipeline)}")
