"""Documents against the field tables: unknown fields, wrong JSON types, unknown enum values, fields that exclude each other."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from nb2pipe.backends.kfp.validator.problem import Problem
from nb2pipe.backends.kfp.validator.tables import ENUMS, MESSAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nb2pipe.emit.yaml import Json

_DURATION = re.compile(r"-?[0-9]+(\.[0-9]{1,9})?s\Z", re.ASCII)
_INTEGER = re.compile(r"-?[0-9]+\Z", re.ASCII)
# The protobuf calls these two plain structs; the backend parses them as messages all the same.
_STRUCTS = {"deploymentSpec": "PipelineDeploymentConfig"}


def check_fields(documents: Sequence[Json]) -> list[Problem]:
    """Check every value against the message it stands for."""
    if not 1 <= len(documents) <= 2:
        return [Problem("", "wrong-type", f"a KFP file holds one or two documents, not {len(documents)}")]
    problems = list(_message(documents[0], "PipelineSpec", ""))
    for document in documents[1:]:
        problems += _message(document, "PlatformSpec", "platform")
    return problems


def _message(value: Json, name: str, path: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield _wrong(path, "an object", value)
        return
    kinds = _kinds(name)
    chosen: dict[str, str] = {}
    for key, item in value.items():
        place = f"{path}.{key}" if path else str(key)
        kind, _, exclusive = kinds.get(key, "").partition("|")
        if not kind:
            if key != "@type":
                yield Problem(place, "unknown-field", f"`{name}` has no field `{key}`")
            continue
        if item is None:
            continue
        if exclusive:
            if exclusive in chosen:
                yield Problem(place, "exclusive-fields", f"`{key}` and `{chosen[exclusive]}` exclude each other")
            chosen[exclusive] = key
        yield from _value(item, _struct(name, key, kind), place)


@cache
def _kinds(name: str) -> dict[str, str]:
    """One row of the table: a message's fields with their types."""
    return dict(pair.split("=") for pair in MESSAGES[name].split())


def _struct(message: str, key: str, kind: str) -> str:
    """The message that a plain struct is parsed as, where the backend does so."""
    if message == "PipelineSpec":
        return _STRUCTS.get(key, kind)
    return "map:KubernetesExecutorConfig" if message == "PlatformDeploymentConfig" else kind


def _value(value: Json, kind: str, path: str) -> Iterable[Problem]:
    stem, _, rest = kind.partition(":")
    if stem == "list":
        if not isinstance(value, list):
            return [_wrong(path, "a list", value)]
        return [problem for index, item in enumerate(value) for problem in _value(item, rest, f"{path}[{index}]")]
    if stem == "map":
        if not isinstance(value, dict):
            return [_wrong(path, "an object", value)]
        return [problem for key, item in value.items() for problem in _value(item, rest, f"{path}.{key}")]
    if stem == "enum":
        return _enum(value, rest, path)
    if kind in MESSAGES:
        return _message(value, kind, path)
    return () if _is_scalar(value, kind) else [_wrong(path, _EXPECTED[kind], value)]


_EXPECTED = {
    "string": "text",
    "bool": "true or false",
    "int": "an integer",
    "double": "a number",
    "duration": "a duration such as `10s`",
    "object": "an object",
}


def _is_scalar(value: Json, kind: str) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "bool":
            return isinstance(value, bool)
        case "int":
            return (isinstance(value, int) and not isinstance(value, bool)) or (
                isinstance(value, str) and _INTEGER.match(value) is not None
            )
        case "double":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "duration":
            return isinstance(value, str) and _DURATION.match(value) is not None
        case "object":
            return isinstance(value, dict)
        case _:
            return True


def _enum(value: Json, name: str, path: str) -> list[Problem]:
    if not isinstance(value, str):
        return [_wrong(path, "the name of a value", value)]
    if value in ENUMS[name].split():
        return []
    return [Problem(path, "unknown-value", f"`{value}` is not one of {', '.join(ENUMS[name].split()[1:])}")]


def _wrong(path: str, expected: str, value: Json) -> Problem:
    names = {
        dict: "an object",
        list: "a list",
        str: "text",
        bool: "true or false",
        int: "a number",
        float: "a number",
        type(None): "nothing",
    }
    return Problem(path, "wrong-type", f"expected {expected}, found {names.get(type(value), type(value).__name__)}")
