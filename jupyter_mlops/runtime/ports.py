"""Inputs and outputs that travel as KFP parameters ↔ Python values."""

from __future__ import annotations

import json
import re

from .spec import Failure, unescape
from .values import coerce, map_strings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .spec import Exchange, Port, Step


def receive(port: Port, exchange: Exchange) -> list[dict[str, Any]]:
    """Give the values of an input that is a parameter, one for each iteration of a fan-out."""
    given = exchange.take("parameter", exchange.parameters, port["port"])
    pieces = [coerce(piece, port["parameter"]) for piece in (given if "collect" in port else [given])]
    return [{port["names"][0]: decode(piece) if "items" in port else piece} for piece in pieces]


def decode(items: list[Any]) -> list[Any]:
    """Read the items of a list that some step fans out over: each is JSON text, so that ``1`` and ``"1"`` differ."""
    return [json.loads(unescape(item)) if isinstance(item, str) else item for item in items]


def escape(text: str) -> str:
    """Keep template engines off a value on its way to the next step, as `nb2pipe.emit.braces.escape` does."""
    return re.sub(r"\{(?=~*\{)|\$(?=~*[$(])", r"\g<0>~", text)


def send(port: Port, names: dict[str, Any], step: Step, exchange: Exchange) -> None:
    """Send the JSON value of a name that leaves as a parameter, or fail with NB401."""
    name, kind = port["names"][0], port["parameter"]
    if name not in names:
        raise Failure("NB803", f"NameError: `{name}` leaves the step but is not bound at its end")
    value = names[name]
    try:
        if hasattr(value, "tolist"):  # NumPy scalars and arrays
            value = value.tolist()
        value = {"int": int, "float": float, "str": str, "bool": bool, "list": list, "dict": dict}[kind](value)
        json.dumps(value, allow_nan=False)
        if "items" in port:
            value = [json.dumps(item) for item in value]
        if isinstance(value, int) and abs(value) > 2**53:
            raise ValueError(f"{value} is not a double, and KFP has no other numbers")  # noqa: TRY301
    except (TypeError, ValueError) as error:
        raise Failure("NB401", f"`{name}` cannot leave the step as a parameter of type {kind}: {error}") from None
    exchange.result["parameterValues"][port["port"]] = map_strings(escape, value)
