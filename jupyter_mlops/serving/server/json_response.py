"""Arrays → the JSON body of TF Serving's REST answers: same keys, same numbers, same line breaks.

A float is written with six digits where they are enough to read the same float back, else with as many as are needed, and always with a
point or an exponent, so that a client can tell it from an integer.

Source
------
TF Serving, util/json_tensor.cc, `WriteDecimal`, `MakeRowFormatJsonFromTensors`, `MakeColumnarFormatJsonFromTensors`
"""

from __future__ import annotations

import base64
import json
import math
from typing import TYPE_CHECKING, Any

from jupyter_mlops.serving.server.status import Code, Refused, wrong

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

INDENT = "    "


def write_outputs(outputs: Mapping[str, Any], *, rows: bool) -> str:
    """Write the answer of a predict request, in rows (``predictions``) or in columns (``outputs``).

    Raises
    ------
    Refused
        If rows are asked for and the outputs are no batches of one size, or a type has no JSON.
    """
    if not outputs:
        raise wrong("Cannot convert empty tensor map to JSON")
    return _write_rows(outputs) if rows else _write_columns(outputs)


def write_error(message: str) -> str:
    """Write the body of every answer that is no success."""
    return json.dumps({"error": message}, indent=4, ensure_ascii=False)


def write_results(items: list[str]) -> str:
    """Write the answer of classify or regress; items are JSON."""
    return f'{{\n{INDENT}"results": [{", ".join(items)}\n{INDENT}]\n}}'


def _write_rows(outputs: Mapping[str, Any]) -> str:
    size = None
    for name, array in sorted(outputs.items()):
        if array.ndim == 0:
            raise wrong(f"Tensor name: {name} has no shape information ")
        if size not in {None, array.shape[0]}:
            raise wrong(f"Tensor name: {name} has inconsistent batch size: {array.shape[0]} expecting: {size}")
        size = array.shape[0]
    columns = {name: [_line(value) for value in _texts(name, array)] for name, array in sorted(outputs.items())}
    if len(columns) == 1:
        body = ", ".join(next(iter(columns.values())))
    else:
        names = [f"{INDENT * 3}{json.dumps(name)}: " for name in columns]
        body = ",".join(
            f"\n{INDENT * 2}{{\n" + ",\n".join(map("".join, zip(names, row, strict=True))) + f"\n{INDENT * 2}}}"
            for row in zip(*columns.values(), strict=True)
        )
    end = f"\n{INDENT}]" if size else "]"
    return f'{{\n{INDENT}"predictions": [{body}{end}\n}}'


def _write_columns(outputs: Mapping[str, Any]) -> str:
    level = 1 if len(outputs) == 1 else 2
    texts = {name: _block(_texts(name, array), level) for name, array in sorted(outputs.items())}
    if len(texts) == 1:
        body = next(iter(texts.values()))
    else:
        body = "{\n" + ",\n".join(f"{INDENT * 2}{json.dumps(name)}: {text}" for name, text in texts.items()) + f"\n{INDENT}}}"
    return f'{{\n{INDENT}"outputs": {body}\n}}'


def _texts(name: str, array: Any) -> Any:
    """Turn an array into nested lists of JSON texts."""
    kind = array.dtype.kind
    write: Callable[[Any], str]
    if kind == "f" and array.dtype.itemsize in {4, 8}:
        write = write_float32 if array.dtype.itemsize == 4 else write_float64
    elif kind in "iu":
        write = str
    elif kind == "b":
        write = _write_bool
    elif kind in "OSU":
        write = _write_bytes if name.endswith("_bytes") else _write_text
    else:
        raise wrong(f"Failed to write JSON value for tensor type: {array.dtype}")
    return _each(write, array.tolist())


def _each(write: Any, value: Any) -> Any:
    return [_each(write, item) for item in value] if isinstance(value, list) else write(value)


def _line(value: Any) -> str:
    return f"[{', '.join(map(_line, value))}]" if isinstance(value, list) else value


def _block(value: Any, level: int) -> str:
    if not isinstance(value, list):
        return str(value)
    if not value:
        return "[]"
    inner = INDENT * (level + 1)
    return "[\n" + ",\n".join(inner + _block(item, level + 1) for item in value) + f"\n{INDENT * level}]"


def write_float64(value: float) -> str:
    """Write a double: six digits, or seventeen."""
    return _decimal(value, ".17g", lambda text: float(text) == value)


def write_float32(value: float) -> str:
    """Write a float: six digits, or nine; `value` is the float as a double."""
    import struct

    pack = struct.Struct("f")
    return _decimal(value, ".9g", lambda text: pack.unpack(pack.pack(float(text)))[0] == value)


def _decimal(value: float, full: str, same: Any) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    text = f"{value:.6g}"
    if not same(text):
        text = format(value, full)
    return text if "." in text or "e" in text else text + ".0"


def _write_bool(value: bool) -> str:
    return "true" if value else "false"


def _write_text(value: Any) -> str:
    try:
        return json.dumps(value.decode() if isinstance(value, bytes) else str(value), ensure_ascii=False)
    except UnicodeDecodeError:
        message = "an output holds bytes that are no UTF-8; give it a name that ends with `_bytes`, and it is sent as base64"
        raise Refused(Code.INVALID_ARGUMENT, message) from None


def _write_bytes(value: Any) -> str:
    data = value if isinstance(value, bytes) else str(value).encode()
    return json.dumps({"b64": base64.b64encode(data).decode()})
