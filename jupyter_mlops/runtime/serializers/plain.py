"""Values of Python's own types ↔ JSON, text or bytes, only where that is exact.

What JSON lacks is written as an object with one key that begins with ``!``: tuples, sets, bytes, complex numbers, dicts with other keys
than strings, NumPy scalars.
A list or dict that occurs twice in a value is refused: JSON would make two of it.
"""

from __future__ import annotations

import json
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ATOMS = {type(None), bool, int, float, str}


def save(value: Any, path: str) -> str:
    """Write a value, or fail if JSON cannot keep it."""
    encoding: str = {bytes: "bytes", str: "text"}.get(type(value), "json")  # type: ignore[call-overload]
    data: Any = json.dumps(encode(value, set())) if encoding == "json" else value
    with open(f"{path}.{encoding}", "wb") as file:
        file.write(data if encoding == "bytes" else data.encode("utf-8", "surrogatepass"))
    return encoding


def load(encoding: str, path: str) -> Any:
    """Read a value."""
    with open(f"{path}.{encoding}", "rb") as file:
        data = file.read()
    if encoding == "json":
        return json.loads(data, object_hook=decode)
    return data if encoding == "bytes" else data.decode("utf-8", "surrogatepass")


def encode(value: Any, seen: set[int]) -> Any:
    """Give the JSON form of a value, or raise TypeError where JSON cannot keep it exactly."""
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind in (list, dict, set):
        if id(value) in seen:
            raise TypeError
        seen.add(id(value))
    if kind is bytes:
        return {"!bytes": value.decode("latin-1")}
    numpy = sys.modules.get("numpy")
    if numpy and isinstance(value, numpy.generic) and value.dtype.kind in "biufcmM":
        return {"!numpy": [value.dtype.str, value.tobytes().decode("latin-1")]}
    if kind is dict:
        if all(type(key) is str and key[:1] != "!" for key in value):
            return {key: encode(item, seen) for key, item in value.items()}
        value = value.items()
    elif kind is complex:
        value = [value.real, value.imag]
    elif kind not in (list, tuple, set, frozenset):
        raise TypeError
    if kind is list and set(map(type, value)) <= _ATOMS:
        return value
    items = [encode(item, seen) for item in (sorted(value, key=repr) if kind in (set, frozenset) else value)]
    return items if kind is list else {"!" + kind.__name__: items}


def decode(found: dict[str, Any]) -> Any:
    """Undo `encode` for one JSON object whose parts are decoded."""
    tag = next(iter(found), "")
    if tag[:1] != "!":
        return found
    data = found[tag]
    if tag == "!numpy":
        import numpy

        return numpy.frombuffer(data[1].encode("latin-1"), data[0])[0]
    if tag == "!bytes":
        return data.encode("latin-1")
    if tag == "!complex":
        return complex(*data)
    return {"!tuple": tuple, "!set": set, "!frozenset": frozenset, "!dict": dict}[tag](data)
