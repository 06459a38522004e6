"""Reading documents whose fields have been checked: absent and null are empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nb2pipe.emit.yaml import Json


def field(value: Json, *keys: str) -> dict[str, Json]:
    """The object under a chain of keys, or an empty one."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def text(value: Json, *keys: str) -> str:
    """The text under a chain of keys, or an empty one."""
    *parents, last = keys
    found = field(value, *parents).get(last)
    return found if isinstance(found, str) else ""


def items(value: Json, *keys: str) -> list[Json]:
    """The list under a chain of keys, or an empty one."""
    *parents, last = keys
    found = field(value, *parents).get(last)
    return list(found) if isinstance(found, list) else []


def components(spec: Json) -> dict[str, dict[str, Json]]:
    """All components by name; the pipeline itself is ``root``."""
    return {"root": field(spec, "root")} | {name: field(component) for name, component in field(spec, "components").items()}


def component_path(name: str) -> str:
    """Where a component stands in the document."""
    return "root" if name == "root" else f"components.{name}"


def strings(value: Json, path: str) -> Iterator[tuple[str, str]]:
    """Every text in a value, keys of objects too, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield path, str(key)
            yield from strings(item, f"{path}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from strings(item, f"{path}[{index}]")
