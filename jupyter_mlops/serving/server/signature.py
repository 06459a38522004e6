"""What a model takes and gives: named tensors with a type and a shape, as TF Serving's `SignatureDef` says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT = "serving_default"

NUMPY = {
    "DT_FLOAT": "float32",
    "DT_DOUBLE": "float64",
    "DT_INT32": "int32",
    "DT_INT16": "int16",
    "DT_INT8": "int8",
    "DT_UINT8": "uint8",
    "DT_INT64": "int64",
    "DT_BOOL": "bool",
    "DT_UINT32": "uint32",
    "DT_UINT64": "uint64",
    "DT_STRING": "object",
    "DT_HALF": "float16",
}
"""TensorFlow's name of a type → numpy's; strings are object arrays of bytes."""

TENSORFLOW = {name: key for key, name in NUMPY.items()}
WORDS = {"DT_FLOAT": "float", "DT_DOUBLE": "double", "DT_STRING": "string", "DT_BOOL": "bool", "DT_HALF": "half"}
"""TensorFlow's names of types in messages, where they are not numpy's."""


class Tensor(NamedTuple):
    """One input or output. -1 in `shape` is any size; a `shape` of None is any rank. `graph_name` is its name inside a SavedModel."""

    dtype: str
    shape: tuple[int, ...] | None
    graph_name: str = ""

    @property
    def words(self) -> str:
        """The type as TensorFlow's messages call it."""
        return WORDS.get(self.dtype, NUMPY.get(self.dtype, self.dtype))

    def fits(self, shape: tuple[int, ...]) -> bool:
        """Say whether an array of this shape may be fed."""
        return self.shape is None or (
            len(shape) == len(self.shape) and all(want in {-1, got} for got, want in zip(shape, self.shape, strict=True))
        )


class Signature(NamedTuple):
    """One way to call a model; names are sorted."""

    inputs: Mapping[str, Tensor]
    outputs: Mapping[str, Tensor]
    method: str = "tensorflow/serving/predict"


class Servable(Protocol):
    """One loaded version of a model."""

    @property
    def signatures(self) -> Mapping[str, Signature]:
        """The ways to call it, by name."""
        ...

    def run(self, signature: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one batch: arrays in, arrays out; `Refused` with `model_failed` when the model fails."""
        ...


def as_json(signature: Signature) -> dict[str, Any]:
    """Write a signature as protobuf writes a `SignatureDef` in JSON (int64 as text, every field there)."""
    return {
        "inputs": {name: _tensor(tensor) for name, tensor in sorted(signature.inputs.items())},
        "outputs": {name: _tensor(tensor) for name, tensor in sorted(signature.outputs.items())},
        "method_name": signature.method,
        "defaults": {},
    }


def _tensor(tensor: Tensor) -> dict[str, Any]:
    dims = [{"size": str(size), "name": ""} for size in tensor.shape or ()]
    return {"dtype": tensor.dtype, "tensor_shape": {"dim": dims, "unknown_rank": tensor.shape is None}, "name": tensor.graph_name}
