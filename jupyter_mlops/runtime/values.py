"""KFP parameters → Python values: KFP knows only doubles, and some runners send JSON text."""

from __future__ import annotations

import json
import os

from .spec import unescape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .spec import Exchange, Step


def bind(names: dict[str, Any], step: Step, exchange: Exchange) -> None:
    """Bind pipeline parameters, the item of a fan-out, and what an exit handler is told."""
    given = exchange.parameters
    for parameter in step.get("parameters", []):
        name = parameter["name"]
        value = given.get(name) if "optional" in parameter else exchange.take("parameter", given, name)
        names[name] = coerce(value, parameter["type"], parameter.get("floats"))
    if "foreach" in step:
        name = step["foreach"]
        item = [exchange.take("parameter", given, name + "-item")]
        if "foreach_items" in step:
            from .ports import decode

            names[name] = decode(item)
        else:
            names[name] = coerce(item, "list", step.get("foreach_floats"))
    if "on_exit" in step:
        status = coerce(given.get("run-status", {}), "dict")
        os.environ["NB2PIPE_RUN_STATE"] = str(status.get("state", ""))
        os.environ["NB2PIPE_RUN_ERROR"] = str(status.get("error", {}).get("message", ""))


def map_strings(change: Any, value: Any) -> Any:
    """Change every string of a JSON value, keys too."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [map_strings(change, item) for item in value]
    if isinstance(value, dict):
        return {change(key): map_strings(change, item) for key, item in value.items()}
    return value


def coerce(value: Any, kind: str, floats: Any = None) -> Any:
    """Give a received parameter its Python type again.

    JSON text may stand for a list or object, any JSON value for a string, ``3.0`` for an int.

    Examples
    --------
    >>> coerce(3.0, "int"), coerce("[1, 2.0]", "list"), coerce([1, 0.5], "list", ["float"])
    (3, [1, 2], [1.0, 0.5])
    """
    value = map_strings(unescape, value)
    if kind == "str" and value is not None:
        return value if isinstance(value, str) else json.dumps(value)
    if isinstance(value, str):
        value = json.loads(value.lower() if kind == "bool" else value)
    return bool(value) if kind == "bool" and value is not None else whole(value, "float" if kind == "float" else floats)


def whole(value: Any, floats: Any = None) -> Any:
    """Turn the doubles of a JSON value into ints where they are whole, except where `floats` says that they are floats.

    `floats` has the shape of the value: ``"float"``, a list of one shape for all items, or an object of shapes.
    """
    if isinstance(value, list):
        return [whole(item, (floats or [None])[0]) for item in value]
    if isinstance(value, dict):
        return {key: whole(item, (floats or {}).get(key)) for key, item in value.items()}
    if floats == "float" and isinstance(value, int):
        return float(value)
    return int(value) if floats is None and isinstance(value, float) and value.is_integer() else value
