"""Types of the notebook → types of KFP."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nb2pipe.ir.pipeline import ArtifactType, ParameterType
from nb2pipe.record import record, replace

if TYPE_CHECKING:
    from nb2pipe.emit.yaml import Json
    from nb2pipe.ir.pipeline import Parameter, Port

_PARAMETERS = {
    ParameterType.INT: "NUMBER_INTEGER",
    ParameterType.FLOAT: "NUMBER_DOUBLE",
    ParameterType.STR: "STRING",
    ParameterType.BOOL: "BOOLEAN",
    ParameterType.LIST: "LIST",
    ParameterType.DICT: "STRUCT",
}
_ITEMS = {bool: "BOOLEAN", int: "NUMBER_INTEGER", float: "NUMBER_DOUBLE", str: "STRING", list: "LIST", dict: "STRUCT"}


@record()
class Type:
    """A KFP type: `name` is a parameter type or an artifact's schema title."""

    name: str
    is_parameter: bool
    is_list: bool = False
    is_optional: bool = False

    @property
    def word(self) -> str:
        """How KFP's field names call it."""
        return "Parameter" if self.is_parameter else "Artifact"

    def listed(self) -> Type:
        """The type after a fan-out has been gathered."""
        return replace(self, name="LIST") if self.is_parameter else replace(self, is_list=True)

    def spec(self) -> dict[str, Json]:
        """The definition of an input or output of this type."""
        if self.is_parameter:
            return {"parameterType": self.name} | ({"isOptional": True} if self.is_optional else {})
        kind: dict[str, Json] = {"artifactType": {"schemaTitle": self.name, "schemaVersion": "0.0.1"}}
        return kind | ({"isArtifactList": True} if self.is_list else {})


def artifact_type(kind: ArtifactType) -> Type:
    """The KFP type of an artifact."""
    return Type(f"system.{kind.value}", is_parameter=False)


def port_type(port: Port, *, is_list: bool = False) -> Type:
    """The KFP type of a port; `is_list` for an input that gathers a fan-out."""
    kind = Type(_PARAMETERS[port.parameter], is_parameter=True) if port.parameter else artifact_type(port.artifact)
    return kind.listed() if is_list else kind


def parameter_type(parameter: Parameter) -> Type:
    """The KFP type of a pipeline parameter."""
    return Type(_PARAMETERS[parameter.type], is_parameter=True, is_optional=parameter.optional)


def item_type(parameter: Parameter | None) -> Type:
    """The KFP type of one item of a fan-out list: what all items of the parameter's default have in common.

    Without a default, or when items differ or a step makes the list, it is STRING: the backend then passes any item on as JSON text (text as it is).
    """
    default = json.loads(parameter.default) if parameter and parameter.default is not None else None
    names = {_ITEMS.get(type(item), "STRING") for item in default} if isinstance(default, list) else set()
    if names == {"NUMBER_INTEGER", "NUMBER_DOUBLE"}:
        names = {"NUMBER_DOUBLE"}
    return Type(names.pop() if len(names) == 1 else "STRING", is_parameter=True)
