"""What the files of a project have in common: its names, its origin, the steps with what they take and give."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from nb2pipe.ir.dataflow import is_state
from nb2pipe.ir.pipeline import ParameterType
from nb2pipe.project.apart import copied_inputs
from nb2pipe.project.evidence import type_of
from nb2pipe.project.naming import class_name, identifiers, package_name, unused
from nb2pipe.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nb2pipe.ir.pipeline import Parameter, Pipeline, Step
    from nb2pipe.project.placing import Placing

BUILT_IN = frozenset("int float str bool list dict set frozenset tuple bytes complex None ellipsis".split())


@record(kw_only=True)
class Value:
    """A value that enters or leaves a step; `type` is dotted, or empty when it is not known. `source` is the step that it comes from.

    With `copied` the step gets a copy: it changes the value, and a step that runs later reads it as it was.
    """

    name: str
    type: str = ""
    source: str = ""
    copied: bool = False


@record(kw_only=True)
class Function:
    """A step as a function. `name` is its module's, unless a definition of the notebook has that name; `outputs` is the class of what it returns, empty when it returns nothing."""

    step: Step
    module: str
    name: str
    outputs: str
    takes: tuple[Value, ...]
    parameters: tuple[Parameter, ...]
    gives: tuple[Value, ...]
    decider: str  # the step that gives the value of its condition; empty for a parameter


@record(kw_only=True)
class Project:
    """The whole; `origin` is the first line of every file."""

    name: str
    package: str
    notebook: str
    origin: str
    pipeline: Pipeline
    functions: tuple[Function, ...]
    standins: str  # what the module of the stand-ins is called
    definitions: str  # what the module of shared definitions is called


def project_of(pipeline: Pipeline, placing: Placing, *, digest: str, standins: str, definitions: str) -> Project:
    """Name everything."""
    modules = identifiers((step.name for step in pipeline.steps), prefix="step")
    given = {parameter.name: parameter for parameter in pipeline.parameters}
    sources = {(edge.consumer.step, edge.consumer.port): edge.producer.step for edge in pipeline.edges}
    copied = {(step.name, port.name) for step, port in copied_inputs(pipeline, dict(placing.pieces))}
    known: dict[tuple[str, str], str] = {}
    functions = []
    for step in pipeline.steps:
        takes = [
            Value(
                name=name,
                type=known.get((sources[step.name, port.name], name), ""),
                source=sources[step.name, port.name],
                copied=(step.name, port.name) in copied,
            )
            for port in step.inputs
            for name in port.names
            if not is_state(name) and name not in placing.at_top
        ]
        gives = _gives(step, placing, {value.name: value.type for value in takes})
        known |= {(step.name, name): value.type for name, value in gives.items()}
        taken = {value.name for value in takes}
        decider = next((value.source for value in takes if value.name == step.control.when), "")
        read = set().union(*(placing.scopes[piece].reads | placing.scopes[piece].rebinds for piece in placing.pieces[step.name])) | set(
            gives
        )
        unread = {step.control.when} - read  # what only decides whether the step runs is the caller's business
        functions.append(
            Function(
                step=step,
                module=modules[step.name],
                name=modules[step.name]
                if modules[step.name] not in placing.at_top
                else unused(f"{modules[step.name]}_step", placing.at_top),
                outputs=unused(class_name(modules[step.name]) + "Outputs", placing.at_top) if gives else "",
                takes=tuple(sorted((value for value in takes if value.name not in unread), key=lambda value: value.name)),
                parameters=tuple(given[name] for name in step.parameters if name not in taken | unread),
                gives=tuple(gives[name] for name in sorted(gives)),
                decider=decider,
            )
        )
    package = package_name(pipeline.name, {module for step in pipeline.steps for module in step.imports})
    return Project(
        name=re.sub(r"[^a-z0-9]+", "-", package).strip("-"),
        package=package,
        notebook=pipeline.notebook,
        origin=f"# From {pipeline.notebook} (sha256 {digest}), by nb2pipe export.",
        pipeline=pipeline,
        functions=tuple(functions),
        standins=standins,
        definitions=definitions,
    )


def _gives(step: Step, placing: Placing, received: Mapping[str, str]) -> dict[str, Value]:
    """Return the outputs of a step, with what it reports for people; what stands at a module's top need not travel."""
    pieces = placing.pieces[step.name]
    made = set().union(*(placing.scopes[piece].binds for piece in pieces))
    types = {name: port.type if len(port.names) == 1 else "" for port in step.outputs for name in port.names if not is_state(name)}
    types |= {report.name: "" for report in step.reports if report.name in made and report.name not in types}
    trees = [piece.tree for piece in pieces]
    return {
        name: Value(name=name, type=type_of(name, trees, port, placing.binders) if name in made else received.get(name, ""))
        for name, port in types.items()
        if name not in placing.at_top
    }


def default_of(parameter: Parameter) -> str:
    """Write a default as Python; empty when there is none."""
    return "" if parameter.default is None else repr(json.loads(parameter.default))


def annotation_of(parameter: Parameter) -> str:
    """Write the type of a parameter."""
    null = parameter.optional or parameter.default == "null"
    return parameter.type.value + (" | None" if null else "")


def none_stands_in(parameter: Parameter) -> bool:
    """Tell whether None stands for the default in a signature: a list there would be one list for all calls."""
    return parameter.type in (ParameterType.LIST, ParameterType.DICT) and parameter.default not in (None, "null") and not parameter.optional


def argument_of(parameter: Parameter) -> str:
    """Write a parameter as an argument of a function."""
    if none_stands_in(parameter):
        return f"{parameter.name}: {parameter.type.value} | None = None"
    default = default_of(parameter)
    return f"{parameter.name}: {annotation_of(parameter)}" + (f" = {default}" if default else "")
