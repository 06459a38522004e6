"""The JSON body of a REST request → arrays, by TF Serving's rules and with its messages.

Row format: ``{"instances": [...]}``, one element a row, a plain value or an object of named inputs. Column format: ``{"inputs": ...}``.
Bytes are ``{"b64": "..."}``. Refused as TF Serving refuses it: both keys, an empty list, ragged lists, a number where text is expected.

Source
------
TF Serving, util/json_tensor.cc; "RESTful API", Request format
"""

from __future__ import annotations

import base64
import binascii
import json
from itertools import chain
from typing import TYPE_CHECKING, Any

from jupyter_mlops.serving.server.signature import DEFAULT, NUMPY, Tensor
from jupyter_mlops.serving.server.status import Code, Refused, wrong

if TYPE_CHECKING:
    from collections.abc import Mapping

_KINDS = {type(None): "Null", dict: "Object", list: "Array", str: "String", int: "Number", float: "Number"}
_DEBUG_CHARACTERS = 256


def read_body(body: bytes) -> dict[str, Any]:
    """Parse the body; NaN and Infinity may be written as such."""
    if not body:
        raise wrong("JSON Parse error: The document is empty")
    try:
        document = json.loads(body)
    except UnicodeDecodeError as error:
        raise wrong(f"JSON Parse error: Invalid encoding in string. at offset: {error.start}") from None
    except json.JSONDecodeError as error:
        raise wrong(f"JSON Parse error: {error.msg} at offset: {error.pos}") from None
    except RecursionError:
        raise wrong("JSON Parse error: nested too deep") from None
    if not isinstance(document, dict):
        raise wrong(f"JSON Value: {show(document)} Is not object")
    return document


def signature_name(document: dict[str, Any]) -> str:
    """Read the optional `signature_name`."""
    name = document.get("signature_name", DEFAULT)
    if not isinstance(name, str):
        raise wrong(f"JSON Value: {show(document)} not formatted correctly. 'signature_name' key must be a string value.")
    return name or DEFAULT


def read_inputs(document: dict[str, Any], expected: Mapping[str, Tensor]) -> tuple[dict[str, Any], bool]:
    """Read the inputs of a predict request.

    Returns
    -------
    (dict of arrays, bool)
        One array for each input; whether the answer goes in rows.

    Raises
    ------
    Refused
        With TF Serving's message, when the document does not fit.
    """
    if "instances" in document and "inputs" in document:
        raise wrong(f"JSON Value: {show(document)} Not formatted correctly expecting only one of 'inputs' or 'instances' keys to exist ")
    if "instances" in document:
        instances = document["instances"]
        if not isinstance(instances, list):
            raise wrong(f"JSON Value: {show(document)} Expecting 'instances' to be an list/array")
        if not instances:
            raise wrong(f"JSON Value: {show(document)} No values in 'instances' array")
        return _rows(instances, expected), True
    if "inputs" in document:
        return _columns(document["inputs"], expected), False
    raise wrong("Missing 'inputs' or 'instances' key")


def _rows(instances: list[Any], expected: Mapping[str, Tensor]) -> dict[str, Any]:
    if not isinstance(instances[0], dict) and len(expected) > 1:
        raise wrong("instances is a plain list, but expecting list of objects as multiple input tensors required as per tensorinfo_map")
    if not _is_object(instances[0]):
        for number, item in enumerate(instances):
            if _is_object(item):
                raise wrong(f"Expecting value/list but got object at item {number} of input list")
        name = next(iter(expected))
        return {name: _stack(instances, "", expected[name])}
    for number, item in enumerate(instances):
        if not _is_object(item):
            raise wrong(f"Expecting object but got list at item {number} of input list")
        if item.keys() != expected.keys():
            _name_strangers(number, item, expected)
    return {name: _stack([item[name] for item in instances], name, tensor) for name, tensor in expected.items()}


def _name_strangers(number: int, item: dict[str, Any], expected: Mapping[str, Tensor]) -> None:
    for name in item:
        if name not in expected:
            raise _element(number, name, f"INVALID_ARGUMENT: JSON object: does not have named input: {name}")
    raise wrong(
        f"Failed to process element: {number} of 'instances' list. JSON object: {show(item)} keys must be equal to: {','.join(sorted(expected))}"
    )


def _stack(items: list[Any], key: str, tensor: Tensor) -> Any:
    """Make one array of the same input of all rows: shape (rows, ...)."""
    array = _fast(items, tensor.dtype)
    if array is not None:
        return array
    shape: tuple[int, ...] | None = None
    for number, item in enumerate(items):
        try:
            array = to_array(item, tensor)
        except Refused as error:
            raise _element(number, key, f"{error.code.name}: {error.message}") from None
        if shape is None:
            shape = array.shape
        elif array.size != _size(shape):
            raise _element(number, key, f"INVALID_ARGUMENT: Expecting tensor size: {_size(shape)} but got: {array.size}")
        elif array.shape != shape:
            raise _element(number, key, f"INVALID_ARGUMENT: Expecting shape {_shape(shape)} but got: {_shape(array.shape)}")
    raise Refused(Code.INTERNAL, "rows that fit one by one do not fit together")


