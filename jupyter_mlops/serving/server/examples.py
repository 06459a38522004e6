"""The JSON body of classify and regress → serialized ``tf.Example``s, by TF Serving's rules and with its messages.

Source
------
TF Serving, util/json_tensor.cc, `FillClassifyRegressRequestFromJson`
"""

from __future__ import annotations

from typing import Any

from jupyter_mlops.serving.server.json_request import decode_base64, kind, show
from jupyter_mlops.serving.server.status import wrong


def read_examples(document: dict[str, Any]) -> list[bytes]:
    """Read ``examples`` and the optional ``context`` that goes before each."""
    context = make_example(document["context"]) if "context" in document else b""
    if "examples" not in document:
        raise wrong(f"JSON Value: {show(document)} When method is classify, key 'examples' is expected and was not found")
    examples = document["examples"]
    if not isinstance(examples, list):
        raise wrong(f"JSON Value: {show(document)} Expecting 'examples' value to be an list/array")
    if not examples:
        raise wrong(f"JSON Value: {show(document)} 'examples' value is an empty array")
    return [context + make_example(example) for example in examples]


def make_example(value: Any) -> bytes:
    """Serialize one JSON object as a ``tf.Example``; numbers with a point are floats, other numbers and truth values int64, text bytes."""
    from tensorflow.core.example import example_pb2

    if not isinstance(value, dict):
        raise wrong(f"Example must be JSON object but got JSON {kind(value)}")
    example = example_pb2.Example()
    for name, content in value.items():
        feature = example.features.feature[name]
        for item in content if isinstance(content, list) else [content]:
            _add(feature, name, item)
    data: bytes = example.SerializeToString(deterministic=True)
    return data


def _add(feature: Any, name: str, item: Any) -> None:
    which: str
    value: Any
    if isinstance(item, str):
        which, value = "bytes_list", item.encode()
    elif isinstance(item, dict) and len(item) == 1 and isinstance(item.get("b64"), str):
        which, value = "bytes_list", decode_base64(item)
    elif isinstance(item, bool):
        which, value = "int64_list", int(item)
    elif isinstance(item, float):
        which, value = "float_list", item
    elif isinstance(item, int):
        if not -(2**63) <= item < 2**63:
            raise wrong(f"Feature: {name} has uint64_t element. Only int64_t is supported.")
        which, value = "int64_list", item
    else:
        raise wrong(f"Feature: {name} has element with unexpected JSON type: {kind(item)}")
    there = feature.WhichOneof("kind")
    if there not in {None, which}:
        raise wrong(f"Unexpected element type in feature: {name} expecting type: {there.removesuffix('_list')}")
    getattr(feature, which).value.append(value)
