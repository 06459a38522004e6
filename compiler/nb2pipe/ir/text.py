"""The printed forms of a pipeline: text for people and tests, Mermaid for documents, plain data for tools.

Grammar of the text::

    pipeline NAME(PARAMETER: type = default, …)
      STEP  [cells A-B, C]  (INPUT, …; PARAMETER, …)  -> OUTPUT: Type, …   ATTRIBUTE …
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.ir.order import predecessors

if TYPE_CHECKING:
    from nb2pipe.ir.pipeline import Pipeline, Port, Step


def pipeline_text(pipeline: Pipeline) -> str:
    """Print a pipeline: one line a step, columns aligned."""
    parameters = ", ".join(f"{p.name}: {p.type.value}" + (f" = {p.default}" if p.default is not None else "") for p in pipeline.parameters)
    rows = [(step.name, _cells(step), _inputs(step), _outputs(step), _attributes(step)) for step in pipeline.steps]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    lines = [f"pipeline {pipeline.name}({parameters})"]
    for name, cells, inputs, outputs, attributes in rows:
        line = f"  {name:{widths[0]}}  {cells:{widths[1]}}  {inputs:{widths[2]}}  -> {outputs}"
        lines.append(f"{line}  {attributes}".rstrip())
    return "\n".join(lines) + "\n"


def _cells(step: Step) -> str:
    from nb2pipe.ir.pipeline import ChunkKind

    numbers = [chunk.number for chunk in step.body if chunk.kind == ChunkKind.CELL]
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    text = ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
    return f"[cell{'s' if len(numbers) > 1 else ''} {text}]"


def _inputs(step: Step) -> str:
    values = ", ".join(port.name + (f" by {port.collect.value}" if port.collect else "") for port in step.inputs)
    parameters = ", ".join(step.parameters)
    return f"({values}; {parameters})" if parameters and values else f"(; {parameters})" if parameters else f"({values})"


def _outputs(step: Step) -> str:
    shown = [_port(port) for port in step.outputs]
    shown += [f"{report.port}: {report.kind.value}" for report in step.reports]
    shown += ["display: HTML"] if step.displays else []
    return ", ".join(shown) or "()"


def _port(port: Port) -> str:
    kind = port.parameter.value if port.parameter else port.artifact.value
    return f"{port.name}: {kind}" + (f" as {port.encoding}" if port.encoding else "")


def _attributes(step: Step) -> str:
    control, policy, resources = step.control, step.policy, step.resources
    words = []
    if step.gate is not None:
        simple = f" {step.gate.metric} {step.gate.comparison} {step.gate.threshold}" if step.gate.metric else ""
        words.append(f"gate{simple}")
    elif step.role:
        words.append(step.role)
    words += [f"foreach {control.foreach}"] if control.foreach else []
    words += [f"when {control.when}"] if control.when else []
    words += ["on exit"] if control.on_exit else []
    words += [f"after {', '.join(control.after)}"] if control.after else []
    words += [f"{resources.accelerator.resource}={resources.accelerator.count}"] if resources.accelerator else []
    words += [f"{name}={value}" for name in ("cpu", "memory", "disk") if (value := getattr(resources, name))]
    words += [f"retry {policy.retries}"] if policy.retries else []
    words += [f"timeout {policy.timeout_seconds}s"] if policy.timeout_seconds else []
    words += ["cache off"] if policy.cache is False else []
    words += [f"image {step.image}"] if step.image else []
    return "  ".join(words)


def pipeline_mermaid(pipeline: Pipeline) -> str:
    """Print a pipeline as a Mermaid flowchart; edges carry the names that cross."""
    ids = {step.name: f"s{index}" for index, step in enumerate(pipeline.steps)}
    lines = ["flowchart TD"]
    for step in pipeline.steps:
        left, right = ("{{", "}}") if step.gate else ("([", "])") if step.control.on_exit else ("[", "]")
        extra = "<br/>" + _attributes(step) if _attributes(step) and not step.gate else ""
        lines.append(f'  {ids[step.name]}{left}"{step.name}{extra}"{right}')
    labels: dict[tuple[str, str], list[str]] = {}
    for edge in pipeline.edges:
        labels.setdefault((edge.producer.step, edge.consumer.step), []).append(edge.producer.port)
    for (producer, consumer), names in labels.items():
        lines.append(f'  {ids[producer]} -->|"{", ".join(names)}"| {ids[consumer]}')
    for name, before in predecessors(pipeline).items():
        lines += [f"  {ids[other]} -.-> {ids[name]}" for other in before if (other, name) not in labels]
    return "\n".join(lines) + "\n"


def pipeline_data(pipeline: Pipeline) -> dict[str, object]:
    """Return the graph as plain data (`nb2pipe graph --format json`)."""
    return {
        "schema": "nb2pipe.graph/1",
        "name": pipeline.name,
        "notebook": pipeline.notebook,
        "parameters": [{"name": p.name, "type": p.type.value, "default": p.default} for p in pipeline.parameters],
        "steps": [_step_data(step, pipeline) for step in pipeline.steps],
        "edges": [
            {
                "from": edge.producer.step,
                "to": edge.consumer.step,
                "port": edge.producer.port,
                "names": list(_names(pipeline, edge.consumer.step, edge.consumer.port)),
            }
            for edge in pipeline.edges
        ],
    }


def _names(pipeline: Pipeline, step: str, port: str) -> tuple[str, ...]:
    return next(each.names for owner in pipeline.steps if owner.name == step for each in owner.inputs if each.name == port)


def _step_data(step: Step, pipeline: Pipeline) -> dict[str, object]:
    accelerator = step.resources.accelerator
    return {
        "name": step.name,
        "cells": [str(cell) for cell in step.cells],
        "role": step.role,
        "parameters": list(step.parameters),
        "inputs": [
            {"port": port.name, "names": list(port.names), "collect": port.collect.value if port.collect else None} for port in step.inputs
        ],
        "outputs": [
            {"port": port.name, "names": list(port.names), "type": port.parameter.value if port.parameter else port.artifact.value}
            for port in step.outputs
        ],
        "reports": [{"port": report.port, "name": report.name, "type": report.kind.value} for report in step.reports],
        "after": list(predecessors(pipeline)[step.name]),
        "foreach": step.control.foreach,
        "when": step.control.when,
        "on_exit": step.control.on_exit,
        "resources": {
            "cpu": step.resources.cpu,
            "memory": step.resources.memory,
            "disk": step.resources.disk,
            "accelerator": {"resource": accelerator.resource, "count": accelerator.count} if accelerator else None,
        },
        "imports": list(step.imports),
    }