def _element(number: int, key: str, message: str) -> Refused:
    named = f" key: {key}" if key else ""
    return wrong(f"Failed to process element: {number}{named} of 'instances' list. Error: {message}")


def _columns(value: Any, expected: Mapping[str, Tensor]) -> dict[str, Any]:
    if not _is_object(value):
        if len(expected) > 1:
            raise wrong("inputs is a plain value/list, but expecting an object as multiple input tensors required as per tensorinfo_map")
        name = next(iter(expected))
        return {name: to_array(value, expected[name])}
    for name in expected:
        if name not in value:
            raise wrong(f"Missing named input: {name} in 'inputs' object.")
    return {name: to_array(value[name], tensor) for name, tensor in expected.items()}


def to_array(value: Any, tensor: Tensor) -> Any:
    """Make an array of a nested list; ragged lists and wrong types are refused."""
    array = _fast(value, tensor.dtype)
    if array is None:
        _explain(value, 0, _nested_shape(value), tensor)
        raise Refused(Code.INTERNAL, "a value that fits cannot be read")
    return array


def _fast(value: Any, dtype: str) -> Any:
    """Read a value level by level, in C; None when something does not fit, and `_explain` says what."""
    import numpy

    flat, shape = [value], _nested_shape(value)
    for size in shape:
        if set(map(type, flat)) != {list} or set(map(len, flat)) != {size}:
            return None
        flat = list(chain.from_iterable(flat))
    if dtype not in _LEAVES:
        return None
    kinds = set(map(type, flat))
    if not kinds <= _LEAVES[dtype]:
        return None
    if dtype == "DT_STRING":
        array: Any = numpy.empty(len(flat), object)
        array[:] = [_bytes(leaf) for leaf in flat]
        return array.reshape(shape)
    try:
        with numpy.errstate(over="ignore"):
            return numpy.array(flat, NUMPY[dtype]).reshape(shape)
    except OverflowError:  # an integer beyond the type's range
        return None


_LEAVES: dict[str, set[type]] = {
    "DT_FLOAT": {int, float},
    "DT_DOUBLE": {int, float},
    "DT_BOOL": {bool},
    "DT_STRING": {str, dict},
    **{key: {int} for key in ("DT_INT8", "DT_INT16", "DT_INT32", "DT_INT64", "DT_UINT8", "DT_UINT32", "DT_UINT64")},
}


def _explain(value: Any, level: int, shape: tuple[int, ...], tensor: Tensor) -> None:
    """Find the first thing that does not fit, as TF Serving finds it, and raise its message."""
    if isinstance(value, list):
        if level >= len(shape):
            raise wrong(f"Encountered list at unexpected level: {level} expected < {len(shape)}")
        if len(value) != shape[level]:
            raise wrong(f"Encountered list at unexpected size: {len(value)} at level: {level} expected size: {shape[level]}")
        for item in value:
            _explain(item, level + 1, shape, tensor)
        return
    if level != len(shape):
        raise wrong(f"JSON Value: {show(value)} found at incorrect level: {level + 1} in the JSON DOM. Expected at level: {len(shape)}")
    if tensor.dtype not in _LEAVES:
        raise Refused(Code.UNIMPLEMENTED, f"Conversion of JSON Value: {show(value)} to type: {tensor.words}")
    if type(value) not in _LEAVES[tensor.dtype] or _fast(value, tensor.dtype) is None:
        raise wrong(f"JSON Value: {show(value)} Type: {kind(value)} is not of expected type: {tensor.words}")


def _nested_shape(value: Any) -> tuple[int, ...]:
    shape = []
    while isinstance(value, list):
        shape.append(len(value))
        if not value:
            break
        value = value[0]
    return tuple(shape)


def _bytes(leaf: Any) -> bytes:
    if isinstance(leaf, str):
        return leaf.encode()
    return decode_base64(leaf)


def decode_base64(value: dict[str, Any]) -> bytes:
    """Decode ``{"b64": "..."}``; padding may be left out."""
    text = value.get("b64")
    if len(value) != 1 or not isinstance(text, str):
        raise wrong(f"JSON Value: {show(value)} not formatted correctly for base64 data")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise wrong("Unable to base64 decode") from None


def kind(value: Any) -> str:
    """Name a JSON type as TF Serving's messages do."""
    return str(value) if isinstance(value, bool) else _KINDS[type(value)]


def show(value: Any) -> str:
    """Write a JSON value for a message, cut after 256 characters."""
    return json.dumps(value)[:_DEBUG_CHARACTERS]


def _is_object(value: Any) -> bool:
    return isinstance(value, dict) and not (len(value) == 1 and isinstance(value.get("b64"), str))


def _size(shape: tuple[int, ...]) -> int:
    size = 1
    for each in shape:
        size *= each
    return size


def _shape(shape: tuple[int, ...]) -> str:
    return f"[{','.join(map(str, shape))}]"
