"""Steps and groups → KFP component specs: what goes in, what comes out, and what runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nb2pipe.backends.kfp.groups import Group
from nb2pipe.backends.kfp.kinds import Type, artifact_type, parameter_type, port_type
from nb2pipe.backends.kfp.tasks import dag_spec
from nb2pipe.emit import braces
from nb2pipe.emit.stepfiles import display_port
from nb2pipe.ir.pipeline import ArtifactType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nb2pipe.backends.kfp.tasks import Bindings
    from nb2pipe.backends.kfp.wiring import Wiring
    from nb2pipe.emit.yaml import Json
    from nb2pipe.ir.pipeline import Parameter, Pipeline, Step


def root_component(pipeline: Pipeline, root: Group, wiring: Wiring, inputs: Mapping[str, Bindings]) -> dict[str, Json]:
    """Build the component that is the pipeline itself; its inputs are the pipeline's parameters."""
    component: dict[str, Json] = {}
    if pipeline.parameters:
        component["inputDefinitions"] = {"parameters": {parameter.name: _parameter(parameter) for parameter in pipeline.parameters}}
    component["dag"] = dag_spec(root, wiring, inputs)
    return component


def all_components(root: Group, wiring: Wiring, inputs: Mapping[str, Bindings]) -> dict[str, Json]:
    """Build all other components by name, in the order of the tasks that use them, a group before its members."""
    components: dict[str, Json] = {}
    for member in root.members:
        name = f"comp-{wiring.task_id(member)}"
        if isinstance(member, Group):
            doors = wiring.doors(member)
            components[name] = _definitions(doors.inputs, doors.outputs) | {"dag": dag_spec(member, wiring, inputs)}
            components |= all_components(member, wiring, inputs)
        else:
            types = {key: wiring.input_type(member, key) for key in inputs[member.name]}
            components[name] = _definitions(types, output_types(member)) | {"executorLabel": f"exec-{wiring.task_id(member)}"}
    return components


def output_types(step: Step) -> dict[str, Type]:
    """Everything a step writes, by name: ports, then reports, then what its cells display."""
    types = {port.name: port_type(port) for port in step.outputs}
    types |= {report.port: artifact_type(report.kind) for report in step.reports}
    if step.displays:
        types[display_port(step)] = artifact_type(ArtifactType.HTML)
    return types


def _parameter(parameter: Parameter) -> dict[str, Json]:
    """Define a pipeline parameter.  One with a default is optional too: the backend checks the type of what was not given."""
    spec = parameter_type(parameter).spec()
    default = json.loads(parameter.default) if parameter.default is not None else None
    if default is not None:
        spec["defaultValue"] = escaped(default)
        spec["isOptional"] = True
    if parameter.description:
        spec["description"] = parameter.description
    return spec


def escaped(value: Json) -> Json:
    """A value in which nothing on the way to a step will see a template."""
    found: Json = braces.escape_value(value)  # type: ignore[assignment]
    return found


def _definitions(inputs: Mapping[str, Type], outputs: Mapping[str, Type]) -> dict[str, Json]:
    component: dict[str, Json] = {}
    for word, types in (("inputDefinitions", inputs), ("outputDefinitions", outputs)):
        parameters = {name: kind.spec() for name, kind in types.items() if kind.is_parameter}
        artifacts = {name: kind.spec() for name, kind in types.items() if not kind.is_parameter}
        definitions = {key: value for key, value in (("parameters", parameters), ("artifacts", artifacts)) if value}
        if definitions:
            component[word] = definitions
    return component
